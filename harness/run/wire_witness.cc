#include "harness/run/wire_witness.h"

namespace sunder::harness {

void WireWitness::observe(const nemesis::SentFrame& frame) {
  if (nemesis::only_a_leader_sends(frame.type)) observe_entries(frame);
  if (frame.acknowledged) observe_acknowledgement(frame);
}

void WireWitness::observe_acknowledgement(const nemesis::SentFrame& frame) {
  auto& furthest = acknowledged_[frame.link.from];
  const std::pair here(frame.term, *frame.acknowledged);
  if (here <= furthest) return;
  furthest = here;
  record(frame, trace::Acknowledged{*frame.acknowledged});
}

// Only what is between the first and the last new entry; the one before it has its term.
void WireWitness::observe_entries(const nemesis::SentFrame& frame) {
  trace::Sent sent{frame.first, frame.previous_term, {}};
  std::size_t known = 0;
  for (const auto& entry : frame.entries) {
    const trace::EntryDigest digest{entry.term, trace::digest_of(entry.type, entry.data)};
    const auto index = sent.first.value + sent.entries.size();
    if (is_new(index, digest)) {
      sent.entries.push_back(digest);
      known = 0;
    } else if (sent.entries.empty()) {
      sent.first = sent.first.next();
      sent.previous_term = digest.term;
    } else {
      sent.entries.push_back(digest);
      ++known;
    }
  }
  sent.entries.resize(sent.entries.size() - known);
  const bool is_new_leader = leaders_.emplace(frame.term, frame.link.from).second;
  if (sent.entries.empty() && !is_new_leader) return;
  record(frame, std::move(sent));
}

void WireWitness::record(const nemesis::SentFrame& frame, trace::Event event) {
  on_record_({clock_.now(), frame.link.from, frame.term, std::move(event)});
}

bool WireWitness::is_new(std::uint64_t index, const trace::EntryDigest& entry) {
  const auto key = index * 0x9e3779b97f4a7c15U ^ entry.term.value * 0xbf58476d1ce4e5b9U;
  const auto [at, is_first] = entries_.try_emplace(key, entry.digest);
  if (is_first) return true;
  return std::exchange(at->second, entry.digest) != entry.digest;
}

}  // namespace sunder::harness
