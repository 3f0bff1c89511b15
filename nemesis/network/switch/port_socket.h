#pragma once
// The socket of one port: frames in and out, many with one system call. A socket whose device has
// ended reports that once; then nothing arrives and all that is sent is lost.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <sys/socket.h>
#include <sys/uio.h>

#include "nemesis/network/switch/packet.h"

namespace sunder::nemesis {

/// Buffers for the frames of one call of PortSocket::receive. All ports of a switch share them:
/// what one call received is sent on before the next.
class ReceiveBuffers {
 public:
  ReceiveBuffers();

 private:
  friend class PortSocket;
  static constexpr std::size_t frames_at_once = 32;

  std::vector<std::uint8_t> bytes_;
  std::array<iovec, frames_at_once> parts_;
  std::array<mmsghdr, frames_at_once> messages_;
  std::vector<FrameView> frames_;
};

class PortSocket {
 public:
  /// Takes the AF_PACKET socket over and sets its options. Throws std::system_error if it is none.
  explicit PortSocket(int socket);
  ~PortSocket();
  PortSocket(const PortSocket&) = delete;
  PortSocket& operator=(const PortSocket&) = delete;

  int descriptor() const { return socket_; }
  bool has_gone() const { return has_gone_; }

  /// What a call received.
  struct Received {
    /// Parts of the buffers.
    std::span<const FrameView> frames;
    /// As errno has it; 0 for none.
    int error = 0;
  };
  /// Without waiting. May run while another thread sends; note_error() is for the caller.
  Received receive(ReceiveBuffers& buffers) const;
  /// An error that ends the port, or concerns one frame.
  void note_error(int error);

  /// How many frames were lost since the last call, because they came faster than they were
  /// received.
  std::uint64_t take_overrun();

  /// The bytes must stay until flush().
  void enqueue(FrameView frame) { waiting_.push_back(frame); }
  void enqueue(std::shared_ptr<const Frame> frame);
  bool has_waiting() const { return !waiting_.empty(); }
  /// Sends what was enqueued. Returns how many frames could not be sent.
  std::size_t flush();
  /// Nothing can be sent or received any more.
  void close();

 private:
  int socket_;
  bool has_gone_ = false;
  std::vector<FrameView> waiting_;
  std::vector<std::shared_ptr<const Frame>> owned_;
};

}  // namespace sunder::nemesis
