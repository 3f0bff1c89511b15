#include "checker/objects/fates.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/value_table.h"

namespace sunder::checker {

namespace {

using history::List;
using history::never;
using history::Operation;
using history::Outcome;
using history::Position;
using history::Time;
using history::Value;
using OfKey = std::vector<const Operation*>;

void count(FateCount& fate, const Value& value) {
  if (++fate.count <= FateCount::most_named) fate.values.push_back(value);
}

void count(FateCount& fate, const Value& value, std::size_t times) {
  if (times == 0) return;
  count(fate, value);
  fate.count += times - 1;
}

bool is_added(const Operation& operation) {
  return operation.f == "add" || operation.f == "append" || operation.f == "enqueue";
}

struct ElementFate {
  /// The first ok add to return, and when.
  Position added = never;
  Time added_at{0};
  std::size_t adds = 0;
  bool is_shown = false;
  bool is_repeated = false;
  /// All reads from this one on have it. Counted among the reads by invocation.
  std::size_t shown_from = 0;
  std::size_t last_seen_by = SIZE_MAX;
};

class ElementFates {
 public:
  ElementFates(const OfKey& operations, bool is_list, Fates& fates, std::vector<Time>& ages,
               Budget& budget)
      : operations_(operations), is_list_(is_list), fates_(fates), ages_(ages), budget_(budget) {}

  void count_all() {
    for (const auto* operation : operations_) {
      budget_.spend();
      if (is_added(*operation) && operation->outcome != Outcome::fail) see_add(*operation);
      const bool is_answer = operation->f == "read" && operation->outcome == Outcome::ok;
      if (is_answer) reads_.push_back(operation);
    }
    for (std::size_t i = reads_.size(); i-- > 0;) see_read(i);
    for (std::uint32_t number = 0; number < elements_.size(); ++number) judge(number);
  }

 private:
  std::uint32_t number_of(const Value& value) {
    const auto number = elements_.number_of(value);
    if (number == values_.size()) {
      values_.push_back(&value);
      elements_[number].shown_from = reads_.size();
    }
    return number;
  }

  void see_add(const Operation& add) {
    auto& each = elements_[number_of(add.argument)];
    ++each.adds;
    if (add.outcome != Outcome::ok || add.returned > each.added) return;
    each.added = add.returned;
    each.added_at = add.returned_at;
  }

  /// From the last read to the first.
  void see_read(std::size_t i) {
    const auto* seen = reads_[i]->result.list();
    if (seen == nullptr) return;
    budget_.spend(seen->size() * sizeof(Value));
    for (const auto& value : *seen) {
      auto& each = elements_[number_of(value)];
      if (!each.is_shown) each.shown_from = reads_.size();
      each.is_shown = true;
      // An element may be appended to a list repeatedly: then it may be there repeatedly.
      if (each.last_seen_by == i && (!is_list_ || each.adds <= 1)) each.is_repeated = true;
      each.last_seen_by = i;
      if (each.shown_from == i + 1) each.shown_from = i;
    }
  }

  void judge(std::uint32_t number) {
    const auto& each = elements_[number];
    const auto& value = *values_[number];
    if (each.is_repeated) count(fates_.duplicated, value);
    if (each.added == never) {
      if (each.is_shown) count(each.adds > 0 ? fates_.recovered : fates_.unexpected, value);
      return;
    }
    ++fates_.acknowledged;
    if (reads_.empty() || reads_.back()->invoked < each.added) {
      if (!each.is_shown) count(fates_.never_read, value);
      return;
    }
    const auto shown_from = each.is_shown ? each.shown_from : reads_.size();
    if (shown_from == 0) return;
    const auto& without = *reads_[shown_from - 1];
    if (without.invoked < each.added) return;
    if (shown_from == reads_.size()) return count(fates_.lost, value);
    count(fates_.stale, value);
    ages_.push_back(std::max(Time{0}, without.invoked_at - each.added_at));
  }

