#include "checker/isolation/brute_force_test.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace sunder::checker::isolation::brute_force_test {

namespace {

using small_history_test::Micro;
using small_history_test::Small;
using small_history_test::SmallHistory;

/// A set of transactions.
using Mask = std::uint32_t;

constexpr Mask only(std::size_t transaction) {
  return Mask{1} << transaction;
}

constexpr LevelBits all_orders_of(Model model) {
  return bit_of(model, Order::values) | bit_of(model, Order::session) |
         bit_of(model, Order::real_time);
}

constexpr std::array orders = {Order::values, Order::session, Order::real_time};

/// Those of a transaction to one key, in its order.
std::vector<int> writes_of(const Small& transaction, int key) {
  std::vector<int> values;
  for (const auto& step : transaction.steps) {
    if (step.writes() && step.key == key) values.push_back(step.value);
  }
  return values;
}

bool holds(const std::vector<int>& values, int value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool begins_with(const std::vector<int>& list, const std::vector<int>& prefix) {
  return prefix.size() <= list.size() && std::equal(prefix.begin(), prefix.end(), list.begin());
}

/// What is known of a history without any order.
struct Facts {
  explicit Facts(const SmallHistory& of) : history(of) {
    for (const auto& transaction : history) {
      for (const auto& step : transaction.steps) {
        if (step.kind != Micro::Kind::unanswered) keys.insert(step.key);
        if (step.kind == Micro::Kind::append || step.kind == Micro::Kind::read_list) {
          lists.insert(step.key);
        }
        if (step.writes()) written[step.key].push_back(step.value);
      }
    }
    for (std::size_t t = 0; t < history.size(); ++t) {
      if (history[t].outcome == history::Outcome::ok) ok |= only(t);
      if (history[t].outcome == history::Outcome::info) info |= only(t);
      for (std::size_t earlier = 0; earlier < history.size(); ++earlier) {
        // Of an unanswered transaction nobody knows when it committed, so that nothing is after it.
        if (history[earlier].outcome != history::Outcome::ok) continue;
        if (history[earlier].returned >= history[t].invoked) continue;
        real_time[t] |= only(earlier);
        if (history[earlier].process == history[t].process) session[t] |= only(earlier);
      }
    }
  }

  /// Those that `order` puts before the transaction.
  Mask before(Order order, std::size_t transaction) const {
    if (order == Order::values) return 0;
    return order == Order::session ? session[transaction] : real_time[transaction];
  }

  const SmallHistory& history;
  std::set<int> keys;
  std::set<int> lists;
  std::map<int, std::vector<int>> written;
  Mask ok = 0;
  Mask info = 0;
  std::array<Mask, 16> session{};
  std::array<Mask, 16> real_time{};
};

/// Cerone, Bernardi, Gotsman 2015, axiom INT: a read agrees with the transaction's own last
/// operation on the key.
bool is_internally_consistent(const Small& transaction) {
  struct Expected {
    std::optional<std::vector<int>> value;
    std::vector<int> appended;
  };
  std::map<int, Expected> keys;
  for (const auto& step : transaction.steps) {
    auto& expected = keys[step.key];
    if (step.kind == Micro::Kind::append) {
      (expected.value ? *expected.value : expected.appended).push_back(step.value);
    } else if (step.kind == Micro::Kind::write) {
      expected.value = {step.value};
    } else if (step.reads()) {
      const auto seen = step.kind == Micro::Kind::read_list ? step.list : std::vector{step.value};
      if (expected.value && *expected.value != seen) return false;
      const auto& tail = expected.appended;
      if (tail.size() > seen.size() || !std::equal(tail.rbegin(), tail.rend(), seen.rbegin())) {
        return false;
      }
      expected = {seen, {}};
    }
  }
  return true;
}

/// Each order in which the committed transactions can have committed: of a key, versions follow one
/// another in that order. The levels from read committed on ask that there be one, and forbid what
/// reads may see of it. What a transaction may see depends only on those in front of it, so that an
/// order is given up as soon as no level is left.
class CommitOrders {
 public:
  CommitOrders(const Facts& facts, Mask committed, LevelBits& allowed)
      : facts_(facts), committed_(committed), allowed_(allowed) {
    for (const auto key : facts.keys) versions_[key].ends = {0};
  }

  void try_all(LevelBits alive) {
    if ((alive & ~allowed_) == 0) return;
    if (placed_ == committed_) {
      allowed_ |= alive;
      return;
    }
    for (std::size_t t = 0; t < facts_.history.size(); ++t) {
      if ((committed_ & ~placed_ & only(t)) == 0) continue;
      const auto left = alive & allowed_behind_the_others(t);
      if (left == 0) continue;
      place(t);
      try_all(left);
      take_back(t);
    }
  }

 private:
  struct Versions {
    /// Who wrote each version behind the initial one.
    std::vector<std::size_t> writers;
    /// Of a list: the newest version, and how long each one is, the initial one first.
    std::vector<int> list;
    std::vector<std::size_t> ends;
  };

  /// A version that a transaction read, by its number; 0 is the initial one.
  struct Seen {
    int key = 0;
    std::size_t version = 0;
  };

  /// What is before a transaction.
  struct Behind {
    /// By Order: what the transaction must see if it sees all that precedes what it sees.
    std::array<Mask, 3> causes{};
    /// The same, if it also follows the writers of the versions under those that it wrote.
    std::array<Mask, 3> influences{};
  };

  void place(std::size_t t) {
    behind_[t] = behind(t, *versions_seen_by(t));
    position_[t] = count_of(placed_);
    placed_ |= only(t);
    for (auto& [key, versions] : versions_) {
      const auto values = writes_of(facts_.history[t], key);
      if (values.empty()) continue;
      versions.writers.push_back(t);
      versions.list.insert(versions.list.end(), values.begin(), values.end());
      versions.ends.push_back(versions.list.size());
    }
  }

  void take_back(std::size_t t) {
    placed_ &= ~only(t);
    for (auto& [key, versions] : versions_) {
      if (versions.writers.empty() || versions.writers.back() != t) continue;
      versions.writers.pop_back();
      versions.ends.pop_back();
      versions.list.resize(versions.ends.back());
    }
  }

  static std::size_t count_of(Mask mask) {
    return static_cast<std::size_t>(__builtin_popcount(mask));
  }

  /// Read committed, Adya 1999, PL-2: each read is of a version that was committed before, or of
  /// the transaction's own. Absent if one is not. Reads of own versions are left out.
  std::optional<std::vector<Seen>> versions_seen_by(std::size_t t) const {
    std::vector<Seen> all;
    std::map<int, std::vector<int>> own;
    for (const auto& step : facts_.history[t].steps) {
      if (step.writes()) own[step.key].push_back(step.value);
      if (!step.reads()) continue;
      const auto& versions = versions_.at(step.key);
      const auto& mine = own[step.key];
      const auto version = step.kind == Micro::Kind::read_list
                               ? list_seen(step.list, versions, mine)
                               : register_seen(step.value, step.key, versions, mine);
      if (!version) return std::nullopt;
      if (*version != its_own) all.push_back({step.key, *version});
    }
    return all;
  }

  static std::optional<std::size_t> list_seen(const std::vector<int>& list,
                                              const Versions& versions,
                                              const std::vector<int>& own) {
    if (!list.empty() && holds(own, list.back())) {
      // Directly behind the newest version: the own version stands there.
      const auto common = versions.list.size();
      if (!begins_with(list, versions.list) || list.size() <= common) return std::nullopt;
      const std::vector<int> added(list.begin() + static_cast<std::ptrdiff_t>(common), list.end());
      return begins_with(own, added) ? std::optional(its_own) : std::nullopt;
    }
    if (!begins_with(versions.list, list)) return std::nullopt;
    const auto end = std::find(versions.ends.begin(), versions.ends.end(), list.size());
    if (end == versions.ends.end()) return std::nullopt;
    return static_cast<std::size_t>(end - versions.ends.begin());
  }

  std::optional<std::size_t> register_seen(int value, int key, const Versions& versions,
                                           const std::vector<int>& own) const {
    if (value == 0) return 0;
    if (holds(own, value)) return its_own;
    for (std::size_t i = 0; i < versions.writers.size(); ++i) {
      if (writes_of(facts_.history[versions.writers[i]], key).back() == value) return i + 1;
    }
    return std::nullopt;
  }

  /// The writers of later versions.
  Mask missed(const Seen& seen) const {
    Mask writers = 0;
    const auto& versions = versions_.at(seen.key);
    for (std::size_t i = seen.version; i < versions.writers.size(); ++i) {
      writers |= only(versions.writers[i]);
    }
    return writers;
  }

  Mask writer_of(const Seen& seen) const {
    return seen.version == 0 ? 0 : only(versions_.at(seen.key).writers[seen.version - 1]);
  }

  Behind behind(std::size_t t, const std::vector<Seen>& seen) const {
    Mask read_from = 0;
    for (const auto& each : seen) read_from |= writer_of(each);
    Mask overwritten = 0;
    for (const auto& [key, versions] : versions_) {
      if (writes_of(facts_.history[t], key).empty()) continue;
      for (const auto writer : versions.writers) overwritten |= only(writer);
    }
    Behind result;
    for (const auto order : orders) {
      const auto kind = static_cast<std::size_t>(order);
      const auto given = facts_.before(order, t) & committed_;
      // Causality has the order of sessions in it.
      const auto session = facts_.session[t] & committed_;
      result.causes[kind] = read_from | given | session;
      result.influences[kind] = read_from | given | overwritten;
      const auto causes = result.causes[kind];
      const auto influences = result.influences[kind];
      for (std::size_t u = 0; u < facts_.history.size(); ++u) {
        if ((causes & placed_ & only(u)) != 0) result.causes[kind] |= behind_[u].causes[kind];
        if ((influences & placed_ & only(u)) != 0) {
          result.influences[kind] |= behind_[u].influences[kind];
        }
      }
    }
    return result;
  }

  LevelBits allowed_behind_the_others(std::size_t t) const {
    const auto seen = versions_seen_by(t);
    if (!seen) return 0;
    LevelBits bits = all_orders_of(Model::read_committed);
    if (is_stable_at_cursors(t, *seen)) bits |= all_orders_of(Model::cursor_stability);
    if (is_monotonic(*seen)) bits |= all_orders_of(Model::monotonic_atomic_view);
    const bool is_consistent = is_internally_consistent(facts_.history[t]);
    const auto all = behind(t, *seen);
    // Adya, PL-2.99 and PL-3: no read misses a version. They differ by predicates, which there are
    // none of, and here by INT.
    if (none_missed(*seen, ~Mask{0})) {
      bits |= all_orders_of(Model::repeatable_read);
      if (is_consistent) bits |= all_orders_of(Model::serializable);
    }
    for (const auto order : orders) {
      const auto kind = static_cast<std::size_t>(order);
      // Adya 1999, PL-2+: what a read missed did not influence the transaction in any way.
      if (none_missed(*seen, all.influences[kind])) bits |= bit_of(Model::consistent_view, order);
      if (!is_consistent) continue;
      // Cerone, Bernardi, Gotsman 2015: EXT; who is visible is visible with all its writes.
      Mask visible = facts_.before(order, t) & committed_;
      for (const auto& each : *seen) visible |= writer_of(each);
      if (none_missed(*seen, visible)) bits |= bit_of(Model::read_atomic, order);
      // The same with TRANSVIS.
      if (none_missed(*seen, all.causes[kind])) bits |= bit_of(Model::causal, order);
      if (has_snapshot(t, *seen, facts_.before(order, t) & committed_)) {
        bits |= bit_of(Model::snapshot_isolation, order);
      }
    }
    return bits & ~broken_orders(t);
  }

  /// Of levels that keep an order which this place breaks.
  LevelBits broken_orders(std::size_t t) const {
    LevelBits broken = 0;
    for (unsigned model = 0; model <= static_cast<unsigned>(Model::serializable); ++model) {
      for (const auto order : orders) {
        const auto kept = model == static_cast<unsigned>(Model::causal) && order == Order::values
                              ? Order::session
                              : order;
        if ((facts_.before(kept, t) & committed_ & ~placed_) != 0) {
          broken |= bit_of(static_cast<Model>(model), order);
        }
      }
    }
    return broken;
  }

  bool none_missed(const std::vector<Seen>& all, Mask of) const {
    return std::none_of(all.begin(), all.end(),
                        [&](const Seen& seen) { return (missed(seen) & of) != 0; });
  }

  /// Adya 1999, PL-CS, where every read is a cursor's: who read a key and wrote it wrote the
  /// version behind the one that it read.
  bool is_stable_at_cursors(std::size_t t, const std::vector<Seen>& all) const {
    return std::all_of(all.begin(), all.end(), [&](const Seen& seen) {
      return missed(seen) == 0 || writes_of(facts_.history[t], seen.key).empty();
    });
  }

  /// Bailis et al. 2013, monotonic atomic view: who has seen a transaction's effect misses no other
  /// one afterwards.
  bool is_monotonic(const std::vector<Seen>& all) const {
    Mask effects = 0;
    for (const auto& seen : all) {
      if ((missed(seen) & effects) != 0) return false;
      effects |= writer_of(seen);
    }
    return true;
  }

  /// Cerone, Gotsman 2016: the transaction started at a moment between two commits, behind all of
  /// `before`. It reads what was committed then, and nobody has since written what it writes.
  bool has_snapshot(std::size_t t, const std::vector<Seen>& all, Mask before) const {
    Mask within = before;
    Mask beyond = 0;
    for (const auto& seen : all) {
      within |= writer_of(seen);
      beyond |= missed(seen);
    }
    for (const auto& [key, versions] : versions_) {
      if (writes_of(facts_.history[t], key).empty()) continue;
      for (const auto writer : versions.writers) within |= only(writer);
    }
    for (std::size_t start = 0; start <= count_of(placed_); ++start) {
      Mask snapshot = 0;
      for (std::size_t u = 0; u < facts_.history.size(); ++u) {
        if ((placed_ & only(u)) != 0 && position_[u] < start) snapshot |= only(u);
      }
      if ((within & ~snapshot) == 0 && (beyond & snapshot) == 0) return true;
    }
    return false;
  }

  static constexpr std::size_t its_own = 1'000'000;

  const Facts& facts_;
  Mask committed_;
  LevelBits& allowed_;
  Mask placed_ = 0;
  std::map<int, Versions> versions_;
  std::array<Behind, 16> behind_{};
  std::array<std::size_t, 16> position_{};
};

/// What reads of a list show of the order of committed appends.
struct Shown {
  /// They come first and in this order.
  std::vector<int> order;
  /// Where dirty reads are allowed, reads can contradict one another. `order` ends in front of the
  /// first element on which two of them differ.
  bool is_whole = true;
};

Shown order_shown(const Facts& facts, Mask committed, int key) {
  std::vector<int> elements;
  for (std::size_t t = 0; t < facts.history.size(); ++t) {
    if ((committed & only(t)) == 0) continue;
    const auto own = writes_of(facts.history[t], key);
    elements.insert(elements.end(), own.begin(), own.end());
  }
  std::vector<std::vector<int>> all;
  Shown shown;
  for (const auto& transaction : facts.history) {
    if (transaction.outcome != history::Outcome::ok) continue;
    for (const auto& step : transaction.steps) {
      if (step.kind != Micro::Kind::read_list || step.key != key) continue;
      auto& seen = all.emplace_back();
      // Elements of others were seen before they vanished again.
      for (const auto element : step.list) {
        if (holds(elements, element)) seen.push_back(element);
      }
      if (seen.size() > shown.order.size()) shown.order = seen;
    }
  }
  for (const auto& seen : all) {
    const auto length = std::min(seen.size(), shown.order.size());
    const auto end = shown.order.begin() + static_cast<std::ptrdiff_t>(length);
    const auto [differs, unused] = std::mismatch(shown.order.begin(), end, seen.begin());
    if (differs == end) continue;
    shown.order.erase(differs, shown.order.end());
    shown.is_whole = false;
  }
  return shown;
}

/// What a committed transaction appended to a key is seen from its first append on, in its order.
bool shows_appends_in_order(const Facts& facts, Mask committed) {
  for (const auto& transaction : facts.history) {
    if (transaction.outcome != history::Outcome::ok) continue;
    for (const auto& step : transaction.steps) {
      if (step.kind != Micro::Kind::read_list) continue;
      for (std::size_t t = 0; t < facts.history.size(); ++t) {
        if ((committed & only(t)) == 0) continue;
        const auto own = writes_of(facts.history[t], step.key);
        std::vector<int> seen;
        for (const auto element : step.list) {
          if (holds(own, element)) seen.push_back(element);
        }
        if (!begins_with(own, seen)) return false;
      }
    }
  }
  return true;
}

/// Read uncommitted, Adya 1999, PL-1: there is one order of the committed transactions in which all
/// their writes stand. Reads see anything that was ever written.
class WriteOrders {
 public:
  WriteOrders(const Facts& facts, Mask committed, LevelBits& allowed)
      : facts_(facts), committed_(committed), allowed_(allowed) {
    for (const auto key : facts.lists) {
      shown_[key] = order_shown(facts, committed, key).order;
    }
  }

  void try_all(LevelBits alive) {
    if ((alive & ~allowed_) == 0) return;
    if (placed_ == committed_) {
      allowed_ |= alive;
      return;
    }
    for (std::size_t t = 0; t < facts_.history.size(); ++t) {
      if ((committed_ & ~placed_ & only(t)) == 0) continue;
      const auto lengths = lengths_;
      if (append(facts_.history[t])) {
        placed_ |= only(t);
        auto left = alive;
        for (const auto order : orders) {
          if ((facts_.before(order, t) & committed_ & ~placed_) == 0) continue;
          left &= ~bit_of(Model::read_uncommitted, order);
        }
        try_all(left);
        placed_ &= ~only(t);
      }
      lengths_ = lengths;
    }
  }

 private:
  /// Whether what it appends stands where reads show it.
  bool append(const Small& transaction) {
    for (const auto& step : transaction.steps) {
      if (step.kind != Micro::Kind::append) continue;
      const auto& shown = shown_[step.key];
      const auto place = lengths_[step.key]++;
      if (place < shown.size() && shown[place] != step.value) return false;
    }
    return true;
  }

  const Facts& facts_;
  Mask committed_;
  LevelBits& allowed_;
  Mask placed_ = 0;
  std::map<int, std::vector<int>> shown_;
  std::map<int, std::size_t> lengths_;
};

/// The guarantees of sessions, Terry et al. 1994, of each key by itself: there is an order of the
/// key's versions in which no client goes back. Elements that vanished again say nothing, as with
/// uncommitted reads.
class SessionGuarantees {
 public:
  SessionGuarantees(const Facts& facts, Mask committed) : facts_(facts), committed_(committed) {}

  LevelBits allowed() const {
    auto bits = all();
    for (const auto key : facts_.keys) bits &= allowed_at(key);
    return bits;
  }

  static LevelBits all() {
    LevelBits bits = 0;
    for (const auto model : {Model::monotonic_reads, Model::monotonic_writes,
                             Model::read_your_writes, Model::writes_follow_reads, Model::pram}) {
      bits |= bit_of(model, Order::values);
    }
    return bits;
  }

 private:
  /// Twice the places of a transaction's first and last version.
  struct Places {
    std::size_t first = 0;
    std::size_t last = 0;
  };
  using Ranks = std::map<std::size_t, Places>;

  LevelBits allowed_at(int key) const {
    if (facts_.lists.count(key) != 0) return allowed_at_list(key);
    std::vector<std::size_t> writers;
    for (std::size_t t = 0; t < facts_.history.size(); ++t) {
      if ((committed_ & only(t)) == 0) continue;
      if (!writes_of(facts_.history[t], key).empty()) writers.push_back(t);
    }
    LevelBits bits = 0;
    do {
      Ranks ranks;
      for (std::size_t i = 0; i < writers.size(); ++i) ranks[writers[i]] = {2 * i, 2 * i};
      bits |= allowed_by(key, ranks, unlimited);
    } while (bits != all() && std::next_permutation(writers.begin(), writers.end()));
    return bits;
  }

  LevelBits allowed_at_list(int key) const {
    const auto shown = order_shown(facts_, committed_, key);
    Ranks ranks;
    for (std::size_t t = 0; t < facts_.history.size(); ++t) {
      if ((committed_ & only(t)) == 0) continue;
      for (const auto element : writes_of(facts_.history[t], key)) {
        const auto at = std::find(shown.order.begin(), shown.order.end(), element);
        // Those that are not there can follow in the order of invocation.
        const auto place = at == shown.order.end()
                               ? 2 * (shown.order.size() + 1 + t)
                               : 2 * static_cast<std::size_t>(at - shown.order.begin());
        const auto [ranked, is_first] = ranks.try_emplace(t, Places{place, place});
        if (is_first) continue;
        ranked->second.first = std::min(ranked->second.first, place);
        ranked->second.last = std::max(ranked->second.last, place);
      }
    }
    return allowed_by(key, ranks, shown.is_whole ? unlimited : shown.order.size());
  }

  /// How many versions are in a known order.
  static constexpr std::size_t unlimited = 1'000'000;

  LevelBits allowed_by(int key, const Ranks& ranks, std::size_t known) const {
    LevelBits bits = all();
    for (std::size_t later = 0; later < facts_.history.size(); ++later) {
      for (std::size_t earlier = 0; earlier < facts_.history.size(); ++earlier) {
        if ((committed_ & only(later)) == 0) continue;
        if ((facts_.session[later] & only(earlier)) == 0) continue;
        bits &= ~broken_between(earlier, later, key, ranks, known);
      }
    }
    for (const auto model :
         {Model::monotonic_reads, Model::monotonic_writes, Model::read_your_writes}) {
      if ((bits & bit_of(model, Order::values)) == 0) bits &= ~bit_of(Model::pram, Order::values);
    }
    return bits;
  }

  LevelBits broken_between(std::size_t earlier, std::size_t later, int key, const Ranks& ranks,
                           std::size_t known) const {
    LevelBits broken = 0;
    const auto break_if = [&](bool is_broken, Model model) {
      if (is_broken) broken |= bit_of(model, Order::values);
    };
    const auto written = ranks.find(earlier);
    const auto then_written = ranks.find(later);
    auto seen_later = seen_by(later, key, ranks);
    auto seen_earlier = seen_by(earlier, key, ranks);
    // What is behind the known order may be anywhere there.
    for (auto& version : seen_later) version = version > known ? 2 * unlimited : 2 * version;
    for (auto& before : seen_earlier) before = before > known ? 2 * known + 1 : 2 * before;
    if (written != ranks.end()) {
      const auto last = written->second.last;
      break_if(then_written != ranks.end() && then_written->second.first < last,
               Model::monotonic_writes);
      for (const auto version : seen_later) break_if(version <= last, Model::read_your_writes);
    }
    for (const auto before : seen_earlier) {
      break_if(then_written != ranks.end() && then_written->second.first < before,
               Model::writes_follow_reads);
      for (const auto version : seen_later) break_if(version < before, Model::monotonic_reads);
    }
    return broken;
  }

  /// How many versions each read saw, in the order of the ranks.
  std::vector<std::size_t> seen_by(std::size_t t, int key, const Ranks& ranks) const {
    std::vector<std::size_t> all;
    const auto& transaction = facts_.history[t];
    if (transaction.outcome != history::Outcome::ok) return all;
    for (const auto& step : transaction.steps) {
      if (step.key != key || !step.reads()) continue;
      if (step.kind == Micro::Kind::read_list) {
        all.push_back(static_cast<std::size_t>(
            std::count_if(step.list.begin(), step.list.end(),
                          [&](int element) { return is_committed(element, key); })));
      } else if (step.value == 0) {
        all.push_back(0);
      } else {
        for (const auto& [writer, places] : ranks) {
          if (writes_of(facts_.history[writer], key).back() == step.value) {
            all.push_back(places.last / 2 + 1);
          }
        }
      }
    }
    return all;
  }

  bool is_committed(int element, int key) const {
    for (std::size_t t = 0; t < facts_.history.size(); ++t) {
      if ((committed_ & only(t)) != 0 && holds(writes_of(facts_.history[t], key), element)) {
        return true;
      }
    }
    return false;
  }

  const Facts& facts_;
  Mask committed_;
};

/// A read of what nobody wrote, or of an element twice. No level is about systems that make values
/// up.
bool has_garbage(const Facts& facts) {
  for (const auto& transaction : facts.history) {
    if (transaction.outcome != history::Outcome::ok) continue;
    for (const auto& step : transaction.steps) {
      if (!step.reads()) continue;
      auto seen = step.list;
      if (step.kind == Micro::Kind::read_register && step.value != 0) seen = {step.value};
      const auto written = facts.written.find(step.key);
      for (const auto value : seen) {
        if (written == facts.written.end() || !holds(written->second, value)) return true;
        if (std::count(seen.begin(), seen.end(), value) > 1) return true;
      }
    }
  }
  return false;
}

}  // namespace

Allowed::Allowed(const SmallHistory& history) {
  const Facts facts(history);
  const bool is_garbage = has_garbage(facts);
  LevelBits transactional = 0;
  for (auto model = Model::read_committed; model <= Model::serializable;
       model = static_cast<Model>(static_cast<int>(model) + 1)) {
    transactional |= all_orders_of(model);
  }
  // Each subset of the unanswered transactions: those have committed.
  for (Mask some = facts.info;; some = (some - 1) & facts.info) {
    const auto committed = facts.ok | some;
    bits_ |= SessionGuarantees(facts, committed).allowed();
    if (!is_garbage) {
      if (shows_appends_in_order(facts, committed)) {
        WriteOrders(facts, committed, bits_).try_all(all_orders_of(Model::read_uncommitted));
      }
      CommitOrders(facts, committed, bits_).try_all(transactional);
    }
    if (some == 0) break;
  }
}

}  // namespace sunder::checker::isolation::brute_force_test
