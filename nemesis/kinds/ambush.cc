#include "nemesis/kinds/ambush.h"

#include <algorithm>
#include <chrono>

#include "nemesis/kinds/clock.h"
#include "nemesis/kinds/kill.h"
#include "nemesis/kinds/membership.h"
#include "nemesis/kinds/message.h"
#include "nemesis/kinds/partition.h"
#include "nemesis/kinds/pause.h"
#include "nemesis/kinds/power_loss.h"

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;

const Target at_event{TargetRule::event_node, {}};
const Target at_leader{TargetRule::leader, {}};

Fault strike(const Action& action, Target target, Duration at, Duration duration) {
  return {.action = action, .target = std::move(target), .at = at, .duration = duration};
}

Fault strike_on(NodeEvent event, bool first_in_term, const Action& action, Duration at,
                Duration duration) {
  Fault fault = strike(action, at_event, at, duration);
  fault.trigger = Trigger{event, first_in_term, 1, 4s};
  return fault;
}

// An ambush on elections needs an election: the leader is partitioned.
Fault silence_the_leader(Duration duration) {
  return strike(Partition{PartitionShape::one}, at_leader, 10ms, duration);
}

// A new leader is killed between its election and its first commit. Its first entry is in its log
// and perhaps on a follower.
std::vector<Fault> new_leader(Random& random) {
  return {strike_on(NodeEvent::became_leader, true, Kill{}, 0ms,
                    random.milliseconds_between(300, 1200)),
          silence_the_leader(1500ms)};
}

// Figure 8 of the Raft paper: one leader after the other is killed just after it appended in its
// own term. Each restarts soon enough to lead again with an old entry that only a minority has.
std::vector<Fault> figure_8(Random& random) {
  std::vector<Fault> faults{silence_the_leader(800ms)};
  for (int i = 0; i < 4; ++i) {
    faults.push_back(strike_on(NodeEvent::appended, true, Kill{}, i * 300ms,
                               random.milliseconds_between(200, 900)));
  }
  return faults;
}

// The leader is cut off from all others and does not know it: does it still answer reads?
std::vector<Fault> stale_leader(Random&) {
  return {strike(Partition{PartitionShape::one}, at_leader, 0ms, {})};
}

// The leader is paused just after it committed. When it resumes, another node has been elected, and
// it still believes that it leads.
std::vector<Fault> sleeping_leader(Random& random) {
  Fault freeze = strike(Pause{}, at_leader, 0ms, random.milliseconds_between(800, 2000));
  freeze.trigger = Trigger{NodeEvent::committed, false, 1, 4s};
  return {freeze};
}

// Voters are struck just after they granted a vote. They are back within the same election.
std::vector<Fault> strike_voters(const Action& action, Random& random) {
  std::vector<Fault> faults{silence_the_leader(2000ms)};
  for (int i = 0; i < 6; ++i) {
    faults.push_back(strike_on(NodeEvent::vote_granted, false, action, 20ms + i * 40ms,
                               random.milliseconds_between(5, 30)));
    // Some faults strike all nodes, so also those that are about to vote.
    if (random.chance(0.3)) faults.back().target.rule = TargetRule::all;
  }
  return faults;
}

std::vector<Fault> voters(Random& random) {
  return strike_voters(Kill{}, random);
}

// Requests for votes and votes are so late that several candidates stand in one term, and that some
// votes arrive during the next election.
std::vector<Fault> split_vote(Random& random) {
  MessageFault late;
  late.effect = MessageEffect::delay;
  late.probability = random.between(0.4, 0.9);
  late.types = {FrameType::request_vote};
  if (random.chance(0.5)) late.types.push_back(FrameType::vote_reply);
  if (random.chance(0.5)) late.types.push_back(FrameType::pre_vote_reply);
  late.direction = Direction::out;
  late.delay = random.milliseconds_between(100, 350);
  late.shape = DelayShape::jitter;
  return {strike(late, {TargetRule::all, {}}, 0ms, 2500ms), silence_the_leader(1500ms)};
}