  const OfKey& operations_;
  bool is_list_;
  Fates& fates_;
  std::vector<Time>& ages_;
  Budget& budget_;
  ValueMap<ElementFate> elements_;
  std::vector<const Value*> values_;
  std::vector<const Operation*> reads_;
};

struct MessageFate {
  std::size_t enqueues = 0;
  std::size_t acknowledged = 0;
  std::size_t taken = 0;
  Position first_enqueued = never;
};

class MessageFates {
 public:
  MessageFates(const OfKey& operations, Fates& fates, Budget& budget)
      : operations_(operations), fates_(fates), budget_(budget) {}

  void count_all() {
    for (const auto* operation : operations_) {
      budget_.spend(heap_bytes_of(operation->result));
      if (is_void(*operation)) continue;
      if (operation->f == "enqueue") {
        see_enqueue(*operation);
      } else if (!is_answered(*operation)) {
        ++(operation->f == "drain" ? fates_.unanswered_drains : fates_.unanswered_dequeues);
        takers_.push_back(operation);
      } else {
        see_taken(*operation);
      }
    }
    for (std::uint32_t number = 0; number < messages_.size(); ++number) judge(number);
    count_lost();
  }

 private:
  MessageFate& fate_of(const Value& value) {
    const auto number = messages_.number_of(value);
    if (number == values_.size()) values_.push_back(&value);
    return messages_[number];
  }

  void see_enqueue(const Operation& enqueue) {
    auto& each = fate_of(enqueue.argument);
    ++each.enqueues;
    if (enqueue.outcome != Outcome::ok) return;
    ++each.acknowledged;
    each.first_enqueued = std::min(each.first_enqueued, enqueue.returned);
  }

  void see_taken(const Operation& operation) {
    const auto* drained = operation.f == "drain" ? operation.result.list() : nullptr;
    if (drained != nullptr) {
      for (const auto& value : *drained) ++fate_of(value).taken;
    } else if (!operation.result.is_nil()) {
      ++fate_of(operation.result).taken;
    }
    // A drain ends when it finds nothing.
    if (drained != nullptr || operation.result.is_nil()) last_empty_ = &operation;
  }

  void judge(std::uint32_t number) {
    const auto& each = messages_[number];
    const auto& value = *values_[number];
    fates_.acknowledged += each.acknowledged;
    if (each.enqueues == 0) return count(fates_.unexpected, value);
    if (each.taken > each.enqueues) count(fates_.duplicated, value);
    const auto taken = std::min(each.taken, each.enqueues);
    if (taken > each.acknowledged) count(fates_.recovered, value, taken - each.acknowledged);
    if (taken >= each.acknowledged) return;
    count(fates_.never_read, value, each.acknowledged - taken);
    const bool is_missing =
        last_empty_ != nullptr && taken == 0 && each.first_enqueued < last_empty_->invoked;
    if (is_missing) missing_.push_back(&value);
  }

  /// The queue was empty without them, but unanswered dequeues may have taken as many.
  void count_lost() {
    std::size_t takers = 0;
    for (const auto* taker : takers_) {
      if (last_empty_ == nullptr || taker->invoked > last_empty_->returned) continue;
      if (taker->f == "drain") return;
      ++takers;
    }
    if (missing_.size() <= takers) return;
    if (takers > 0) {
      fates_.lost.count += missing_.size() - takers;
      return;
    }
    for (const auto* value : missing_) count(fates_.lost, *value);
  }

