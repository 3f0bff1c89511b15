#include "nemesis/link_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::nemesis {
namespace {

using testing::UnorderedElementsAre;

TEST(LinkRules, a_link_blocked_by_two_faults_opens_with_the_last_release) {
  LinkRules rules;
  rules.block(1, {{1, 2}, {2, 1}});
  rules.block(2, {{1, 2}});
  rules.release(1);
  EXPECT_TRUE(rules.is_blocked({1, 2}));
  EXPECT_FALSE(rules.is_blocked({2, 1}));
  rules.release(2);
  EXPECT_FALSE(rules.is_blocked({1, 2}));
}

TEST(LinkRules, the_listener_hears_of_the_links_that_changed) {
  LinkRules rules;
  std::vector<Link> heard;
  rules.on_change([&](Link link) { heard.push_back(link); });
  rules.block(1, {{1, 2}, {1, 3}});
  rules.release(1);
  rules.release(1);
  EXPECT_THAT(heard, UnorderedElementsAre(Link{1, 2}, Link{1, 3}, Link{1, 2}, Link{1, 3}));
}

}  // namespace
}  // namespace sunder::nemesis
