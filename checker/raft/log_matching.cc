#include <fmt/format.h>

#include "checker/raft/properties.h"

namespace sunder::checker::raft {

void LogMatching::observe(const trace::Record& record, const Replica& replica) {
  const Sighting here{record.time, record.node, record.term};
  if (const auto* started = std::get_if<trace::Started>(&record.event)) {
    see(here, started->edge.next(), started->edge_term, started->entries);
  } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
    const auto previous = replica.log().term(appended->first.previous());
    see(here, appended->first, previous ? *previous : appended->previous_term, appended->entries);
  }
}

void LogMatching::see(const Sighting& sighting, Index first, std::optional<Term> previous_term,
                      const std::vector<trace::EntryDigest>& entries) {
  Index index = first;
  for (const auto& entry : entries) {
    const auto [at, is_new] =
        entries_.try_emplace(Key{index, entry.term}, Entry{entry.digest, previous_term, sighting});
    const auto& before = at->second;
    if (!is_new && before.digest != entry.digest) {
      violate(fmt::format("{} and {} hold different entries at index {} of term {}",
                          name_of(before.sighting.node), name_of(sighting.node), index.value,
                          entry.term.value),
              evidence(before.sighting, index, fmt::format("holds digest {:016x}", before.digest)),
              evidence(sighting, index, fmt::format("holds digest {:016x}", entry.digest)));
    } else if (!is_new && before.previous_term != previous_term) {
      const auto words = [](const std::optional<Term>& term) {
        return fmt::format("the entry before is of term {}", term ? term->value : 0);
      };
      violate(fmt::format("{} and {} hold the same entry at index {} of term {}, but not the same "
                          "entry before it",
                          name_of(before.sighting.node), name_of(sighting.node), index.value,
                          entry.term.value),
              evidence(before.sighting, index, words(before.previous_term)),
              evidence(sighting, index, words(previous_term)));
    }
    previous_term = entry.term;
    index = index.next();
  }
}

std::string LogMatching::looked_at() const {
  return fmt::format("{} entries are the same wherever they stand", entries_.size());
}

}  // namespace sunder::checker::raft
