#pragma once
// Without durability the safety properties do not outlast a crash.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

/// What a node has applied and how it has voted is there when it starts again, and on its disk in
/// the end. A node says so when it is durable; of a snapshot that it installs it speaks before
/// that. Who starts with an empty disk and in no cluster is a newcomer.
class Durability final : public Property {
 public:
  Durability() : Property("durability") {}
  void observe(const trace::Record& record, const Replica& replica) override;
  void finish(bool traces_are_whole) override;
  std::string looked_at() const override;

 private:
  /// What a node's folder held, and how that is known.
  struct Disk {
    Sighting sighting;
    std::optional<NodeId> voted_for;
    Log log;
    std::string how;
  };
  /// What a node has promised since it started last.
  struct Promises {
    std::optional<NodeId> candidate;
    Sighting voted;
    /// The first entry since the start that it has applied itself, and all behind it.
    Index first_applied;
    std::vector<trace::EntryDigest> applied;
    Index last_applied;
    Sighting sighting;
  };
  void note(const trace::Record& record);
  void start(const Disk& disk);
  void decide_about_empty_disk(NodeId node, const trace::Configuration& configuration);
  void check(const Disk& disk, const Promises& promises);
  void check_vote(const Disk& disk, const Promises& promises);
  void check_entries(const Disk& disk, const Promises& promises);

  /// Somebody looked at disks in the end.
  bool has_witness_ = false;
  std::map<NodeId, Disk> disks_;
  std::map<NodeId, Promises> promises_;
  /// Of nodes that have started with an empty disk and not said yet in what cluster.
  std::map<NodeId, std::pair<Disk, Promises>> emptied_;
  std::size_t restarts_ = 0;
  std::size_t compared_ = 0;
};

}  // namespace sunder::checker::raft
