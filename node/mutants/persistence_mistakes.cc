#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include "node/mutants/mistakes.h"
#include "node/mutants/replaced_rule.h"

namespace sunder::mistakes {
namespace {

/// Passes all calls on to the disk. Each mistake overrides one or two of them.
class AroundTheDisk : public Storage {
 public:
  AroundTheDisk(std::unique_ptr<Storage> disk, NodeId self, Reached reached)
      : self_(self), disk_(std::move(disk)), reached_(std::move(reached)) {}

  void save(const raft::HardState& hard_state) override { disk_->save(hard_state); }
  void append(const std::vector<raft::EntryPtr>& entries) override { disk_->append(entries); }
  void save(const raft::SnapshotPtr& snapshot, bool keeps_log) override {
    disk_->save(snapshot, keeps_log);
  }
  void begin_writing(MakeSnapshot make) override { disk_->begin_writing(std::move(make)); }
  raft::SnapshotPtr take_written() override { return disk_->take_written(); }
  void write() override { disk_->write(); }
  void sync() override { disk_->sync(); }

 protected:
  NodeId self() const { return self_; }
  Storage& disk() { return *disk_; }
  void reached() const { reached_(); }

 private:
  NodeId self_;
  std::unique_ptr<Storage> disk_;
  Reached reached_;
};

template <typename Mistaken>
void put_around_the_disk(Parts& parts, const Reached& reached) {
  parts.storage = [right = parts.storage, reached](std::unique_ptr<Storage> disk, NodeId self) {
    return std::make_unique<Mistaken>(right(std::move(disk), self), self, reached);
  };
}

class VotesForgotten : public AroundTheDisk {
 public:
  using AroundTheDisk::AroundTheDisk;
  using AroundTheDisk::save;

  void save(const raft::HardState& hard_state) override {
    if (hard_state.voted_for) reached();
    disk().save(raft::HardState{hard_state.term, std::nullopt});
  }
};

/// The log that begins after a snapshot has no term and vote until the next ones are written. A
/// restart finds only the term of its entries.
class TermLostWithTheOldLog : public AroundTheDisk {
 public:
  using AroundTheDisk::AroundTheDisk;

  void save(const raft::HardState& hard_state) override {
    hard_state_ = hard_state;
    disk().save(hard_state);
  }
  void append(const std::vector<raft::EntryPtr>& entries) override {
    last_term_ = entries.back()->position.term;
    disk().append(entries);
  }
  void save(const raft::SnapshotPtr& snapshot, bool keeps_log) override {
    disk().save(snapshot, keeps_log);
    // A kept suffix may be in memory only.
    last_term_ =
        keeps_log ? std::max(last_term_, std::optional(snapshot->last.term)) : snapshot->last.term;
    rewrite_log();
  }
  raft::SnapshotPtr take_written() override {
    auto snapshot = disk().take_written();
    if (snapshot) rewrite_log();
    return snapshot;
  }

 private:
  void rewrite_log() {
    if (!last_term_ || !hard_state_) return;
    const raft::HardState left{*last_term_, std::nullopt};
    if (left == *hard_state_) return;
    reached();
    disk().save(left);
    disk().sync();
  }

  std::optional<raft::HardState> hard_state_;
  std::optional<Term> last_term_;
};

/// A vote for another node is written, but only the next sync covers it.
class VotesSyncedLater : public AroundTheDisk {
 public:
  using AroundTheDisk::AroundTheDisk;
  using AroundTheDisk::save;

  void save(const raft::HardState& hard_state) override {
    is_vote_ = hard_state.voted_for && *hard_state.voted_for != self();
    disk().save(hard_state);
  }
  void sync() override {
    if (!std::exchange(is_vote_, false)) return disk().sync();
    reached();
    disk().write();
  }

 private:
  bool is_vote_ = false;
};

/// A candidate's own term and vote are written together with the next record.
class CandidaciesWrittenLater : public AroundTheDisk {
 public:
  using AroundTheDisk::AroundTheDisk;
  using AroundTheDisk::save;

  void save(const raft::HardState& hard_state) override {
    is_candidacy_ = hard_state.voted_for == self();
    disk().save(hard_state);
  }
  void sync() override {
    if (!std::exchange(is_candidacy_, false)) return disk().sync();
    reached();
  }

 private:
  bool is_candidacy_ = false;
};

/// Two records and two syncs: between them the disk has the new vote with the old term.
class VoteBeforeItsTerm : public AroundTheDisk {
 public:
  using AroundTheDisk::AroundTheDisk;
  using AroundTheDisk::save;

  void save(const raft::HardState& hard_state) override {
    if (term_ && *term_ < hard_state.term && hard_state.voted_for) {
      reached();
      disk().save(raft::HardState{*term_, hard_state.voted_for});
      disk().sync();
    }
    term_ = hard_state.term;
    disk().save(hard_state);
  }

 private:
  std::optional<Term> term_;
};

/// A leader counts its own entries as durable when they are written. A candidate that lost the
/// election of the term counts as its leader here, too.
class OwnEntriesUnsynced : public AroundTheDisk {
 public:
  using AroundTheDisk::AroundTheDisk;
  using AroundTheDisk::save;

