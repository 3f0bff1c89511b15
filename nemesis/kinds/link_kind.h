#pragma once
// What kinds of faults that strike links have in common.

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "nemesis/network/direction.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

/// One node, the leader, or all nodes.
Target draw_link_target(Random& random);

/// The direction named by the refinement; any for "".
Direction draw_direction(std::string_view refinement, Random& random);

/// For a fault that affects no link of so few nodes.
Refusal no_link(int node_count);

/// The refinement of every kind that strikes links: those between the clients and the target.
constexpr std::string_view of_clients = "clients";

/// The member "other_end", which may be absent.
OtherEnd read_other_end(JsonObject& object);
void write_other_end(OtherEnd other_end, nlohmann::ordered_json& json);
/// "(clients)"; empty for the usual other end.
std::string other_end_words(OtherEnd other_end);
/// Why the fault cannot strike the clients' links, if it is to and cannot.
std::optional<Refusal> no_clients(OtherEnd other_end, const LinkRules& links);

}  // namespace sunder::nemesis
