#pragma once
// The ways from one process to another that the benchmark compares. Members are 0 (the clients) and
// 1 to 5 (nodes).

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <netinet/in.h>

#include "nemesis/network/frames_test.h"

namespace sunder::nemesis {

/// A blocking TCP socket without Nagle's delay. Every failure throws.
class BenchSocket {
 public:
  explicit BenchSocket(int descriptor);
  BenchSocket(BenchSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ~BenchSocket();

  void listen(const sockaddr_in& at) const;
  void connect(const sockaddr_in& to) const;
  BenchSocket accept() const;
  std::uint16_t port() const;
  void send(std::string_view bytes) const;
  /// What is there; 0 at the end.
  std::size_t receive(std::string& buffer) const;
  /// As much as the buffer holds.
  void receive_all(std::string& buffer) const;

 private:
  int descriptor_;
};

class BenchWay {
 public:
  virtual ~BenchWay() = default;
  virtual BenchSocket listen(int member) = 0;
  /// From one member to the port where another listens.
  virtual BenchSocket dial(int from, int to, std::uint16_t port) = 0;
  /// Whether bytes pass in both directions of a connection.
  virtual bool carries_answers() const { return true; }
  /// That processes other than this one used for the network.
  virtual double cpu_seconds_elsewhere() const { return 0; }
};

/// In the process that measures it.
using MakeBenchWay = std::function<std::unique_ptr<BenchWay>()>;

/// All that this machine has, loopback first.
std::vector<std::pair<std::string_view, MakeBenchWay>> bench_ways();

}  // namespace sunder::nemesis
