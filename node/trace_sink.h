#pragma once
// Where a node writes its trace. All records are written when flush() returns. Events that a part
// records while the node is constructed are held back, because a trace begins with `started`.

#include <utility>
#include <vector>

#include "node/api/trace.h"

namespace sunder {

class TraceSink {
 public:
  TraceSink() = default;
  virtual ~TraceSink() = default;
  TraceSink(const TraceSink&) = delete;
  TraceSink& operator=(const TraceSink&) = delete;

  void record(Term term, const trace::Event& event) {
    term_ = term;
    write(term, event);
    has_begun_ = true;
    for (const auto& each : std::exchange(early_, {})) write(term, each);
  }
  /// With the term of the previous record.
  void record(const trace::Event& event) {
    if (has_begun_) {
      write(term_, event);
    } else {
      early_.push_back(event);
    }
  }
  virtual void flush() = 0;

 private:
  virtual void write(Term term, const trace::Event& event) = 0;

  Term term_;
  bool has_begun_ = false;
  std::vector<trace::Event> early_;
};

}  // namespace sunder
