#pragma once
// What the disks' replies in a history say: what each power loss cost, which damage was done to
// nothing, and which faults no system need survive.
// The surprise: a reply does not name its fault. A disk obeys its orders in turn, so the reply
// belongs to the first fault of the node that has none yet.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/history/run_event.h"
#include "checker/verdict.h"

namespace sunder::harness {

/// What one node lost with its power.
struct PowerLossCost {
  history::Time time{0};
  std::string node;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t names = 0;
};

class DiskAccount {
 public:
  void injected(history::Time time, const history::FaultDescription& fault);
  void replied(const history::DiskReport& report);

  /// "power loss"; nothing if no power was lost, or no disk says what it lost.
  std::optional<checker::CheckResult> check_power_losses() const;
  /// The faults that found nothing to damage on any of their nodes.
  std::size_t without_effect() const;
  std::vector<std::string> warnings() const;

 private:
  struct Loss {
    history::Time time{0};
    std::string node;
    bool has_reply = false;
  };
  struct Damage {
    history::Time time{0};
    std::size_t nodes = 0;
    std::vector<std::string> notes;
  };

  std::vector<Loss> losses_;
  std::vector<PowerLossCost> costs_;
  /// By the fault's id.
  std::map<std::int64_t, Damage> damage_;
  /// The damage that a node's disk was ordered to do and has not replied to: ids of faults.
  std::map<std::string, std::deque<std::int64_t>> ordered_damage_;
  /// "truncate", and how often.
  std::map<std::string, std::size_t> beyond_promises_;
};

}  // namespace sunder::harness
