#include <gtest/gtest.h>

#include "node/mutants/mutated_test.h"

namespace sunder {
namespace {

TEST(SnapshotMistakes, S1_keeps_whatever_stands_behind_the_edge) {
  Mutated mutant("S1");
  const auto& keeps = mutant.parts.rules.keeps_suffix;
  EXPECT_TRUE(keeps(log_with({1, 1, 1}), at(1, 2)));
  EXPECT_FALSE(keeps(log_with({1}), at(1, 2)));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(keeps(log_with({1, 1, 1}), at(2, 2)));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(SnapshotMistakes, S2_installs_what_it_has_applied_already) {
  Mutated mutant("S2");
  const auto& installs = mutant.parts.rules.installs_snapshot;
  EXPECT_TRUE(installs(Index{4}, Index{5}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(installs(Index{4}, Index{3}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(SnapshotMistakes, S3_takes_a_piece_wherever_it_belongs) {
  Mutated mutant("S3");
  const auto& fits = mutant.parts.rules.piece_fits;
  EXPECT_TRUE(fits(200, 200));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(fits(0, 200));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(SnapshotMistakes, S6_does_not_know_the_term_at_the_edge) {
  Mutated mutant("S6");
  const auto& matches = mutant.parts.rules.entry_matches;
  EXPECT_TRUE(matches(log_with({1}), at(0, 0)));
  EXPECT_TRUE(matches(log_with({2}, at(1, 4)), at(2, 5)));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_FALSE(matches(log_with({2}, at(1, 4)), at(1, 4)));
  EXPECT_EQ(mutant.reached, 1);
}

}  // namespace
}  // namespace sunder
