#include "nemesis/schedule/fault_choice.h"

#include <set>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/kinds/membership.h"
#include "nemesis/kinds/partition.h"

namespace sunder::nemesis {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string refusal_of_nemeses(std::string_view text) {
  try {
    parse_nemeses(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(FaultChoice, are_chosen_by_name_and_refinement) {
  const auto choices = parse_nemeses("kill,partition:bridge");
  ASSERT_THAT(choices, SizeIs(2));
  EXPECT_EQ(choices[0].option->name(), "kill");
  EXPECT_EQ(choices[0].refinement, "");
  EXPECT_EQ(choices[1].option->name(), "partition");
  EXPECT_EQ(choices[1].refinement, "bridge");
}

TEST(FaultChoice, none_is_no_fault) {
  EXPECT_THAT(parse_nemeses("none"), IsEmpty());
  EXPECT_THAT(parse_nemeses(""), IsEmpty());
}

TEST(FaultChoice, an_unknown_name_is_answered_with_those_there_are) {
  EXPECT_THAT(refusal_of_nemeses("kil"),
              HasSubstr("unknown nemesis \"kil\"; there are none, all, swarm, kill, pause"));
  EXPECT_THAT(refusal_of_nemeses("kill,"), HasSubstr("unknown nemesis \"\""));
  EXPECT_THAT(refusal_of_nemeses("kill,none"), HasSubstr("unknown nemesis \"none\""));
  EXPECT_THAT(refusal_of_nemeses("partition:moon"),
              HasSubstr("there are one, halves, majorities-ring"));
  EXPECT_THAT(refusal_of_nemeses("kill:bridge"), HasSubstr("there are one, leader, follower"));
  EXPECT_THAT(refusal_of_nemeses("kill,pause,kill"), HasSubstr("\"kill\" is named twice"));
}

TEST(FaultChoice, every_refinement_draws_faults_of_its_kind) {
  for (const NemesisOption* option : nemesis_options()) {
    for (std::string_view refinement : option->refinements()) {
      Random random(1);
      const std::vector<Fault> faults = option->draw(refinement, random);
      EXPECT_THAT(faults, Not(IsEmpty()));
      for (const Fault& fault : faults) EXPECT_EQ(nemesis_of(fault), option->name()) << refinement;
    }
  }
}

TEST(FaultChoice, a_refined_fault_is_what_was_asked_for) {
  Random random(1);
  const Fault kill = parse_nemeses("kill:leader")[0].option->draw("leader", random)[0];
  EXPECT_EQ(kill.target.rule, TargetRule::leader);
  const Fault cut = parse_nemeses("partition:leader")[0].option->draw("leader", random)[0];
  EXPECT_EQ(cut.action, Action(Partition{PartitionShape::one}));
  EXPECT_EQ(cut.target.rule, TargetRule::leader);
}

TEST(FaultChoice, membership_shrinks_by_a_minority_at_once) {
  Random random(1);
  const NemesisOption& membership = *parse_nemeses("membership")[0].option;
  const Fault shrink = membership.draw("shrink", random)[0];
  EXPECT_EQ(shrink.action, Action(Membership{MembershipChange::remove}));
  EXPECT_EQ(shrink.target.rule, TargetRule::minority);
  const Fault replace = membership.draw("replace", random)[0];
  EXPECT_EQ(replace.action, Action(Membership{MembershipChange::replace}));
  const Fault grow = membership.draw("grow", random)[0];
  EXPECT_EQ(grow.action, Action(Membership{MembershipChange::grow}));
  EXPECT_EQ(grow.target.rule, TargetRule::surplus);
}

TEST(FaultChoice, all_is_every_option) {
  EXPECT_EQ(parse_nemeses("all").size(), nemesis_options().size());
}

TEST(FaultChoice, what_takes_no_effect_is_only_there_when_it_is_named) {
  const auto only_kills = [](std::string_view kind) { return kind == "kill"; };
  const auto drawn = [&](const char* text) {
    std::vector<std::string_view> names;
    for (const FaultChoice& choice : parse_nemeses(
             text, 7, [] { return true; }, only_kills)) {
      names.push_back(choice.option->name());
    }
    return names;
  };
  EXPECT_THAT(drawn("all"), testing::ElementsAre("kill"));
  EXPECT_THAT(drawn("swarm"), testing::ElementsAre("kill"));
  EXPECT_THAT(drawn("pause,kill"), testing::ElementsAre("pause", "kill"));
}

TEST(FaultChoice, a_swarm_is_drawn_from_its_seed) {
  std::set<std::vector<std::string_view>> swarms;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<std::string_view> names;
    for (const FaultChoice& choice : parse_nemeses("swarm", seed))
      names.push_back(choice.option->name());
    std::vector<std::string_view> again;
    for (const FaultChoice& choice : parse_nemeses("swarm", seed))
      again.push_back(choice.option->name());
    EXPECT_EQ(names, again);
    EXPECT_THAT(names, Not(IsEmpty()));
    swarms.insert(names);
  }
  EXPECT_GT(swarms.size(), 40u);
  EXPECT_THAT(refusal_of_nemeses("swarm"), HasSubstr("drawn from a seed"));
}

}  // namespace
}  // namespace sunder::nemesis
