#pragma once
// The operations of a run as the page holds them: one array per field, so that 100,000 of them take
// about 3 MB. Longer runs are sampled, and `complete` says so.
//
//   {"total": N, "complete": BOOL, "f": [names], "keys": [names], "process": [N], "function":
//   [index
//    into f], "key": [index into keys], "outcome": "oifr..." (one letter each: ok, info, fail,
//    refused), "invoked": [differences, microseconds], "latency": [microseconds, -1 if it never
//    returned], "nodes": [names], "node": [index into nodes, -1 if nobody is named]: only if the
//    history says who answered. "argument": {"at": [differences], "values": [...]}, "result": the
//    same, where it is not the argument, "cut": BYTES}
// Values that are longer than "cut" are texts with their beginnings. "cut" is there only if there
// are such values. If the times go back, the operations are in the order of their times.

#include <cstddef>
#include <span>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "checker/history/operation.h"

namespace sunder::results {

inline constexpr std::size_t most_operations_in_page = 100'000;
inline constexpr std::size_t operations_in_sample = 50'000;
/// A value takes no more bytes of the page; less where many values are long.
inline constexpr std::size_t most_value_bytes_in_page = 2'000;
inline constexpr std::size_t most_bytes_of_all_values_in_page = 16'000'000;

/// Which operations the page holds, as ascending positions in `operations`: all if they are few
/// enough. Else those on the keys of `culprits` (the operations of counterexamples) at that time,
/// the crashed, the failed, the slowest, and an even choice of the rest.
std::vector<std::size_t> chosen_operations(std::span<const history::Operation> operations,
                                           std::span<const history::Operation> culprits);

nlohmann::ordered_json operation_columns(std::span<const history::Operation> operations,
                                         std::span<const std::size_t> chosen);

}  // namespace sunder::results
