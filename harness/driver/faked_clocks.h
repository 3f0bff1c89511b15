#pragma once
// Clocks of unmodified programs, by Debian's libfaketime: it is loaded before the C library and
// reads from a file, at each look at the clock, how far the time of day is ahead. The monotonic
// clock is left alone: no machine sets that back. Rates cannot be changed while a program runs.
// It has no effect on programs that ask the kernel themselves, as Go's do.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "harness/driver/driver.h"

namespace sunder::harness {

class FakedClocks {
 public:
  /// Where the files are kept, one a node: beside the nodes' folders, not in them.
  explicit FakedClocks(const std::filesystem::path& folder);
  ~FakedClocks();
  FakedClocks(const FakedClocks&) = delete;
  FakedClocks& operator=(const FakedClocks&) = delete;

  /// Null if libfaketime is not installed. Returns the time that another program reads that is
  /// started in the same way; must not outlive this.
  std::unique_ptr<ClockSetter> make_setter(NodeId node) const;

  /// Makes a node begin with that clock. Nothing if libfaketime is not installed.
  void set(Launch& launch, NodeId node, const nemesis::ClockSetting& setting) const;

 private:
  std::filesystem::path file_of(NodeId node) const;

  std::filesystem::path folder_;
  /// Empty if it is not installed.
  std::filesystem::path library_;
};

}  // namespace sunder::harness
