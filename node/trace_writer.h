#pragma once
// Writes the trace as lines to a file descriptor, usually a pipe to sunder. One write(2) a flush.

#include <chrono>
#include <string>

#include "node/trace_sink.h"

namespace sunder {

class TraceWriter : public TraceSink {
 public:
  /// Descriptor -1: nothing is written. Times count from `epoch` on the monotonic clock.
  TraceWriter(int descriptor, NodeId node, std::chrono::nanoseconds epoch);

  /// Throws std::runtime_error if the reader has closed the pipe.
  void flush() override;

 private:
  void write(Term term, const trace::Event& event) override;

  int descriptor_;
  NodeId node_;
  std::chrono::nanoseconds epoch_;
  std::string lines_;
};

}  // namespace sunder
