#include "nemesis/schedule/ambush.h"

#include <chrono>

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;

const Target at_event{TargetRule::event_node, {}};
const Target at_leader{TargetRule::leader, {}};

Fault strike(const Action& action, Target target, Duration at, Duration duration) {
  Fault fault;
  fault.action = action;
  fault.target = std::move(target);
  fault.at = at;
  fault.duration = duration;
  return fault;
}

Fault strike_on(NodeEvent event, bool first_in_term, const Action& action, Duration at,
                Duration duration) {
  Fault fault = strike(action, at_event, at, duration);
  fault.trigger = Trigger{event, first_in_term, 1, 4s};
  return fault;
}

// For an ambush on elections there must be one: the leader falls silent.
Fault silence_the_leader(Duration duration) {
  return strike(Partition{PartitionShape::one}, at_leader, 10ms, duration);
}

Duration milliseconds(Random& random, double low, double high) {
  return std::chrono::milliseconds(static_cast<int>(random.between(low, high)));
}

// A new leader dies between its election and its first commit, with its first entry in its log and
// perhaps on a follower.
std::vector<Fault> new_leader(Random& random) {
  return {strike_on(NodeEvent::became_leader, true, Kill{}, 0ms, milliseconds(random, 300, 1200)),
          silence_the_leader(1500ms)};
}

// Figure 8 of the Raft paper: leaders die one after the other just after they appended in their own
// term, and come back soon enough to lead again with an old entry that only a minority has.
std::vector<Fault> figure_8(Random& random) {
  std::vector<Fault> faults{silence_the_leader(800ms)};
  for (int i = 0; i < 4; ++i) {
    faults.push_back(
        strike_on(NodeEvent::appended, true, Kill{}, i * 300ms, milliseconds(random, 200, 900)));
  }
  return faults;
}

// The leader is cut off but not told: does it still answer reads?
std::vector<Fault> stale_leader(Random&) {
  return {strike(Partition{PartitionShape::one}, at_leader, 0ms, {})};
}

// The leader freezes just after it appended, sleeps through an election, and wakes up believing.
std::vector<Fault> sleeping_leader(Random& random) {
  Fault freeze = strike(Pause{}, at_leader, 0ms, milliseconds(random, 800, 2000));
  freeze.trigger = Trigger{NodeEvent::committed, false, 1, 4s};
  return {freeze};
}

// What happens to voters just after they granted a vote; they are back within the same election.
std::vector<Fault> strike_voters(const Action& action, Random& random) {
  std::vector<Fault> faults{silence_the_leader(2000ms)};
  for (int i = 0; i < 6; ++i) {
    faults.push_back(strike_on(NodeEvent::vote_granted, false, action, 20ms + i * 40ms,
                               milliseconds(random, 5, 30)));
    // Some with everyone who is about to vote.
    if (random.chance(0.3)) faults.back().target.rule = TargetRule::all;
  }
  return faults;
}

std::vector<Fault> voters(Random& random) {
  return strike_voters(Kill{}, random);
}

// Elections are slow: requests for votes and votes come so late that candidates meet in one term,
// and that some arrive when the next election is under way.
std::vector<Fault> split_vote(Random& random) {
  MessageFault late;
  late.effect = MessageEffect::delay;
  late.probability = random.between(0.4, 0.9);
  late.types = {FrameType::request_vote};
  if (random.chance(0.5)) late.types.push_back(FrameType::vote_reply);
  if (random.chance(0.5)) late.types.push_back(FrameType::pre_vote_reply);
  late.direction = Direction::out;
  late.delay = milliseconds(random, 100, 350);
  late.shape = DelayShape::jitter;
  return {strike(late, {TargetRule::all, {}}, 0ms, 2500ms), silence_the_leader(1500ms)};
}

// The leader is cut off with entries that nobody else has; whoever stands in its place dies with a
// later term and the shorter log; and another is away for long, so that these two must agree.
std::vector<Fault> stale_candidate(Random& random) {
  return {silence_the_leader(900ms),
          strike_on(NodeEvent::became_candidate, true, Kill{}, 0ms, 400ms),
          strike_on(NodeEvent::became_candidate, true, Kill{}, 100ms, 400ms),
          strike(Kill{}, {TargetRule::follower, {}}, 700ms, milliseconds(random, 5000, 6000))};
}

// Candidates freeze and wake up in a later term.
std::vector<Fault> sleeping_candidate(Random& random) {
  return {silence_the_leader(1500ms), strike_on(NodeEvent::became_candidate, false, Pause{}, 0ms,
                                                milliseconds(random, 200, 800))};
}

