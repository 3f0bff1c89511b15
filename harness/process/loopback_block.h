#pragma once
// A block of 256 loopback addresses, 127.x.y.0 to 127.x.y.255, that this run has for itself: every
// node and every link of the proxy gets an address of its own, ports are the same in every run, and
// two runs on one machine never meet. The claim is a listening socket, so it ends with the process.

#include <cstdint>
#include <string>

namespace sunder::harness {

class LoopbackBlock {
 public:
  /// Claims a free block. Throws std::runtime_error if there is none.
  LoopbackBlock();
  ~LoopbackBlock();
  LoopbackBlock(const LoopbackBlock&) = delete;
  LoopbackBlock& operator=(const LoopbackBlock&) = delete;

  /// "127.x.y.<host>"; host from 1 to 253.
  std::string address(int host) const;

 private:
  bool claim(int second, int third);

  int socket_ = -1;
  int second_ = 0;
  int third_ = 0;
};

}  // namespace sunder::harness
