#include <memory>
#include <utility>

#include "node/mutants/mistakes.h"

namespace sunder::mistakes {
namespace {

class VotesForgotten : public Storage {
 public:
  VotesForgotten(std::unique_ptr<Storage> disk, Reached reached)
      : disk_(std::move(disk)), reached_(std::move(reached)) {}

  void save(const raft::HardState& hard_state) override {
    if (hard_state.voted_for) reached_();
    disk_->save(raft::HardState{hard_state.term, std::nullopt});
  }
  void append(const std::vector<raft::EntryPtr>& entries) override { disk_->append(entries); }
  void save(const raft::SnapshotPtr& snapshot, bool keeps_log) override {
    disk_->save(snapshot, keeps_log);
  }
  void begin_writing(const raft::SnapshotPtr& snapshot) override { disk_->begin_writing(snapshot); }
  raft::SnapshotPtr take_written() override { return disk_->take_written(); }
  void write() override { disk_->write(); }
  void sync() override { disk_->sync(); }

 private:
  std::unique_ptr<Storage> disk_;
  Reached reached_;
};

}  // namespace

void forget_votes_on_disk(Parts& parts, const Reached& reached) {
  parts.storage = [right = parts.storage, reached](std::unique_ptr<Storage> disk, NodeId self) {
    return std::make_unique<VotesForgotten>(right(std::move(disk), self), reached);
  };
}

}  // namespace sunder::mistakes