// Followers die while they replace the end of their log. To have one to replace, the leader is cut
// off with its clients and goes on appending.
std::vector<Fault> truncation(Random& random) {
  return {strike(Partition{PartitionShape::one}, at_leader, 0ms, 1500ms),
          strike_on(NodeEvent::truncated, false, Kill{}, 0ms, milliseconds(random, 50, 500))};
}

// The same, with the power: what replaces the end of the log is not synced yet, or just so.
std::vector<Fault> power_after_truncation(Random& random) {
  std::vector<Fault> faults{strike(Partition{PartitionShape::one}, at_leader, 0ms, 1200ms)};
  for (int i = 0; i < 3; ++i) {
    faults.push_back(strike_on(NodeEvent::truncated, false, PowerLoss{}, i * 100ms,
                               milliseconds(random, 50, 300)));
    faults.back().trigger->after = milliseconds(random, 0, 30);
  }
  return faults;
}

// A follower is away until it needs a snapshot, and dies when it has just installed it.
std::vector<Fault> snapshot(Random& random) {
  return {
      strike(Partition{PartitionShape::one}, {TargetRule::follower, {}}, 0ms, {}),
      strike_on(NodeEvent::snapshot_installed, false, Kill{}, 0ms, milliseconds(random, 50, 500))};
}

// A follower is away until it needs a snapshot; the transfer has hardly begun when one end of it
// dies.
std::vector<Fault> snapshot_transfer(Random& random) {
  Fault away = strike(Partition{PartitionShape::one}, {TargetRule::follower, {}}, 0ms,
                      milliseconds(random, 800, 1600));
  Fault death = strike_on(NodeEvent::snapshot_sent, false, Kill{}, away.duration,
                          milliseconds(random, 50, 500));
  death.target.rule = random.chance(0.5) ? TargetRule::event_node : TargetRule::event_peer;
  death.trigger->count = static_cast<int>(random.between(1, 4));
  return {away, death};
}

// A leader appends in its new term and is cut off before anything of it leaves: what only it has
// must not count, also not when it leads again.
std::vector<Fault> unsent_entries(Random& random) {
  std::vector<Fault> faults{silence_the_leader(800ms)};
  for (int i = 0; i < 3; ++i) {
    faults.push_back(strike_on(NodeEvent::entries_sent, true, Partition{PartitionShape::one},
                               i * 300ms, milliseconds(random, 300, 900)));
  }
  return faults;
}

/// Answers to what leaders send are that late.
MessageFault late_answers(Direction direction, Duration delay) {
  MessageFault late;
  late.effect = MessageEffect::delay;
  late.types = {FrameType::append_reply};
  late.direction = direction;
  late.delay = delay;
  return late;
}

/// What leaders and candidates send is lost, and answers are not.
MessageFault lost_questions(Direction direction) {
  MessageFault lost;
  lost.effect = MessageEffect::drop;
  lost.types = {FrameType::append_entries, FrameType::install_snapshot, FrameType::request_vote,
                FrameType::pre_vote};
  lost.direction = direction;
  return lost;
}

// A leader gets answers to what it asked long ago, and nothing else: nobody hears it, another
// leads, and the votes of confidence that it waits for were cast before.
std::vector<Fault> old_answers(Random& random) {
  auto late = late_answers(Direction::both, milliseconds(random, 150, 500));
  late.shape = DelayShape::jitter;
  return {
      strike(late, {TargetRule::all, {}}, 0ms, 1500ms),
      strike(lost_questions(Direction::both), at_leader, milliseconds(random, 150, 400), 900ms)};
}

