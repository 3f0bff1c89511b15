#pragma once
// Turns what leaders send and followers acknowledge, as the proxy sees it, into `sent` and
// `acknowledged` records (node/api/trace.h). The checker compares them with the nodes' traces. A
// repetition gives no second record.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "harness/run/run_clock.h"
#include "nemesis/network/sent_frame.h"
#include "node/api/trace.h"

namespace sunder::harness {

class WireWitness {
 public:
  using OnRecord = std::function<void(const trace::Record& record)>;

  WireWitness(const RunClock& clock, OnRecord on_record)
      : clock_(clock), on_record_(std::move(on_record)) {}

  void observe(const nemesis::SentFrame& frame);

 private:
  void observe_entries(const nemesis::SentFrame& frame);
  void observe_acknowledgement(const nemesis::SentFrame& frame);
  void record(const nemesis::SentFrame& frame, trace::Event event);
  bool is_new(std::uint64_t index, const trace::EntryDigest& entry);

  const RunClock& clock_;
  OnRecord on_record_;
  std::set<std::pair<Term, NodeId>> leaders_;
  // How far each node has acknowledged in the term in which it did so last.
  std::map<NodeId, std::pair<Term, Index>> acknowledged_;
  // By index and term mixed: the digests seen last.
  std::unordered_map<std::uint64_t, trace::Digest> entries_;
};

}  // namespace sunder::harness
