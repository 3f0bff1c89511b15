#include "checker/linearizability/whole_history.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/collection_sentence.h"
#include "checker/linearizability/sentence.h"
#include "checker/models/register.h"

namespace sunder::checker {

namespace {

using history::brief;
using history::Operation;
using history::Outcome;
using history::Value;
using AllOperations = std::span<const Operation>;

/// The value that the operation would have left; null if it writes none.
const Value* value_of_update(const Operation& operation) {
  if (operation.f == "read" || operation.argument.is_nil()) return nullptr;
  const auto* pair = operation.argument.list();
  const bool is_cas = operation.f == "cas" && pair != nullptr && pair->size() == 2;
  return is_cas ? &(*pair)[1] : &operation.argument;
}

/// [key, value] of each step of a transaction that has that name: "r" or "w".
std::vector<Value> cells_of(const Value& transaction, std::string_view step_name) {
  std::vector<Value> cells;
  const auto* steps = transaction.list();
  if (steps == nullptr) return cells;
  for (const auto& step : *steps) {
    const auto* parts = step.list();
    const bool fits = parts != nullptr && parts->size() == 3 && parts->front() == Value(step_name);
    if (fits && !parts->back().is_nil()) {
      cells.emplace_back(history::List{(*parts)[1], (*parts)[2]});
    }
  }
  return cells;
}

/// The values that the operation showed to its client, of which the proof speaks.
std::vector<Value> shown_by(const Operation& observer, const Counterexample& counterexample) {
  if (!is_answered(observer) || observer.f == "write") return {};
  if (observer.f == "txn") return cells_of(observer.result, "r");
  if (observer.f == "cas" && !is_refusal(observer)) return {Register::expected_by(observer)};
  std::vector<Value> shown = {observer.result};
  const auto* list = observer.result.list();
  if (list == nullptr) return shown;
  const auto& about = counterexample.elements;
  std::copy_if(list->begin(), list->end(), std::back_inserter(shown), [&](const Value& element) {
    return about.empty() || std::find(about.begin(), about.end(), element) != about.end();
  });
  return shown;
}

/// "client 1 read 8", "client 1's read shows 8", "client 1's dequeue returned 8"
std::string showing(const Operation& observer, std::string_view value) {
  const auto client = name_of_client(observer);
  if (observer.f == "read") {
    const bool is_whole = observer.result.list() == nullptr;
    return fmt::format(
        "{} {}", client,
        is_whole ? fmt::format("read {}", value) : fmt::format("read a list with {}", value));
  }
  if (observer.f == "txn") return fmt::format("{}'s txn read {}", client, value);
  if (observer.f == "cas")
    return fmt::format("{}'s {} found {}", client, label_of(observer), value);
  return fmt::format("{}'s {} returned {}", client, observer.f, value);
}

/// What an update does: "had set".
std::string_view having_done(const Operation& update, bool finished) {
  if (update.f == "add") return finished ? "had added" : "added";
  if (update.f == "append") return finished ? "had appended" : "appended";
  if (update.f == "enqueue") return finished ? "had enqueued" : "enqueued";
  return finished ? "had set" : "wrote";
}

std::string_view type_of(const Value& value) {
  if (value.text() != nullptr) return "the text ";
  const bool is_whole = value.list() != nullptr || value.object() != nullptr || value.is_nil();
  if (is_whole) return "";
  return value.boolean() != nullptr ? "the truth value " : "the number ";
}

/// What was written, and of a transaction where.
std::string told(const Operation& operation, const Value& value, bool with_type) {
  const bool is_cell = operation.f == "txn";
  const auto& written = is_cell ? value.list()->back() : value;
  return fmt::format("{}{}{}", with_type ? type_of(written) : std::string_view(), brief(written),
                     is_cell ? fmt::format(" of key {}", brief(value.list()->front())) : "");
}

/// Where the operation stands in the proof, behind those that were invoked before it.
void add_operation(Counterexample& counterexample, const Operation& operation) {
  auto& all = counterexample.operations;
  const auto same = [&](const Operation& each) { return each.invoked == operation.invoked; };
  if (std::any_of(all.begin(), all.end(), same)) return;
  const auto at = std::find_if(all.begin(), all.end(), [&](const Operation& each) {
    return each.invoked > operation.invoked;
  });
  const auto place = static_cast<std::size_t>(at - all.begin());
  all.insert(at, operation);
  if (place <= counterexample.culprit) ++counterexample.culprit;
}

/// The reads of a collection as they were, instead of the part that the proof is about.
void restore_reads(Counterexample& counterexample, AllOperations history) {
  for (auto& operation : counterexample.operations) {
    const auto whole = std::lower_bound(
        history.begin(), history.end(), operation.invoked,
        [](const Operation& each, history::Position invoked) { return each.invoked < invoked; });
    if (whole != history.end() && whole->invoked == operation.invoked) {
      operation.result = whole->result;
    }
  }
}

/// The drains as they were, instead of their parts. Parts of one drain become one operation.
void restore_drains(Counterexample& counterexample, AllOperations history) {
  auto& all = counterexample.operations;
  const auto culprit_returned = all[counterexample.culprit].returned;
  const bool is_culprit_drain = all[counterexample.culprit].f == "drain";
  const auto culprit_invoked = all[counterexample.culprit].invoked;
  bool any = false;
  for (auto& operation : all) {
    if (operation.f != "drain" || !is_answered(operation)) continue;
    const auto whole = std::find_if(history.begin(), history.end(), [&](const Operation& each) {
      return each.f == "drain" && each.process == operation.process &&
             each.returned == operation.returned;
    });
    if (whole == history.end()) continue;
    operation.result = whole->result;
    operation.invoked = whole->invoked;
    any = true;
  }
  if (!any) return;
  std::stable_sort(all.begin(), all.end(), [](const Operation& left, const Operation& right) {
    return left.invoked < right.invoked;
  });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const Operation& left, const Operation& right) {
                          return left.f == "drain" && left.invoked == right.invoked;
                        }),
            all.end());
  const auto culprit = std::find_if(all.begin(), all.end(), [&](const Operation& each) {
    return is_culprit_drain ? each.f == "drain" && each.returned == culprit_returned
                            : each.invoked == culprit_invoked;
  });
  counterexample.culprit = static_cast<std::size_t>(culprit - all.begin());
}

