#pragma once
// Isolation levels by Elle's names: a model of isolation, alone or strengthened by the order of
// each client's transactions (strong-session-) or by real time (strong-). What a level promises is
// in docs/isolation.md. Surprise: repeatable read is Adya's PL-2.99, which MySQL and PostgreSQL
// call by the same name and do not give.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sunder::checker::isolation {

enum class Model : std::uint8_t {
  // Of the order of one client's transactions on each key.
  monotonic_reads,
  monotonic_writes,
  read_your_writes,
  writes_follow_reads,
  pram,
  // Of transactions.
  read_uncommitted,
  read_committed,
  cursor_stability,
  monotonic_atomic_view,
  read_atomic,
  causal,
  consistent_view,
  repeatable_read,
  snapshot_isolation,
  serializable,
};

/// Which order between transactions a level keeps besides the one that their values show.
enum class Order : std::uint8_t { values, session, real_time };

struct Level {
  Model model = Model::serializable;
  Order order = Order::real_time;

  friend auto operator<=>(const Level&, const Level&) = default;
};

/// "strong-session-snapshot-isolation", "strict-serializable".
std::string name_of(Level level);

/// Also takes "strong-serializable", and the short "snapshot" and "strict". Throws
/// std::invalid_argument listing what there is.
Level level_named(std::string_view name);

/// Sorted so that a level stands behind all that it implies.
const std::vector<Level>& all_levels();

/// Whether each history that `stronger` allows is allowed by `weaker`. A level implies itself.
bool implies(Level stronger, Level weaker);

}  // namespace sunder::checker::isolation