  void save(const raft::HardState& hard_state) override {
    own_term_.reset();
    if (hard_state.voted_for == self()) own_term_ = hard_state.term;
    disk().save(hard_state);
  }
  void append(const std::vector<raft::EntryPtr>& entries) override {
    is_own_ = own_term_ == entries.back()->position.term;
    disk().append(entries);
  }
  void sync() override {
    if (!std::exchange(is_own_, false)) return disk().sync();
    reached();
    disk().write();
  }

 private:
  std::optional<Term> own_term_;
  bool is_own_ = false;
};

/// The earlier entry at an index was durable, so its replacement is not synced.
class DurableIndexKept : public AroundTheDisk {
 public:
  using AroundTheDisk::AroundTheDisk;

  void append(const std::vector<raft::EntryPtr>& entries) override {
    last_ = entries.back()->position.index;
    disk().append(entries);
  }
  void sync() override {
    const auto last = std::exchange(last_, std::nullopt);
    if (last && *last <= durable_) {
      reached();
      return disk().write();
    }
    durable_ = std::max(durable_, last.value_or(Index{0}));
    disk().sync();
  }

 private:
  std::optional<Index> last_;
  Index durable_;
};

/// Only reports that the mistake was reached: the disk rule itself runs on another thread.
class SnapshotsUnsynced : public AroundTheDisk {
 public:
  using AroundTheDisk::AroundTheDisk;
  using AroundTheDisk::save;

  void save(const raft::SnapshotPtr& snapshot, bool keeps_log) override {
    reached();
    disk().save(snapshot, keeps_log);
  }
  void begin_writing(MakeSnapshot make) override {
    reached();
    disk().begin_writing(std::move(make));
  }
};

std::size_t size_without_zeros(std::string_view bytes) {
  const auto last = bytes.find_last_not_of('\0');
  return last == std::string_view::npos ? 0 : last + 1;
}

/// Batches are views and cannot be compared, so these mistakes count as reached when a tail is
/// torn.
void scan_wrongly(Parts& parts, const Reached& reached,
                  void (*misjudge)(log_format::Scan&, std::string_view)) {
  parts.disk.scan = [right = parts.disk.scan, reached, misjudge](std::string_view segment) {
    auto scan = right(segment);
    if (!scan.is_torn) return scan;
    reached();
    misjudge(scan, segment);
    return scan;
  };
}

}  // namespace

void forget_votes_on_disk(Parts& parts, const Reached& reached) {
  put_around_the_disk<VotesForgotten>(parts, reached);
}

void lose_the_term_with_the_old_log(Parts& parts, const Reached& reached) {
  put_around_the_disk<TermLostWithTheOldLog>(parts, reached);
}

void sync_votes_later(Parts& parts, const Reached& reached) {
  put_around_the_disk<VotesSyncedLater>(parts, reached);
}

void write_candidacies_later(Parts& parts, const Reached& reached) {
  put_around_the_disk<CandidaciesWrittenLater>(parts, reached);
}

void write_the_vote_before_its_term(Parts& parts, const Reached& reached) {
  put_around_the_disk<VoteBeforeItsTerm>(parts, reached);
}

/// An acknowledgement leaves with the messages that need not wait for the disk.
void acknowledge_before_sync(Parts& parts, const Reached& reached) {
  replace(parts.rules.may_leave_early, reached, [](bool right, const raft::Body& body) {
    return right || std::holds_alternative<raft::AppendReply>(body);
  });
}

void count_unsynced_entries_of_its_own(Parts& parts, const Reached& reached) {
  put_around_the_disk<OwnEntriesUnsynced>(parts, reached);
}

void keep_the_durable_index_on_truncation(Parts& parts, const Reached& reached) {
  put_around_the_disk<DurableIndexKept>(parts, reached);
}

/// New batches are written after the torn one. The next start reads only up to the torn one.
void append_behind_a_torn_tail(Parts& parts, const Reached& reached) {
  scan_wrongly(parts, reached, [](log_format::Scan& scan, std::string_view segment) {
    scan.end = size_without_zeros(segment);
    scan.is_torn = scan.is_corrupt = false;
  });
}

/// A segment with a torn tail is dropped as a whole.
void drop_all_with_a_torn_tail(Parts& parts, const Reached& reached) {
  scan_wrongly(parts, reached, [](log_format::Scan& scan, std::string_view) {
    scan.batches.clear();
    scan.end = log_format::segment_header_bytes;
    scan.is_corrupt = false;
  });
}

/// A crash in between leaves older segments, a gap and newer segments.
void remove_the_newest_segment_first(Parts& parts, const Reached& reached) {
  replace(parts.disk.removal_order, reached, [](SegmentNumbers right, const SegmentNumbers&) {
    std::reverse(right.begin(), right.end());
    return right;
  });
}

/// A power loss can leave the snapshot's name without its contents, when the log is removed
/// already.
void leave_snapshots_unsynced(Parts& parts, const Reached& reached) {
  put_around_the_disk<SnapshotsUnsynced>(parts, reached);
  parts.disk.replace_file = [](const std::filesystem::path& path, std::string_view bytes) {
    auto aside = path;
    aside += ".tmp";
    std::ofstream(aside, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    std::filesystem::rename(aside, path);
  };
}

}  // namespace sunder::mistakes