// Answers come late and overtake each other. A leader and a few followers append what is never
// committed; another replaces that by little and falls silent at once; the old leader, whose clock
// runs fast, stands first and leads again with a shorter log. Now those who held the longer one are
// heard: do their answers count?
std::vector<Fault> overtaken_answers(Random& random) {
  const Duration away = milliseconds(random, 300, 450);
  const Duration late = milliseconds(random, 1000, 1500);
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

// A follower whose clock races stands again and again, with all that the leader has sent. If it is
// heard, it leads in a moment, and the old leader, who hears nothing from it, still gets answers of
// before: are they enough for it to answer reads?
std::vector<Fault> racing_follower(Random& random) {
  const auto late = late_answers(Direction::in, milliseconds(random, 50, 110));
  const auto lost = lost_questions(Direction::in);
  const ClockFault race{{random.between(10, 60), {}}};
  return {strike(late, at_leader, 0ms, 1400ms), strike(lost, at_leader, 0ms, 1400ms),
          strike(race, {TargetRule::follower, {}}, milliseconds(random, 200, 400), 1000ms)};
}

// The leader falls silent when it has sent entries that it is yet to commit: its heir has them, and
// does not know that they were answered. The third node lags behind and refuses the heir's first
// entries, slowly, which confirms that the heir leads: may it answer reads by then?
std::vector<Fault> unheard_commit(Random& random) {
  const auto late = late_answers(Direction::both, milliseconds(random, 30, 80));
  MessageFault silent;
  silent.effect = MessageEffect::drop;
  silent.direction = Direction::out;
  return {strike(late, {TargetRule::all, {}}, 0ms, 2000ms),
          strike(Partition{PartitionShape::one}, {TargetRule::follower, {}}, 0ms, 700ms),
          strike(silent, at_leader, milliseconds(random, 680, 700), 1000ms)};
}

// The leader freezes with requests that others commit without it, and those who led meanwhile are
// restarted: when it wakes up and its clients ask again, is it remembered what they were answered?
std::vector<Fault> late_retry(Random& random) {
  std::vector<Fault> faults{strike(Pause{}, at_leader, 0ms, milliseconds(random, 2200, 2800))};
  for (int i = 0; i < 2; ++i) {
    faults.push_back(strike(Kill{}, at_leader, 900ms + i * milliseconds(random, 400, 700),
                            milliseconds(random, 20, 100)));
  }
  return faults;
}

// The leader freezes when a follower has confirmed that it leads and before it answers whoever
// waits for that; when it wakes up, another has led for long.
std::vector<Fault> late_answer(Random& random) {
  Fault freeze =
      strike_on(NodeEvent::answer_sent, false, Pause{}, 0ms, milliseconds(random, 400, 1500));
  freeze.target.rule = TargetRule::event_peer;
  freeze.trigger->count = static_cast<int>(random.between(1, 100));
  return {freeze};
}

// Nodes die that have just taken over a new configuration, which is not committed yet.
std::vector<Fault> configuration(Random& random) {
  std::vector<Fault> faults{
      strike(Membership{MembershipChange::remove}, {TargetRule::one, {}}, 20ms, {})};
  for (int i = 0; i < 3; ++i) {
    faults.push_back(strike_on(NodeEvent::configuration, false, Kill{}, i * 10ms,
                               milliseconds(random, 100, 1000)));
  }
  return faults;
}

// The power goes right after something was acknowledged, everywhere or in a majority: whatever of
// it was not synced there is known to nobody, or to too few.
std::vector<Fault> power_after_commit(Random& random) {
  std::vector<Fault> faults;
  for (int i = 0; i < 3; ++i) {
    Fault loss = strike_on(NodeEvent::committed, false, PowerLoss{}, i * 700ms,
                           milliseconds(random, 20, 200));
    loss.target = {random.chance(0.5) ? TargetRule::all : TargetRule::majority, {}};
    faults.push_back(loss);
  }
  return faults;
}

// A vote that was given and not synced is forgotten; one that is being written is written by half.
std::vector<Fault> power_after_vote(Random& random) {
  std::vector<Fault> faults = strike_voters(PowerLoss{}, random);
  for (std::size_t i = 1; i < faults.size(); i += 2) {
    faults[i].trigger->event = NodeEvent::became_candidate;
    faults[i].trigger->after = milliseconds(random, 1, 100);
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
                                       {"unheard-commit", unheard_commit},
                                       {"late-retry", late_retry},
                                       {"configuration", configuration},
                                       {"power-after-commit", power_after_commit, true},
                                       {"power-after-truncation", power_after_truncation, true},
                                       {"power-after-vote", power_after_vote, true}};
  return all;
}

}  // namespace

std::vector<std::string_view> ambush_names() {
  std::vector<std::string_view> names;
  for (const Ambush& ambush : ambushes()) names.push_back(ambush.name);
  return names;
}

std::vector<std::string_view> diskless_ambush_names() {
  std::vector<std::string_view> names;
  for (const Ambush& ambush : ambushes()) {
    if (!ambush.needs_disks) names.push_back(ambush.name);
  }
  return names;
}

std::vector<Fault> draw_ambush(std::string_view name, Random& random) {
  const Ambush* chosen = nullptr;
  for (const Ambush& ambush : ambushes()) {
    if (ambush.name == name) chosen = &ambush;
  }
  if (chosen == nullptr) chosen = &random.one_of(ambushes());
  std::vector<Fault> faults = chosen->draw(random);
  for (Fault& fault : faults) fault.ambush = chosen->name;
  return faults;
}

}  // namespace sunder::nemesis
