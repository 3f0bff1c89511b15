#pragma once
// The faults of one run and their times, drawn from a seed or read from a file. Faults of different
// kinds may overlap; in a drawn schedule two of one kind never do.

#include <cstdint>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "nemesis/schedule/fault.h"
#include "nemesis/schedule/fault_choice.h"

namespace sunder::nemesis {

struct Schedule {
  /// In the order of `at`.
  std::vector<Fault> faults;
  bool operator==(const Schedule&) const = default;
};

/// One fault of each chosen option per interval. It lasts at least a quarter of the interval, and
/// all faults heal by the time limit. The same arguments give the same schedule.
Schedule make_schedule(std::uint64_t seed, const std::vector<FaultChoice>& choices,
                       Duration time_limit, Duration interval);

/// Sorts the faults by `at` and numbers them.
void put_in_order(Schedule& schedule);

/// Whether any of the faults needs disks that lose power and fail.
bool needs_disks(const Schedule& schedule);
/// Whether a fault strikes links of clients, which only a switch has.
bool strikes_clients(const Schedule& schedule);

/// Whether any of them sets clocks.
bool sets_clocks(const Schedule& schedule);

/// {"faults":[...]}
nlohmann::ordered_json to_json(const Schedule& schedule);

/// Throws std::invalid_argument naming the place and what is allowed there.
Schedule schedule_from_json(const nlohmann::json& json);

/// Reads JSON text. If it is not JSON, the message says line and column.
Schedule parse_schedule(std::string_view text);

/// Throws std::invalid_argument if a fault names a node beyond `node_count`.
void require_nodes(const Schedule& schedule, int node_count);

}  // namespace sunder::nemesis
