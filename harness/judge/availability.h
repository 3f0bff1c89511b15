#pragma once
// Whether the system answered whenever it had to: as long as the same majority of nodes is up and
// connected, with PreVote and CheckQuorum, Raft gets a leader among them and keeps it, whatever
// befalls the others; and a whole cluster hands leadership over when told to. From the nemesis'
// events; a node or a link counts as disturbed while any fault that could delay it is active, and
// all are while sunder itself stood still.

#include <span>
#include <vector>

#include "checker/history/history.h"
#include "checker/verdict.h"
#include "nemesis/node_number.h"

namespace sunder::harness {

/// A span in which nothing disturbed these nodes and the links between them.
struct UndisturbedMajority {
  std::vector<nemesis::NodeNumber> nodes;
  history::Time from{0};
  history::Time until{0};
  bool operator==(const UndisturbedMajority&) const = default;
};

/// Those that lasted at least `shortest`, by their begin. None if faults changed who votes: then
/// nobody here knows what a majority is.
std::vector<UndisturbedMajority> undisturbed_majorities(std::span<const history::Event> faults,
                                                        int node_count, history::Time end,
                                                        history::Time shortest);

/// Whether nothing disturbed any node or link from the one time to the other.
bool is_undisturbed(std::span<const history::Event> faults, int node_count, history::Time from,
                    history::Time until);

/// "availability": invalid if operations were asked for and none was answered for `bound` while a
/// majority was undisturbed.
checker::CheckResult check_availability(const history::History& history, int node_count,
                                        history::Time bound);

/// "leadership transfer": invalid if an order to hand leadership over was given again and again for
/// `bound` and not carried out, though nothing disturbed the cluster.
checker::CheckResult check_transfers(std::span<const history::Event> faults, int node_count,
                                     history::Time bound);

}  // namespace sunder::harness
