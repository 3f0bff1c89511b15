#pragma once
// The trace as lines on a file descriptor (a pipe to whoever watches), one write(2) a flush.

#include <chrono>
#include <string>

#include "node/trace_sink.h"

namespace sunder {

class TraceWriter : public TraceSink {
 public:
  /// Without a descriptor (-1) nothing is written. Times count from `epoch` on the monotonic clock.
  TraceWriter(int descriptor, NodeId node, std::chrono::nanoseconds epoch);

  /// Throws std::runtime_error if the reader is gone.
  void flush() override;

 private:
  void write(Term term, const trace::Event& event) override;

  int descriptor_;
  NodeId node_;
  std::chrono::nanoseconds epoch_;
  std::string lines_;
};

}  // namespace sunder
