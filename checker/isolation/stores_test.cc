#include "checker/isolation/stores_test.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "checker/isolation/brute_force_test.h"

namespace sunder::checker::isolation::stores_test {

namespace {

using history::Outcome;
using history::Position;
using small_history_test::Micro;
using small_history_test::Small;
using small_history_test::SmallHistory;

class Play {
 public:
  Play(Random& random, Store store, const PlayShape& shape)
      : random_(random), store_(store), shape_(shape) {
    for (int i = 0; i < shape.keys; ++i) keys_.push_back(next_key_++);
    for (int i = 0; i < shape.clients; ++i) clients_.push_back({next_process_++, {}, 0});
  }

  SmallHistory run() {
    while (true) {
      const bool is_over = static_cast<int>(history_.size()) >= shape_.transactions;
      const bool none_open = std::none_of(clients_.begin(), clients_.end(),
                                          [](const auto& each) { return each.open.has_value(); });
      if (is_over && none_open) return std::move(history_);
      auto& client = clients_[static_cast<std::size_t>(random_.below(shape_.clients))];
      if (client.open) {
        advance(client);
      } else if (!is_over) {
        invoke(client);
      }
    }
  }

 private:
  struct Version {
    std::size_t commit = 0;
    int value = 0;
    std::size_t transaction = 0;
  };

  struct Open {
    std::size_t transaction = 0;
    std::size_t next_step = 0;
    bool is_over = false;
    /// How many commits it sees.
    std::size_t snapshot = 0;
    std::map<int, std::vector<int>> written;
    int waited = 0;
  };

  struct Client {
    int process = 0;
    std::optional<Open> open;
    /// How many commits it has seen.
    std::size_t seen = 0;
  };

  bool is_list(int key) const {
    return shape_.kind == Kind::lists || (shape_.kind == Kind::mixed && key % 2 == 1);
  }

  void invoke(Client& client) {
    auto& small = history_.emplace_back();
    small.process = client.process;
    small.invoked = now_++;
    const int steps = 1 + random_.below(shape_.steps);
    const bool only_reads = random_.chance(30);
    std::set<int> appended;
    for (int i = 0; i < steps; ++i) {
      auto& slot = keys_[static_cast<std::size_t>(random_.below(shape_.keys))];
      const int key = slot;
      // A list that was appended to is not read again where nobody locks it: the element's place is
      // not known before the commit.
      const bool must_write = appended.count(key) != 0 &&
                              (store_ == Store::repeatable_read || store_ == Store::read_committed);
      if (!must_write && (only_reads || random_.chance(50))) {
        small.steps.push_back(
            {is_list(key) ? Micro::Kind::read_list : Micro::Kind::read_register, key, 0, {}});
        continue;
      }
      const int value = ++written_[key];
      small.steps.push_back(
          {is_list(key) ? Micro::Kind::append : Micro::Kind::write, key, value, {}});
      if (is_list(key)) appended.insert(key);
      if (value >= shape_.writes_per_key) slot = next_key_++;
    }
    client.open = Open{history_.size() - 1, 0, false, 0, {}, 0};
  }

  static bool only_reads(const Small& small) {
    return std::none_of(small.steps.begin(), small.steps.end(),
                        [](const Micro& step) { return step.writes(); });
  }

  void advance(Client& client) {
    auto& open = *client.open;
    auto& small = history_[open.transaction];
    if (open.is_over) {
      if (small.outcome != Outcome::info) small.returned = now_++;
      client.open.reset();
      if (small.outcome == Outcome::info) client = {next_process_++, {}, 0};
      return;
    }
    if (open.next_step == 0) start(client);
    const bool at_once =
        store_ == Store::strict || store_ == Store::replica || store_ == Store::session_replica;
    do {
      if (!step(open, small)) return;
    } while (at_once && open.next_step < small.steps.size());
    if (at_once || open.next_step == small.steps.size()) finish(client);
  }

  void start(Client& client) {
    auto& open = *client.open;
    open.snapshot = commits_;
    if (!only_reads(history_[open.transaction])) return;
    const auto lag = static_cast<std::size_t>(random_.below(6));
    if (store_ == Store::replica || store_ == Store::session_replica) {
      open.snapshot -= std::min(lag, commits_);
    }
    if (store_ == Store::session_replica) open.snapshot = std::max(open.snapshot, client.seen);
  }

  /// False if it waits for a lock.
  bool step(Open& open, Small& small) {
    auto& step = small.steps[open.next_step];
    if (store_ == Store::read_committed) open.snapshot = commits_;
    if (store_ == Store::read_uncommitted) {
      open.snapshot = commits_;
      if (step.writes() && !lock(open, small, step.key)) return false;
    }
    if (step.writes()) {
      open.written[step.key].push_back(step.value);
      if (store_ == Store::read_uncommitted) {
        versions_[step.key].push_back({commits_, step.value, open.transaction});
      }
    } else {
      answer(step, open);
    }
    ++open.next_step;
    return true;
  }

  /// Who waits for long stands in a deadlock: it is rolled back.
  bool lock(Open& open, Small& small, int key) {
    const auto [holder, is_free] = locks_.try_emplace(key, open.transaction);
    if (is_free || holder->second == open.transaction) return true;
    if (++open.waited > 10) {
      small.outcome = Outcome::fail;
      roll_back(open);
    }
    return false;
  }

