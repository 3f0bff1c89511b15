#include "checker/guarantees/watch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "checker/guarantees/violation.h"
#include "checker/history/brief.h"

namespace sunder::checker {

using history::Operation;
using history::Outcome;
using history::Value;

namespace {

constexpr std::string_view watch_check = "watch";

struct Change {
  std::int64_t revision;
  const Value* key;
  const Value* value;
};

/// A revision as somebody said that it is.
struct Known {
  Change change;
  /// A watch that saw it, or the write that was answered with it.
  const Operation* by;
};

class Watches {
 public:
  Watches(const history::History& history, Budget& budget) : history_(history), budget_(budget) {}

  CheckResult judge() {
    for (const auto& operation : history_.operations) {
      budget_.spend();
      if (operation.f == "write") {
        note_write(operation);
      } else if (operation.f != "watch") {
        require_function(history_, operation, "write or watch");
      }
    }
    for (const auto& operation : history_.operations) {
      if (operation.f != "watch" || operation.outcome != Outcome::ok) continue;
      if (auto found = note_watch(operation)) return std::move(*found);
    }
    for (const auto& operation : history_.operations) {
      if (auto found = compare_with_answer(operation)) return std::move(*found);
    }
    for (const auto& [watch, events] : seen_) {
      if (auto found = missing_in(*watch, events)) return std::move(*found);
    }
    if (auto found = out_of_order()) return std::move(*found);
    auto result = undecided(watch_check);
    if (events_ == 0) {
      result.message = "no watch saw a change";
      return result;
    }
    return holds(std::move(result),
                 fmt::format("{} watches saw {} changes in order, and each of {} revisions once",
                             seen_.size(), events_, known_.size()));
  }

 private:
  void note_write(const Operation& write) {
    const auto [place, is_new] = writes_.try_emplace(write.argument, &write);
    if (is_new) return;
    throw history::AssumptionBroken(
        history_.place_of(write.invoked),
        fmt::format("{} is written twice: a change could not be told from another",
                    history::brief(write.argument)));
  }

  std::vector<Change> changes_of(const Operation& watch) const {
    const auto refuse = [&] {
      throw history::AssumptionBroken(history_.place_of(watch.returned),
                                      "a watch must answer [[revision, key, value], ...]");
    };
    if (watch.result.list() == nullptr) refuse();
    std::vector<Change> changes;
    for (const auto& event : *watch.result.list()) {
      const auto* parts = event.list();
      if (parts == nullptr || parts->size() != 3 || (*parts)[0].integer() == nullptr) refuse();
      changes.push_back({*(*parts)[0].integer(), &(*parts)[1], &(*parts)[2]});
    }
    return changes;
  }

  std::optional<CheckResult> note_watch(const Operation& watch) {
    auto changes = changes_of(watch);
    auto last = watch.argument.integer() == nullptr ? 0 : *watch.argument.integer() - 1;
    for (const auto& change : changes) {
      budget_.spend(sizeof(Known));
      ++events_;
      if (change.revision <= last) return backwards(watch, change.revision, last);
      last = change.revision;
      if (auto found = flaw_of(watch, change)) return found;
    }
    seen_.emplace_back(&watch, std::move(changes));
    return std::nullopt;
  }

  static CheckResult backwards(const Operation& watch, std::int64_t revision, std::int64_t last) {
    return violation(watch_check, {watch},
                     fmt::format("client {}'s watch from revision {} got revision {} after {}",
                                 client(watch), history::brief(watch.argument), revision, last));
  }