// The leader is cut off with entries that no other node has. The first candidates are killed: they
// return with a later term and a shorter log. Another node is down for long, so that the leader and
// a candidate are needed for a majority.
std::vector<Fault> stale_candidate(Random& random) {
  return {
      silence_the_leader(900ms), strike_on(NodeEvent::became_candidate, true, Kill{}, 0ms, 400ms),
      strike_on(NodeEvent::became_candidate, true, Kill{}, 100ms, 400ms),
      strike(Kill{}, {TargetRule::follower, {}}, 700ms, random.milliseconds_between(5000, 6000))};
}

// Candidates are paused and resume in a later term.
std::vector<Fault> sleeping_candidate(Random& random) {
  return {silence_the_leader(1500ms), strike_on(NodeEvent::became_candidate, false, Pause{}, 0ms,
                                                random.milliseconds_between(200, 800))};
}

// Followers are killed while they replace the end of their logs. A leader that is cut off with its
// clients goes on appending: it has an end to replace when it returns.
std::vector<Fault> truncation(Random& random) {
  return {
      strike(Partition{PartitionShape::one}, at_leader, 0ms, 1500ms),
      strike_on(NodeEvent::truncated, false, Kill{}, 0ms, random.milliseconds_between(50, 500))};
}

// As `truncation`, with a power loss: what replaces the end of the log is just synced, or not yet.
std::vector<Fault> power_after_truncation(Random& random) {
  std::vector<Fault> faults{strike(Partition{PartitionShape::one}, at_leader, 0ms, 1200ms)};
  for (int i = 0; i < 3; ++i) {
    faults.push_back(strike_on(NodeEvent::truncated, false, PowerLoss{}, i * 100ms,
                               random.milliseconds_between(50, 300)));
    faults.back().trigger->after = random.milliseconds_between(0, 30);
  }
  return faults;
}

// A follower is cut off until it needs a snapshot, and is killed when it has just installed it.
std::vector<Fault> snapshot(Random& random) {
  return {strike(Partition{PartitionShape::one}, {TargetRule::follower, {}}, 0ms, {}),
          strike_on(NodeEvent::snapshot_installed, false, Kill{}, 0ms,
                    random.milliseconds_between(50, 500))};
}

// A follower is cut off until it needs a snapshot. The sender or the receiver is killed soon after
// the snapshot's first piece was sent.
std::vector<Fault> snapshot_transfer(Random& random) {
  Fault away = strike(Partition{PartitionShape::one}, {TargetRule::follower, {}}, 0ms,
                      random.milliseconds_between(800, 1600));
  Fault death = strike_on(NodeEvent::snapshot_sent, false, Kill{}, away.duration,
                          random.milliseconds_between(50, 500));
  death.target.rule = random.chance(0.5) ? TargetRule::event_node : TargetRule::event_peer;
  death.trigger->count = static_cast<int>(random.between(1, 4));
  return {away, death};
}

// A leader appends in its new term and is cut off before the entries leave. Entries that only it
// has must not count as committed, even when it leads again.
std::vector<Fault> unsent_entries(Random& random) {
  std::vector<Fault> faults{silence_the_leader(800ms)};
  for (int i = 0; i < 3; ++i) {
    faults.push_back(strike_on(NodeEvent::entries_sent, true, Partition{PartitionShape::one},
                               i * 300ms, random.milliseconds_between(300, 900)));
  }
  return faults;
}

/// Answers to leaders are late by `delay`.
MessageFault late_answers(Direction direction, Duration delay) {
  MessageFault late;
  late.effect = MessageEffect::delay;
  late.types = {FrameType::append_reply};
  late.direction = direction;
  late.delay = delay;
  return late;
}

/// The requests of leaders and candidates are lost; answers are not.
MessageFault lost_questions(Direction direction) {
  MessageFault lost;
  lost.effect = MessageEffect::drop;
  lost.types = {FrameType::append_entries, FrameType::install_snapshot, FrameType::request_vote,
                FrameType::pre_vote};
  lost.direction = direction;
  return lost;
}

// A leader gets late answers to old requests and nothing else. Its new requests are lost and
// another node leads. Do the old answers count as a confirmation that it still leads?
std::vector<Fault> old_answers(Random& random) {
  auto late = late_answers(Direction::both, random.milliseconds_between(150, 500));
  late.shape = DelayShape::jitter;
  return {strike(late, {TargetRule::all, {}}, 0ms, 1500ms),
          strike(lost_questions(Direction::both), at_leader, random.milliseconds_between(150, 400),
                 900ms)};
}