  const OfKey& operations_;
  Fates& fates_;
  Budget& budget_;
  ValueMap<MessageFate> messages_;
  std::vector<const Value*> values_;
  std::vector<const Operation*> takers_;
  std::vector<const Value*> missing_;
  const Operation* last_empty_ = nullptr;
};

bool only_grow(std::span<const OfKey> keys) {
  return std::all_of(keys.begin(), keys.end(), [](const OfKey& operations) {
    return std::all_of(operations.begin(), operations.end(),
                       [](const Operation* each) { return is_added(*each) || each->f == "read"; });
  });
}

/// ": 7, 8, 9 and 4 more"
std::string named(const FateCount& fate) {
  if (fate.values.empty()) return {};
  std::string text;
  for (const auto& value : fate.values) {
    text += (text.empty() ? ": " : ", ") + history::brief(value);
  }
  const auto more = fate.count - std::min(fate.count, fate.values.size());
  if (more > 0) text += fmt::format(" and {} more", more);
  return text;
}

/// "1 element was", "3 elements were"
std::string were(const FateCount& fate, const Fates& fates) {
  const auto* what = fates.are_messages ? "message" : "element";
  return fate.count == 1 ? fmt::format("1 {} was", what)
                         : fmt::format("{} {}s were", fate.count, what);
}

double milliseconds(Time time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

std::string line_about_unaccounted(const Fates& fates) {
  std::string line = fmt::format("{} of {} acknowledged messages unaccounted for",
                                 fates.never_read.count, fates.acknowledged);
  line += named(fates.never_read);
  if (fates.unanswered_drains > 0) {
    return line + fmt::format("; {} unanswered drain{} could have taken any of them",
                              fates.unanswered_drains, fates.unanswered_drains == 1 ? "" : "s");
  }
  if (fates.unanswered_dequeues == 0) return line + "; every dequeue was answered";
  return line + fmt::format("; {} unanswered dequeue{} could have taken one each",
                            fates.unanswered_dequeues, fates.unanswered_dequeues == 1 ? "" : "s");
}

}  // namespace

std::optional<Fates> fates_of(std::span<const OfKey> keys, Contents contents, Budget budget) {
  Fates fates;
  fates.are_messages = contents == Contents::messages;
  if (!fates.are_messages && !only_grow(keys)) return std::nullopt;
  std::vector<Time> ages;
  try {
    for (const auto& operations : keys) {
      if (fates.are_messages) {
        MessageFates(operations, fates, budget).count_all();
        continue;
      }
      const bool is_list = std::any_of(operations.begin(), operations.end(),
                                       [](const Operation* each) { return each->f == "append"; });
      ElementFates(operations, is_list, fates, ages, budget).count_all();
    }
  } catch (const BudgetSpent&) {
    return std::nullopt;
  }
  if (!ages.empty()) {
    const auto middle = ages.begin() + static_cast<std::ptrdiff_t>((ages.size() - 1) / 2);
    std::nth_element(ages.begin(), middle, ages.end());
    fates.stale_median = *middle;
    fates.stale_max = *std::max_element(ages.begin(), ages.end());
  }
  return fates;
}

std::vector<std::string> lines_about(const Fates& fates) {
  std::vector<std::string> lines;
  const auto line = [&](const FateCount& fate, std::string_view what) {
    if (fate.count > 0) lines.push_back(were(fate, fates) + std::string(what) + named(fate));
  };
  if (fates.are_messages && fates.never_read.count > 0) {
    lines.push_back(line_about_unaccounted(fates));
  }
  if (fates.are_messages && fates.lost.count > 0) {
    lines.push_back(fmt::format("at least {} lost: the queue was empty without {}{}",
                                were(fates.lost, fates), fates.lost.count == 1 ? "it" : "them",
                                named(fates.lost)));
  }
  if (!fates.are_messages) line(fates.lost, " lost");
  if (fates.stale.count > 0) {
    auto text = were(fates.stale, fates) + " missing for a while";
    if (fates.stale_max.count() > 0) {
      text += fmt::format(" (median {:.1f} ms, longest {:.1f} ms)",
                          milliseconds(fates.stale_median), milliseconds(fates.stale_max));
    }
    lines.push_back(text + named(fates.stale));
  }
  line(fates.duplicated, " duplicated");
  line(fates.unexpected,
       fates.are_messages ? " dequeued that nobody enqueued" : " read that nobody added");
  line(fates.recovered, fates.are_messages ? " dequeued whose enqueue was not answered"
                                           : " read whose add was not answered");
  if (!fates.are_messages) line(fates.never_read, " never read: no read began afterwards");
  return lines;
}

}  // namespace sunder::checker
