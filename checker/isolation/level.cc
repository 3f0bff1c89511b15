#include "checker/isolation/level.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::checker::isolation {

namespace {

using enum Model;

constexpr std::array<std::string_view, 15> model_names{"monotonic-reads",
                                                       "monotonic-writes",
                                                       "read-your-writes",
                                                       "writes-follow-reads",
                                                       "pram",
                                                       "read-uncommitted",
                                                       "read-committed",
                                                       "cursor-stability",
                                                       "monotonic-atomic-view",
                                                       "read-atomic",
                                                       "causal",
                                                       "consistent-view",
                                                       "repeatable-read",
                                                       "snapshot-isolation",
                                                       "serializable"};

/// The models that cycles define: order edges in the cycles make their stronger variants.
constexpr std::array ordered_models{read_uncommitted, read_committed,     consistent_view,
                                    repeatable_read,  snapshot_isolation, serializable};

bool has_variants(Model model) {
  return std::find(ordered_models.begin(), ordered_models.end(), model) != ordered_models.end();
}

struct Implication {
  Level stronger;
  std::vector<Level> weaker;
};

constexpr Level plain(Model model) {
  return {model, Order::values};
}
constexpr Level session(Model model) {
  return {model, Order::session};
}

/// What each level implies at once. The reasons:
/// - Adya (1999): PL-3, PL-2.99, PL-2+ (consistent view), PL-CS, PL-2, PL-1. Without predicates
///   each cycle of PL-2+ is one of PL-2.99. A cycle of PL-CS has one rw edge, as those of PL-2+.
/// - Bailis et al. (2014): an observed transaction that vanishes, which monotonic atomic view
///   forbids, is a cycle of one wr, one rw and ww edges; so is a fractured read.
/// - Cerone, Gotsman (2017): snapshot isolation and causal consistency imply the read atomic model.
///   Their snapshot isolation has the session order, and implies causal consistency: here that is
///   the strong session variant.
/// - Each cycle of a session guarantee has only edges of one key and one session edge: ww
/// (monotonic
///   writes), ww and wr (writes follow reads), and one rw besides (the other two).
const std::vector<Implication>& implications_of_models() {
  static const std::vector<Implication> all{
      {plain(pram), {plain(monotonic_reads), plain(monotonic_writes), plain(read_your_writes)}},
      {plain(read_committed), {plain(read_uncommitted)}},
      {plain(cursor_stability), {plain(read_committed)}},
      {plain(monotonic_atomic_view), {plain(read_committed)}},
      {plain(read_atomic), {plain(monotonic_atomic_view)}},
      {plain(causal),
       {plain(read_atomic), plain(pram), plain(writes_follow_reads), session(read_committed)}},
      {plain(consistent_view), {plain(cursor_stability), plain(monotonic_atomic_view)}},
      {plain(repeatable_read), {plain(consistent_view)}},
      {plain(snapshot_isolation), {plain(consistent_view), plain(read_atomic)}},
      {plain(serializable), {plain(repeatable_read), plain(snapshot_isolation)}},
      {session(read_uncommitted), {plain(monotonic_writes)}},
      {session(read_committed), {session(read_uncommitted), plain(writes_follow_reads)}},
      {session(consistent_view), {session(read_committed), plain(pram)}},
      {session(repeatable_read), {session(consistent_view)}},
      {session(snapshot_isolation), {session(consistent_view), plain(causal)}},
      {session(serializable), {session(repeatable_read), session(snapshot_isolation)}}};
  return all;
}

/// What real time implies is what the session order implies: a client's transactions follow one
/// another.
std::vector<Implication> direct_implications() {
  auto all = implications_of_models();
  for (const auto model : ordered_models) {
    all.push_back({session(model), {plain(model)}});
    all.push_back({{model, Order::real_time}, {session(model)}});
  }
  for (const auto& [stronger, weaker] : implications_of_models()) {
    if (stronger.order != Order::session) continue;
    for (const auto level : weaker) {
      if (level.order != Order::session) continue;
      all.push_back({{stronger.model, Order::real_time}, {{level.model, Order::real_time}}});
    }
  }
  return all;
}

std::vector<Level> levels_in_order() {
  std::vector<Level> all;
  for (std::size_t i = 0; i < model_names.size(); ++i) {
    const auto model = static_cast<Model>(i);
    all.push_back(plain(model));
    if (!has_variants(model)) continue;
    all.push_back(session(model));
    all.push_back({model, Order::real_time});
  }
  return all;
}

using LevelSet = std::bitset<64>;

std::size_t place_of(Level level) {
  const auto& all = all_levels();
  const auto at = std::lower_bound(all.begin(), all.end(), level);
  return at != all.end() && *at == level ? static_cast<std::size_t>(at - all.begin()) : all.size();
}

/// A row for each level: those that it implies.
std::vector<LevelSet> closure() {
  const auto& all = all_levels();
  std::vector<LevelSet> rows(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) rows[i].set(i);
  const auto direct = direct_implications();
  // The levels are sorted, so what a level implies is complete before the level is looked at.
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto& [stronger, weaker] : direct) {
      if (stronger != all[i]) continue;
      for (const auto level : weaker) rows[i] |= rows[place_of(level)];
    }
  }
  return rows;
}

}  // namespace

std::string name_of(Level level) {
  const auto name = model_names.at(static_cast<std::size_t>(level.model));
  if (level.order == Order::values) return std::string(name);
  if (level.order == Order::session) return fmt::format("strong-session-{}", name);
  return level.model == serializable ? "strict-serializable" : fmt::format("strong-{}", name);
}

Level level_named(std::string_view name) {
  if (name == "snapshot") name = "snapshot-isolation";
  if (name == "strict" || name == "strong-serializable") name = "strict-serializable";
  std::vector<std::string> known;
  for (const auto level : all_levels()) {
    known.push_back(name_of(level));
    if (known.back() == name) return level;
  }
  throw std::invalid_argument(
      fmt::format("there is no isolation level {}; there are {}", name, fmt::join(known, ", ")));
}

const std::vector<Level>& all_levels() {
  static const std::vector<Level> all = levels_in_order();
  return all;
}

bool implies(Level stronger, Level weaker) {
  static const std::vector<LevelSet> rows = closure();
  const auto from = place_of(stronger);
  const auto to = place_of(weaker);
  return from < rows.size() && to < rows.size() && rows[from].test(to);
}

}  // namespace sunder::checker::isolation