// Answers are late and overtake each other. A leader and a few followers append entries that are
// never committed. Another leader replaces them by fewer entries and is cut off. The old leader's
// clock runs fast: it is the first candidate and leads again with a shorter log. Now late answers
// arrive that acknowledge the longer log: do they count?
std::vector<Fault> overtaken_answers(Random& random) {
  const Duration away = random.milliseconds_between(300, 450);
  const Duration late = random.milliseconds_between(1000, 1500);
  const ClockFault fast{{random.between(2, 3), {}}};
  auto answers = late_answers(Direction::both, late);
  answers.effect = MessageEffect::reorder;
  Fault silence =
      strike_on(NodeEvent::truncated, false, Partition{PartitionShape::one}, away / 2, 1200ms);
  silence.target = at_leader;
  silence.trigger->count = 2;
  return {strike(Partition{PartitionShape::halves}, {TargetRule::leader_minority, {}}, 0ms, away),
          strike(answers, {TargetRule::all, {}}, 0ms, late), strike(fast, at_leader, 0ms, late),
          silence};
}

// A follower's clock runs so fast that it stands for election again and again, with all entries of
// the leader. If it is elected, its messages to the old leader are lost, and the old leader gets
// answers to earlier requests: are they enough for it to answer reads?
std::vector<Fault> racing_follower(Random& random) {
  const auto late = late_answers(Direction::in, random.milliseconds_between(50, 110));
  const auto lost = lost_questions(Direction::in);
  const ClockFault race{{random.between(10, 60), {}}};
  return {strike(late, at_leader, 0ms, 1400ms), strike(lost, at_leader, 0ms, 1400ms),
          strike(race, {TargetRule::follower, {}}, random.milliseconds_between(200, 400), 1000ms)};
}

// The same without a clock: a follower gets nothing of the leader for longer than an election
// timeout. If nobody writes meanwhile, it stands for election with all entries. The other followers
// do hear the leader: do they elect a second one while the first may still answer reads?
std::vector<Fault> deaf_follower(Random& random) {
  const auto late = late_answers(Direction::in, random.milliseconds_between(50, 110));
  const auto lost = lost_questions(Direction::in);
  MessageFault deaf;
  deaf.effect = MessageEffect::drop;
  deaf.types = {FrameType::append_entries};
  deaf.direction = Direction::in;
  return {strike(late, at_leader, 0ms, 900ms), strike(lost, at_leader, 0ms, 900ms),
          strike(deaf, {TargetRule::follower, {}}, 50ms, 600ms)};
}

// The leader's messages are lost after it has sent entries and before it tells that they are
// committed. Its successor has the entries and does not know that clients were answered. A third
// node lags behind and rejects the successor's first entries, late. The rejection confirms that the
// successor leads: may it answer reads by then?
std::vector<Fault> unheard_commit(Random& random) {
  const auto late = late_answers(Direction::both, random.milliseconds_between(30, 80));
  MessageFault silent;
  silent.effect = MessageEffect::drop;
  silent.direction = Direction::out;
  return {strike(late, {TargetRule::all, {}}, 0ms, 2000ms),
          strike(Partition{PartitionShape::one}, {TargetRule::follower, {}}, 0ms, 700ms),
          strike(silent, at_leader, random.milliseconds_between(680, 700), 1000ms)};
}

// The leader is paused with requests that other nodes commit, and later leaders are restarted. When
// it resumes and its clients repeat the requests: do the nodes remember the answers?
std::vector<Fault> late_retry(Random& random) {
  std::vector<Fault> faults{
      strike(Pause{}, at_leader, 0ms, random.milliseconds_between(2200, 2800))};
  for (int i = 0; i < 2; ++i) {
    faults.push_back(strike(Kill{}, at_leader, 900ms + i * random.milliseconds_between(400, 700),
                            random.milliseconds_between(20, 100)));
  }
  return faults;
}

// The leader is paused after a follower has confirmed that it leads, and before it answers the
// reads that wait for that. When it resumes, another node has led for long.
std::vector<Fault> late_answer(Random& random) {
  Fault freeze = strike_on(NodeEvent::answer_sent, false, Pause{}, 0ms,
                           random.milliseconds_between(400, 1500));
  freeze.target.rule = TargetRule::event_peer;
  freeze.trigger->count = static_cast<int>(random.between(1, 100));
  return {freeze};
}