  /// The change must be a write, at one revision only, which is no other change.
  std::optional<CheckResult> flaw_of(const Operation& watch, const Change& change) {
    const auto write = writes_.find(*change.value);
    const auto what = fmt::format("client {}'s watch saw {} at revision {}", client(watch),
                                  history::brief(*change.value), change.revision);
    if (write == writes_.end() || write->second->invoked > watch.returned) {
      return violation(watch_check, {watch}, what + ", which nobody had written");
    }
    if (write->second->outcome == Outcome::fail) {
      return violation(watch_check, {watch, *write->second},
                       fmt::format("{}, although client {}'s write of it was answered fail", what,
                                   client(*write->second)));
    }
    const auto [place, is_new] = known_.try_emplace(change.revision, Known{change, &watch});
    if (!is_new && *place->second.change.value != *change.value) {
      return violation(
          watch_check, {watch, *place->second.by},
          fmt::format("{}, client {}'s watch saw {} there", what, client(*place->second.by),
                      history::brief(*place->second.change.value)));
    }
    const auto [at, is_first] = revisions_.try_emplace(*change.value, change.revision);
    if (is_first || at->second == change.revision) return std::nullopt;
    const auto& other = known_.at(at->second);
    return violation(
        watch_check, {watch, *other.by, *write->second},
        fmt::format("{} and at revision {}: one write, two changes", what, at->second));
  }

  /// A write that was answered with its revision is the change of that revision.
  std::optional<CheckResult> compare_with_answer(const Operation& write) {
    const bool says_revision = write.f == "write" && write.outcome == Outcome::ok &&
                               write.answer != nullptr && write.answer->revision;
    if (!says_revision) return std::nullopt;
    const auto revision = *write.answer->revision;
    const auto [place, is_new] =
        known_.try_emplace(revision, Known{{revision, nullptr, &write.argument}, &write});
    if (is_new || *place->second.change.value == write.argument) {
      revisions_.try_emplace(write.argument, revision);
      return std::nullopt;
    }
    return violation(
        watch_check, {write, *place->second.by},
        fmt::format("client {}'s write of {} was answered revision {}, where client {} saw {}",
                    client(write), history::brief(write.argument), revision,
                    client(*place->second.by), history::brief(*place->second.change.value)));
  }

  /// What others know of the span of this watch.
  std::optional<CheckResult> missing_in(const Operation& watch,
                                        const std::vector<Change>& changes) {
    if (changes.empty()) return std::nullopt;
    const auto from =
        watch.argument.integer() == nullptr ? changes.front().revision : *watch.argument.integer();
    auto mine = changes.begin();
    for (auto known = known_.lower_bound(from);
         known != known_.end() && known->first <= changes.back().revision; ++known) {
      budget_.spend();
      while (mine != changes.end() && mine->revision < known->first) ++mine;
      if (mine != changes.end() && mine->revision == known->first) continue;
      const auto& by = *known->second.by;
      return violation(
          watch_check, {watch, by},
          fmt::format("client {}'s watch of revisions {} to {} missed revision {}: {} of {}",
                      client(watch), from, changes.back().revision, known->first,
                      by.f == "write" ? "the write" : "the change",
                      history::brief(*known->second.change.value)));
    }
    return std::nullopt;
  }

  /// Of two writes of which one returned before the other began, it has the lower revision.
  std::optional<CheckResult> out_of_order() {
    const Operation* latest = nullptr;
    for (const auto& [revision, known] : known_) {
      budget_.spend();
      const auto& write = *writes_.at(*known.change.value);
      if (latest != nullptr && write.outcome == Outcome::ok && write.returned < latest->invoked) {
        return violation(
            watch_check, {write, *latest},
            fmt::format("client {}'s write of {} returned before client {}'s write of {} began, "
                        "but has the later revision {}",
                        client(write), history::brief(write.argument), client(*latest),
                        history::brief(latest->argument), revision));
      }
      if (latest == nullptr || latest->invoked < write.invoked) latest = &write;
    }
    return std::nullopt;
  }

  const history::History& history_;
  Budget& budget_;
  std::unordered_map<Value, const Operation*, history::ValueHash> writes_;
  /// By revision.
  std::map<std::int64_t, Known> known_;
  /// Of each value that was seen.
  std::unordered_map<Value, std::int64_t, history::ValueHash> revisions_;
  std::vector<std::pair<const Operation*, std::vector<Change>>> seen_;
  std::size_t events_ = 0;
};

}  // namespace

CheckResult check_watch(const history::History& history, Budget budget) {
  return within_budget(watch_check, "watches", [&] { return Watches(history, budget).judge(); });
}

}  // namespace sunder::checker
