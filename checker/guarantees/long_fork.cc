#include "checker/guarantees/long_fork.h"

#include <algorithm>
#include <map>
#include <string>
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

constexpr std::string_view long_fork_check = "long fork";

/// A read of a group: which of its registers had been written.
struct Seen {
  const Operation* read;
  std::vector<bool> written;
  std::size_t count;
};

using Keys = std::vector<std::string>;

const history::List& steps_of(const history::History& history, const Operation& operation) {
  require_function(history, operation, "txn");
  const auto& value = operation.outcome == Outcome::ok ? operation.result : operation.argument;
  const auto is_step = [](const Value& step) {
    return step.list() != nullptr && step.list()->size() == 3 &&
           ((*step.list())[0] == Value("r") || (*step.list())[0] == Value("w"));
  };
  if (value.list() == nullptr ||
      !std::all_of(value.list()->begin(), value.list()->end(), is_step)) {
    throw history::AssumptionBroken(history.place_of(operation.invoked),
                                    "a transaction must be a list of [\"r\" or \"w\", key, value]");
  }
  return *value.list();
}

bool includes(const Seen& greater, const Seen& less) {
  for (std::size_t i = 0; i < less.written.size(); ++i) {
    if (less.written[i] && !greater.written[i]) return false;
  }
  return true;
}

class LongForks {
 public:
  LongForks(const history::History& history, Budget& budget) : history_(history), budget_(budget) {}

  CheckResult judge() {
    for (const auto& operation : history_.operations) {
      for (const auto& step : steps_of(history_, operation)) note_write(operation, *step.list());
    }
    for (const auto& operation : history_.operations) {
      if (operation.outcome != Outcome::ok) continue;
      if (auto flaw = note_read(operation)) return std::move(*flaw);
    }
    for (auto& [keys, reads] : groups_) {
      if (auto fork = fork_in(keys, reads)) return std::move(*fork);
    }
    auto result = undecided(long_fork_check);
    if (reads_ == 0) {
      result.message = "no read of several registers was answered";
      return result;
    }
    return holds(std::move(result), fmt::format("{} reads of {} groups saw the writes in one order",
                                                reads_, groups_.size()));
  }

 private:
  void note_write(const Operation& operation, const history::List& step) {
    budget_.spend();
    if (step[0] == Value("r")) return;
    const auto [place, is_new] = writers_.try_emplace(to_json(step[1]), &operation);
    if (is_new) return;
    throw history::AssumptionBroken(
        history_.place_of(operation.invoked),
        fmt::format("register {} is written twice: long forks show only where each is written once",
                    history::brief(step[1])));
  }

  std::optional<CheckResult> note_read(const Operation& operation) {
    Keys keys;
    Seen seen{&operation, {}, 0};
    for (const auto& step : *operation.result.list()) {
      const auto& parts = *step.list();
      if (parts[0] == Value("w")) continue;
      budget_.spend();
      keys.push_back(to_json(parts[1]));
      seen.written.push_back(!parts[2].is_nil());
      if (parts[2].is_nil()) continue;
      ++seen.count;
      if (auto flaw = flaw_of(operation, keys.back(), parts[2])) return flaw;
    }
    if (keys.size() < 2) return std::nullopt;
    ++reads_;
    groups_[std::move(keys)].push_back(std::move(seen));
    return std::nullopt;
  }

  /// What was read must have been written.
  std::optional<CheckResult> flaw_of(const Operation& read, const std::string& key,
                                     const Value& value) const {
    const auto writer = writers_.find(key);
    if (writer == writers_.end() || value_written(*writer->second, key) != value) {
      return violation(long_fork_check, {read},
                       fmt::format("client {} read {} of register {}, which nobody wrote",
                                   client(read), history::brief(value), key));
    }
    if (writer->second->outcome != Outcome::fail) return std::nullopt;
    return violation(
        long_fork_check, {read, *writer->second},
        fmt::format("client {} read {} of register {}, which client {}'s transaction "
                    "had set although it was answered fail",
                    client(read), history::brief(value), key, client(*writer->second)));
  }

  static Value value_written(const Operation& write, const std::string& key) {
    for (const auto& step : *write.argument.list()) {
      const auto& parts = *step.list();
      if (parts[0] == Value("w") && to_json(parts[1]) == key) return parts[2];
    }
    return {};
  }

  std::optional<CheckResult> fork_in(const Keys& keys, std::vector<Seen>& reads) const {
    std::stable_sort(reads.begin(), reads.end(),
                     [](const Seen& left, const Seen& right) { return left.count < right.count; });
    for (std::size_t i = 1; i < reads.size(); ++i) {
      if (includes(reads[i], reads[i - 1])) continue;
      return fork_of(keys, reads[i - 1], reads[i]);
    }
    return std::nullopt;
  }

  CheckResult fork_of(const Keys& keys, const Seen& one, const Seen& other) const {
    const auto only = [&keys](const Seen& with, const Seen& without) {
      std::size_t place = 0;
      while (!with.written[place] || without.written[place]) ++place;
      return keys[place];
    };
    const auto first = only(one, other);
    const auto second = only(other, one);
    return violation(
        long_fork_check, {*one.read, *other.read, *writers_.at(first), *writers_.at(second)},
        fmt::format("client {} read {} as written and {} not, client {} the other way round",
                    client(*one.read), first, second, client(*other.read)));
  }

  const history::History& history_;
  Budget& budget_;
  /// By register.
  std::unordered_map<std::string, const Operation*> writers_;
  std::map<Keys, std::vector<Seen>> groups_;
  std::size_t reads_ = 0;
};

}  // namespace

CheckResult check_long_fork(const history::History& history, Budget budget) {
  return within_budget(long_fork_check, "reads",
                       [&] { return LongForks(history, budget).judge(); });
}

}  // namespace sunder::checker