class WholeHistory {
 public:
  WholeHistory(Counterexample& counterexample, AllOperations history, const Value& initial,
               Budget& budget)
      : counterexample_(counterexample),
        history_(history),
        initial_(initial),
        budget_(budget),
        culprit_(counterexample.operations[counterexample.culprit]) {}

  void add() {
    const auto* lost = counterexample_.elements.empty() ? nullptr : lost_element(counterexample_);
    if (!counterexample_.elements.empty()) restore_reads(counterexample_, history_);
    const auto shown = shown_by(culprit_, counterexample_);
    restore_drains(counterexample_, history_);
    culprit_ = counterexample_.operations[counterexample_.culprit];
    if (lost != nullptr) {
      counterexample_.sentence += fate_of(*lost);
      return;
    }
    for (const auto* value : unwritten(shown)) {
      if (add_failed_writer(*value) || add_writer_of_another_type(*value)) return;
    }
  }

 private:
  /// The values that only failed operations wrote, or none. A few of them suffice.
  std::vector<const Value*> unwritten(const std::vector<Value>& shown) {
    constexpr std::size_t few = 8;
    std::unordered_set<Value, history::ValueHash> written{Value(), initial_};
    for (const auto& each : history_) {
      budget_.spend(sizeof(Value));
      if (each.outcome == Outcome::fail || each.key != culprit_.key) continue;
      // The values of a transaction's steps are made for this call: they are kept, not pointed to.
      for_each_written(each, [&](const Value& value) { written.insert(value); });
    }
    std::vector<const Value*> found;
    for (const auto& value : shown) {
      if (found.size() < few && !written.contains(value)) found.push_back(&value);
    }
    return found;
  }

  bool add_failed_writer(const Value& value) {
    const auto* failed = find([&](const Operation& each) {
      bool wrote = false;
      for_each_written(each, [&](const Value& written) { wrote = wrote || written == value; });
      return wrote && each.outcome == Outcome::fail && each.invoked < culprit_.returned;
    });
    if (failed == nullptr) return false;
    counterexample_.sentence =
        fmt::format("{}, which {}'s {} {} although it was answered fail",
                    showing(culprit_, told(culprit_, value, false)), name_of_client(*failed),
                    failed->f == "cas" ? label_of(*failed) : std::string(failed->f),
                    having_done(*failed, true));
    add_operation(counterexample_, *failed);
    return true;
  }

