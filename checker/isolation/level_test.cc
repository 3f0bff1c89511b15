#include "checker/isolation/level.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace sunder::checker::isolation {

TEST(IsolationLevel, a_level_stands_behind_all_that_it_implies) {
  const auto& all = all_levels();
  EXPECT_EQ(all.size(), 27U);
  for (std::size_t stronger = 0; stronger < all.size(); ++stronger) {
    EXPECT_TRUE(implies(all[stronger], all[stronger]));
    for (std::size_t weaker = stronger + 1; weaker < all.size(); ++weaker) {
      EXPECT_FALSE(implies(all[stronger], all[weaker]))
          << name_of(all[stronger]) << " " << name_of(all[weaker]);
    }
  }
}

TEST(IsolationLevel, strict_serializable_implies_every_level) {
  for (const auto level : all_levels()) {
    EXPECT_TRUE(implies(level_named("strict"), level)) << name_of(level);
  }
}

TEST(IsolationLevel, implications_are_those_of_the_definitions) {
  struct Case {
    const char* stronger;
    const char* weaker;
    bool implied;
  };
  for (const auto& each : {
           Case{"serializable", "snapshot-isolation", true},
           Case{"serializable", "strong-session-read-uncommitted", false},
           Case{"serializable", "causal", false},
           Case{"serializable", "read-your-writes", false},
           Case{"strong-session-serializable", "causal", true},
           Case{"strong-session-snapshot-isolation", "causal", true},
           Case{"snapshot-isolation", "causal", false},
           Case{"snapshot-isolation", "repeatable-read", false},
           Case{"repeatable-read", "snapshot-isolation", false},
           Case{"repeatable-read", "consistent-view", true},
           Case{"consistent-view", "read-atomic", false},
           Case{"consistent-view", "cursor-stability", true},
           Case{"causal", "strong-session-read-committed", true},
           Case{"causal", "cursor-stability", false},
           Case{"strong-read-committed", "monotonic-writes", true},
           Case{"strong-session-read-committed", "monotonic-reads", false},
           Case{"strong-session-consistent-view", "pram", true},
           Case{"strong-snapshot-isolation", "strong-session-snapshot-isolation", true},
           Case{"strong-session-snapshot-isolation", "strong-read-uncommitted", false},
       }) {
    EXPECT_EQ(implies(level_named(each.stronger), level_named(each.weaker)), each.implied)
        << each.stronger << " " << each.weaker;
  }
}

TEST(IsolationLevel, each_level_is_found_by_its_name) {
  for (const auto level : all_levels()) EXPECT_EQ(level_named(name_of(level)), level);
  EXPECT_EQ(name_of(level_named("strong-serializable")), "strict-serializable");
  EXPECT_EQ(name_of(level_named("snapshot")), "snapshot-isolation");
}

TEST(IsolationLevel, an_unknown_name_is_refused_with_those_that_there_are) {
  for (const auto* name : {"", "strong-causal", "repeatable_read", "strong-session-read-atomic"}) {
    try {
      level_named(name);
      FAIL() << name;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find("strong-session-snapshot-isolation"),
                std::string::npos);
    }
  }
}

}  // namespace sunder::checker::isolation