  void answer(Micro& step, const Open& open) {
    std::vector<int> values;
    for (const auto& version : versions_[step.key]) {
      if (version.commit <= open.snapshot) values.push_back(version.value);
    }
    const auto own = open.written.find(step.key);
    if (own != open.written.end() && store_ != Store::read_uncommitted) {
      values.insert(values.end(), own->second.begin(), own->second.end());
    }
    if (step.kind == Micro::Kind::read_list) {
      step.list = std::move(values);
    } else {
      step.value = values.empty() ? 0 : values.back();
    }
  }

  void finish(Client& client) {
    auto& open = *client.open;
    auto& small = history_[open.transaction];
    const bool crashes = random_.chance(shape_.info_percent);
    const bool conflicts = store_ == Store::snapshot && has_conflict(open);
    if (crashes) small.outcome = Outcome::info;
    const bool aborts =
        conflicts || (crashes ? random_.chance(50) : random_.chance(shape_.fail_percent));
    if (!aborts) {
      commit(open);
      client.seen = std::max(client.seen, only_reads(small) ? open.snapshot : commits_);
    } else {
      if (!crashes) small.outcome = Outcome::fail;
      roll_back(open);
    }
    if (small.outcome != Outcome::ok) forget_answers(small);
    open.is_over = true;
  }

  bool has_conflict(const Open& open) {
    return std::any_of(open.written.begin(), open.written.end(), [&](const auto& written) {
      const auto& versions = versions_[written.first];
      return !versions.empty() && versions.back().commit > open.snapshot;
    });
  }

  void commit(const Open& open) {
    ++commits_;
    release(open);
    if (store_ == Store::read_uncommitted) return;
    for (const auto& [key, values] : open.written) {
      for (const auto value : values) {
        versions_[key].push_back({commits_, value, open.transaction});
      }
    }
  }

  void roll_back(Open& open) {
    for (const auto& [key, values] : open.written) {
      std::erase_if(versions_[key], [&](const Version& version) {
        return version.transaction == open.transaction;
      });
    }
    release(open);
    forget_answers(history_[open.transaction]);
    open.is_over = true;
  }

  void release(const Open& open) {
    std::erase_if(locks_, [&](const auto& lock) { return lock.second == open.transaction; });
  }

  static void forget_answers(Small& small) {
    for (auto& step : small.steps) {
      if (step.reads()) step = {Micro::Kind::unanswered, step.key, 0, {}};
    }
  }

  Random& random_;
  Store store_;
  PlayShape shape_;
  SmallHistory history_;
  std::vector<Client> clients_;
  std::vector<int> keys_;
  /// The greatest value written to each key.
  std::map<int, int> written_;
  std::map<int, std::vector<Version>> versions_;
  std::map<int, std::size_t> locks_;
  std::size_t commits_ = 0;
  Position now_ = 0;
  int next_key_ = 1;
  int next_process_ = 0;
};

constexpr Level plain_level(Model model) {
  return {model, Order::values};
}

}  // namespace

SmallHistory play(Random& random, Store store, const PlayShape& shape) {
  return Play(random, store, shape).run();
}

std::vector<Level> levels_given_by(Store store) {
  switch (store) {
    case Store::strict:
      return {{Model::serializable, Order::real_time}};
    case Store::session_replica:
      return {{Model::serializable, Order::session}};
    case Store::replica:
      return {plain_level(Model::serializable)};
    case Store::snapshot:
      return {{Model::snapshot_isolation, Order::real_time}};
    case Store::repeatable_read:
      return {plain_level(Model::causal), {Model::read_committed, Order::real_time}};
    case Store::read_committed:
      return {plain_level(Model::monotonic_atomic_view), {Model::read_committed, Order::real_time}};
    case Store::read_uncommitted:
      return {{Model::read_uncommitted, Order::real_time}};
  }
  return {};
}

std::vector<Level> levels_broken_by(Store store) {
  switch (store) {
    case Store::strict:
      return {};
    case Store::session_replica:
      return {{Model::consistent_view, Order::real_time}};
    case Store::replica:
      return {{Model::consistent_view, Order::session}};
    case Store::snapshot:
      return {plain_level(Model::repeatable_read)};
    case Store::repeatable_read:
      return {plain_level(Model::cursor_stability)};
    case Store::read_committed:
      return {plain_level(Model::cursor_stability), plain_level(Model::read_atomic)};
    case Store::read_uncommitted:
      return {plain_level(Model::read_committed)};
  }
  return {};
}

const char* name_of(Store store) {
  constexpr const char* names[] = {"strict",          "session replica", "replica",
                                   "snapshot",        "repeatable read", "read committed",
                                   "read uncommitted"};
  return names[static_cast<std::size_t>(store)];
}

namespace {

TEST(Stores, brute_force_allows_each_at_its_level) {
  std::size_t broken = 0;
  for (int seed = 0; seed < 700; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const auto store = static_cast<Store>(seed % static_cast<int>(store_count));
    PlayShape shape;
    shape.transactions = 2 + random.below(5);
    shape.keys = 1 + random.below(3);
    shape.kind = static_cast<Kind>(random.below(3));
    shape.info_percent = random.below(40);
    const auto history = play(random, store, shape);
    const brute_force_test::Allowed allowed(history);
    for (const auto level : levels_given_by(store)) {
      EXPECT_TRUE(allowed.allows(level))
          << name_of(store) << " seed " << seed << " at " << isolation::name_of(level) << '\n'
          << to_lines(history);
    }
    for (const auto level : levels_broken_by(store)) broken += allowed.allows(level) ? 0U : 1U;
  }
  EXPECT_GT(broken, 30U);
}

}  // namespace

}  // namespace sunder::checker::isolation::stores_test
