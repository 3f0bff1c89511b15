#pragma once
// Where a node says what happened inside it. What was recorded before flush() has been written when
// flush() returns.

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
  }
  /// In the term of the record before.
  void record(const trace::Event& event) { write(term_, event); }
  virtual void flush() = 0;

 private:
  virtual void write(Term term, const trace::Event& event) = 0;

  Term term_;
};

}  // namespace sunder
