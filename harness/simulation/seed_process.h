#pragma once
// One seed's simulated run in a process of its own, judged in memory. A broken node may abort or
// crash: then the process ends, and the result says how.

#include <cstdint>
#include <string>

#include <sys/types.h>

#include "harness/seeds/seed_result.h"
#include "harness/seeds/trial.h"

namespace sunder::harness::simulation {

class SeedProcess {
 public:
  /// Forks. The calling process must have one thread.
  SeedProcess(const seeds::TrialSpec& spec, std::uint64_t seed);
  ~SeedProcess();
  SeedProcess(const SeedProcess&) = delete;
  SeedProcess& operator=(const SeedProcess&) = delete;

  /// Readable when read() would not wait.
  int descriptor() const { return descriptor_; }
  /// Reads once what the process wrote. False at its end.
  bool read();
  /// Waits for its end.
  seeds::SeedResult result();

 private:
  std::uint64_t seed_;
  pid_t child_ = -1;
  int descriptor_ = -1;
  std::string written_;
};

}  // namespace sunder::harness::simulation