// Nodes are killed that have just adopted a configuration that is not committed yet.
std::vector<Fault> configuration(Random& random) {
  std::vector<Fault> faults{
      strike(Membership{MembershipChange::remove}, {TargetRule::one, {}}, 20ms, {})};
  for (int i = 0; i < 3; ++i) {
    faults.push_back(strike_on(NodeEvent::configuration, false, Kill{}, i * 10ms,
                               random.milliseconds_between(100, 1000)));
  }
  return faults;
}

// All nodes or a majority lose power right after a commit. If they acknowledged what they had not
// synced, no node or too few nodes know it.
std::vector<Fault> power_after_commit(Random& random) {
  std::vector<Fault> faults;
  for (int i = 0; i < 3; ++i) {
    Fault loss = strike_on(NodeEvent::committed, false, PowerLoss{}, i * 700ms,
                           random.milliseconds_between(20, 200));
    loss.target = {random.chance(0.5) ? TargetRule::all : TargetRule::majority, {}};
    faults.push_back(loss);
  }
  return faults;
}

// Voters lose power just after they granted a vote, or candidates while they write theirs: a vote
// that was not synced is forgotten.
std::vector<Fault> power_after_vote(Random& random) {
  std::vector<Fault> faults = strike_voters(PowerLoss{}, random);
  for (std::size_t i = 1; i < faults.size(); i += 2) {
    faults[i].trigger->event = NodeEvent::became_candidate;
    faults[i].trigger->after = random.milliseconds_between(1, 100);
    faults[i].target.rule = TargetRule::all;
  }
  return faults;
}

struct Ambush {
  std::string_view name;
  std::vector<Fault> (*draw)(Random& random);
  bool needs_disks = false;
};

const std::vector<Ambush>& ambushes() {
  static const std::vector<Ambush> all{{"new-leader", new_leader},
                                       {"figure-8", figure_8},
                                       {"stale-leader", stale_leader},
                                       {"sleeping-leader", sleeping_leader},
                                       {"voters", voters},
                                       {"split-vote", split_vote},
                                       {"sleeping-candidate", sleeping_candidate},
                                       {"stale-candidate", stale_candidate},
                                       {"truncation", truncation},
                                       {"snapshot", snapshot},
                                       {"snapshot-transfer", snapshot_transfer},
                                       {"unsent-entries", unsent_entries},
                                       {"late-answer", late_answer},
                                       {"old-answers", old_answers},
                                       {"overtaken-answers", overtaken_answers},
                                       {"racing-follower", racing_follower},
                                       {"deaf-follower", deaf_follower},
                                       {"unheard-commit", unheard_commit},
                                       {"late-retry", late_retry},
                                       {"configuration", configuration},
                                       {"power-after-commit", power_after_commit, true},
                                       {"power-after-truncation", power_after_truncation, true},
                                       {"power-after-vote", power_after_vote, true}};
  return all;
}

class AmbushOption final : public NemesisOption {
 public:
  std::string_view name() const override { return "ambush"; }
  std::string_view summary() const override {
    return "strike at moments when known kinds of bugs would show";
  }
  std::vector<std::string_view> refinements() const override {
    std::vector<std::string_view> names;
    for (const Ambush& ambush : ambushes()) names.push_back(ambush.name);
    return names;
  }
  std::vector<Need> needs(std::string_view refinement) const override {
    const Ambush* ambush = find(refinement);
    if (ambush != nullptr && ambush->needs_disks) return {Need::traces, Need::disks};
    return {Need::traces};
  }
  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    const Ambush* named = find(refinement);
    const Ambush& ambush = named == nullptr ? random.one_of(ambushes()) : *named;
    std::vector<Fault> faults = ambush.draw(random);
    for (Fault& fault : faults) fault.ambush = ambush.name;
    return faults;
  }

 private:
  static const Ambush* find(std::string_view name) {
    const auto& all = ambushes();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Ambush& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
  }
};

}  // namespace

const NemesisOption& ambush_option() {
  static const AmbushOption option;
  return option;
}

}  // namespace sunder::nemesis
