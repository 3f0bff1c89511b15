#include "node/simulator/append_history.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace sunder::simulator {

AppendHistory::Ticket AppendHistory::invoke_append(raft::Time now, int key, Element element) {
  operations_.push_back({.key = key,
                         .is_append = true,
                         .element = element,
                         .invoked = now,
                         .completed = {},
                         .list = {}});
  return operations_.size() - 1;
}

AppendHistory::Ticket AppendHistory::invoke_read(raft::Time now, int key) {
  operations_.push_back(
      {.key = key, .is_append = false, .invoked = now, .completed = {}, .list = {}});
  return operations_.size() - 1;
}

void AppendHistory::complete_append(Ticket ticket, raft::Time now) {
  operations_[ticket].completed = now;
}

void AppendHistory::complete_read(Ticket ticket, raft::Time now, std::vector<Element> list) {
  operations_[ticket].completed = now;
  operations_[ticket].list = std::move(list);
}

void AppendHistory::fail(Ticket ticket) {
  operations_[ticket].has_failed = true;
}

std::size_t AppendHistory::completed() const {
  return static_cast<std::size_t>(std::count_if(operations_.begin(), operations_.end(),
                                                [](const auto& each) { return each.completed; }));
}

std::optional<std::string> AppendHistory::contradiction() const {
  std::map<int, std::vector<const Operation*>> by_key;
  for (const auto& operation : operations_) by_key[operation.key].push_back(&operation);
  for (const auto& [key, operations] : by_key) {
    if (auto what = contradiction_of(operations)) return fmt::format("key {}: {}", key, *what);
  }
  return std::nullopt;
}

namespace {

using Element = AppendHistory::Element;

/// How much of the order must have happened before each moment: pairs (time, length), both rising.
class LeastLengths {
 public:
  void add(raft::Time completed, std::size_t length) { lengths_.emplace(completed, length); }
  void make_rising() {
    std::size_t greatest = 0;
    for (auto& [time, length] : lengths_) length = greatest = std::max(greatest, length);
  }
  /// Of what completed before `time`.
  std::size_t before(raft::Time time) const {
    const auto after = lengths_.lower_bound(time);
    return after == lengths_.begin() ? 0 : std::prev(after)->second;
  }

 private:
  std::multimap<raft::Time, std::size_t> lengths_;
};

}  // namespace

std::optional<std::string> AppendHistory::contradiction_of(
    const std::vector<const Operation*>& operations) const {
  std::vector<Element> order;
  for (const auto* each : operations) {
    if (each->list.size() > order.size()) order = each->list;
  }
  std::map<Element, std::size_t> place;
  for (const auto element : order) {
    if (!place.emplace(element, place.size()).second) {
      return fmt::format("{} was appended twice", element);
    }
  }
  LeastLengths lengths;
  std::map<Element, raft::Time> invoked;
  for (const auto* each : operations) {
    if (!each->is_append) {
      if (!std::equal(each->list.begin(), each->list.end(), order.begin())) {
        return fmt::format("two reads disagree about the order");
      }
      if (each->completed) lengths.add(*each->completed, each->list.size());
      continue;
    }
    invoked.emplace(each->element, each->invoked);
    const auto found = place.find(each->element);
    if (found != place.end() && each->has_failed) {
      return fmt::format("{} is there though its append failed", each->element);
    }
    if (found == place.end() && each->completed) {
      return fmt::format("{} was acknowledged and is lost", each->element);
    }
    if (found != place.end() && each->completed) lengths.add(*each->completed, found->second + 1);
  }
  lengths.make_rising();
  for (const auto* each : operations) {
    const auto least = lengths.before(each->invoked);
    if (!each->is_append && each->completed) {
      if (each->list.size() < least) {
        return fmt::format("a read at {} ms saw {} elements where {} had been seen or acknowledged",
                           each->invoked.count() / 1'000'000, each->list.size(), least);
      }
      if (!each->list.empty() && !invoked.contains(each->list.back())) {
        return fmt::format("{} was read and never appended", each->list.back());
      }
      if (!each->list.empty() && invoked.at(each->list.back()) > *each->completed) {
        return fmt::format("{} was read before it was appended", each->list.back());
      }
    }
    const auto found = place.find(each->element);
    if (each->is_append && found != place.end() && found->second < least) {
      return fmt::format("{} stands before elements acknowledged before it was appended",
                         each->element);
    }
  }
  return std::nullopt;
}

}  // namespace sunder::simulator
