#include "node/raft/log.h"

#include <algorithm>
#include <utility>

#include "node/check.h"

namespace sunder::raft {

Log::Log(LogPosition edge, const std::vector<EntryPtr>& entries)
    : edge_(edge), durable_(edge.index) {
  for (const auto& entry : entries) append(entry);
  durable_ = last().index;
}

std::size_t Log::offset_of(Index index) const {
  CHECK(index > edge_.index && index <= last().index, "index {} of {}..{}", index.value,
        edge_.index.value, last().index.value);
  return index.value - edge_.index.value - 1;
}

std::optional<Term> Log::term_at(Index index) const {
  if (index == edge_.index) return edge_.term;
  if (index < edge_.index || index > last().index) return std::nullopt;
  return at(index).position.term;
}

const Entry& Log::at(Index index) const {
  return *entries_[offset_of(index)];
}

LogPosition Log::last_not_later(Index index, Term term) const {
  auto candidate = std::clamp(index, edge_.index, last().index);
  while (candidate > edge_.index && at(candidate).position.term > term) {
    candidate = candidate.previous();
  }
  return {*term_at(candidate), candidate};
}

std::vector<EntryPtr> Log::from(Index first, std::size_t max_bytes) const {
  std::vector<EntryPtr> result;
  std::size_t bytes = 0;
  for (auto i = offset_of(first); i < entries_.size(); ++i) {
    bytes += entries_[i]->data.size() + sizeof(Entry);
    if (!result.empty() && bytes > max_bytes) break;
    result.push_back(entries_[i]);
  }
  return result;
}

std::vector<EntryPtr> Log::between(Index first, Index last_index) const {
  if (first > last_index) return {};
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(offset_of(first));
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(offset_of(last_index)) + 1;
  return {begin, end};
}

void Log::append(EntryPtr entry) {
  CHECK(entry->position.index == last().index.next() && entry->position.term >= last().term,
        "entry {} of term {} behind entry {} of term {}", entry->position.index.value,
        entry->position.term.value, last().index.value, last().term.value);
  entries_.push_back(std::move(entry));
}

void Log::truncate(Index first) {
  CHECK(first > edge_.index, "truncating from {}, edge {}", first.value, edge_.index.value);
  if (first > last().index) return;
  entries_.resize(offset_of(first));
  durable_ = std::min(durable_, last().index);
}

void Log::set_durable(Index index) {
  CHECK(index <= last().index, "durable {}, last {}", index.value, last().index.value);
  durable_ = index;
}

void Log::compact(LogPosition edge) {
  if (edge.index <= edge_.index) return;
  CHECK(term_at(edge.index) == edge.term, "compacting to {} of term {}", edge.index.value,
        edge.term.value);
  const auto removed = static_cast<std::ptrdiff_t>(offset_of(edge.index)) + 1;
  entries_.erase(entries_.begin(), entries_.begin() + removed);
  edge_ = edge;
  durable_ = std::max(durable_, edge_.index);
}

void Log::reset(LogPosition edge) {
  entries_.clear();
  edge_ = edge;
  durable_ = edge.index;
}

}  // namespace sunder::raft
