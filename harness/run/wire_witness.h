#pragma once
// Files what leaders send and followers acknowledge, as the proxy sees it: `sent` and
// `acknowledged` records (node/api/trace.h). The checker compares them with the nodes' traces. A
// repetition is not filed again.

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "harness/run/append_file.h"
#include "harness/run/run_clock.h"
#include "nemesis/network/sent_frame.h"
#include "node/api/trace.h"

namespace sunder::harness {

class WireWitness {
 public:
  /// Creates the file. Throws std::runtime_error naming it.
  WireWitness(const std::filesystem::path& path, const RunClock& clock)
      : file_(path), clock_(clock) {}

  void observe(const nemesis::SentFrame& frame);

 private:
  void observe_entries(const nemesis::SentFrame& frame);
  void observe_acknowledgement(const nemesis::SentFrame& frame);
  void file(const nemesis::SentFrame& frame, trace::Event event);
  bool is_new(std::uint64_t index, const trace::EntryDigest& entry);

  AppendFile file_;
  const RunClock& clock_;
  std::set<std::pair<Term, nemesis::NodeNumber>> leaders_;
  // How far each node has acknowledged in the term in which it did so last.
  std::map<nemesis::NodeNumber, std::pair<Term, Index>> acknowledged_;
  // By index and term mixed: the digests seen last.
  std::unordered_map<std::uint64_t, trace::Digest> entries_;
};

}  // namespace sunder::harness