  bool add_writer_of_another_type(const Value& value) {
    std::optional<Value> written;
    const auto* writer = find([&](const Operation& each) {
      if (each.outcome == Outcome::fail) return false;
      for_each_written(each, [&](const Value& its) {
        if (!written && differ_only_in_type(its, value)) written = its;
      });
      return written.has_value();
    });
    if (writer == nullptr) return differs_from_initial(value);
    counterexample_.sentence = fmt::format(
        "{}; {} {} {}: does the client convert?", showing(culprit_, told(culprit_, value, true)),
        name_of_client(*writer), having_done(*writer, false), told(*writer, *written, true));
    add_operation(counterexample_, *writer);
    return true;
  }

  /// Passes on the values that the operation wrote, as shown_by() has them. A counter's add writes
  /// none: it shows only in sums.
  template <typename Take>
  void for_each_written(const Operation& operation, const Take& take) const {
    const bool counts =
        operation.f == "add" && culprit_.f == "read" && culprit_.result.list() == nullptr;
    if (counts) return;
    if (operation.f == "txn") {
      for (const auto& cell : cells_of(operation.argument, "w")) take(cell);
    } else if (const auto* value = value_of_update(operation)) {
      take(*value);
    }
  }

  bool differs_from_initial(const Value& value) {
    if (!differ_only_in_type(initial_, value)) return false;
    counterexample_.sentence = fmt::format(
        "{}; the initial value is {}{}: does the client convert?",
        showing(culprit_, told(culprit_, value, true)), type_of(initial_), brief(initial_));
    return true;
  }

  /// Whether a read that began behind the culprit has the element that it lacks.
  std::string fate_of(const Value& lost) {
    const auto* later = find([&](const Operation& each) {
      const auto* seen = each.result.list();
      if (each.f != "read" || each.outcome != Outcome::ok || seen == nullptr) return false;
      budget_.spend(seen->size() * sizeof(Value));
      return each.invoked > culprit_.invoked &&
             std::find(seen->begin(), seen->end(), lost) != seen->end();
    });
    if (later == nullptr) return ": lost";
    return fmt::format("; {}'s later read shows it", name_of_client(*later));
  }

  /// The first operation of the culprit's key for which it holds; null if there is none.
  template <typename Holds>
  const Operation* find(const Holds& holds) {
    for (const auto& each : history_) {
      budget_.spend();
      if (each.key == culprit_.key && holds(each)) return &each;
    }
    return nullptr;
  }

  Counterexample& counterexample_;
  AllOperations history_;
  const Value& initial_;
  Budget& budget_;
  Operation culprit_;
};

bool is_same_number(const Value& text, const Value& number) {
  const bool is_number = number.integer() != nullptr || number.real() != nullptr;
  if (text.text() == nullptr || text.text()->empty() || !is_number) return false;
  char* end = nullptr;
  Value parsed = std::strtod(text.text()->c_str(), &end);
  history::canonicalize(parsed);
  return end == text.text()->c_str() + text.text()->size() && parsed == number;
}

}  // namespace

bool differ_only_in_type(const Value& left, const Value& right) {
  if (left == right) return false;
  const auto* lefts = left.list();
  const auto* rights = right.list();
  if (lefts != nullptr && rights != nullptr) {
    return std::equal(lefts->begin(), lefts->end(), rights->begin(), rights->end(),
                      [](const Value& one, const Value& other) {
                        return one == other || differ_only_in_type(one, other);
                      });
  }
  return text_or_json(left) == text_or_json(right) || is_same_number(left, right) ||
         is_same_number(right, left);
}

void add_what_the_history_knows(Counterexample& counterexample, AllOperations history,
                                const Value& initial, Budget budget) {
  if (counterexample.operations.empty()) return;
  try {
    WholeHistory(counterexample, history, initial, budget).add();
  } catch (const BudgetSpent&) {
    // The proof stays as it is.
  }
}

}  // namespace sunder::checker
