#include "nemesis/network/link_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(LinkRules, a_link_blocked_by_two_faults_opens_with_the_last_release) {
  LinkRules rules;
  rules.block(1, {{n1, n2}, {n2, n1}});
  rules.block(2, {{n1, n2}});
  rules.release(1);
  EXPECT_TRUE(rules.is_blocked({n1, n2}));
  EXPECT_FALSE(rules.is_blocked({n2, n1}));
  rules.release(2);
  EXPECT_FALSE(rules.is_blocked({n1, n2}));
}

TEST(LinkRules, a_cut_is_not_a_block) {
  LinkRules rules;
  rules.cut(1, {{n1, n2}});
  EXPECT_TRUE(rules.is_cut({n1, n2}));
  EXPECT_FALSE(rules.is_blocked({n1, n2}));
  rules.release(1);
  EXPECT_FALSE(rules.is_cut({n1, n2}));
}

struct Listener : LinkRules::Listener {
  Framing framing() const override { return Framing::frames; }
  void rules_changed(Link link) override { changed.push_back(link); }
  void reset(Link link) override { resets.push_back(link); }
  std::vector<Link> changed;
  std::vector<Link> resets;
};

TEST(LinkRules, a_listener_is_called_for_each_link_that_changes) {
  LinkRules rules;
  Listener listener;
  rules.listen(listener);
  rules.block(1, {{n1, n2}, {n1, n3}});
  rules.release(1);
  rules.release(1);
  EXPECT_THAT(listener.changed,
              ElementsAre(Link{n1, n2}, Link{n1, n3}, Link{n1, n2}, Link{n1, n3}));
  rules.reset({{n2, n1}});
  EXPECT_THAT(listener.resets, ElementsAre(Link{n2, n1}));
  rules.stop_listening(listener);
  rules.block(2, {{n1, n2}});
  rules.reset({{n2, n1}});
  EXPECT_THAT(listener.changed, SizeIs(4));
  EXPECT_THAT(listener.resets, SizeIs(1));
}

TEST(LinkRules, a_link_has_fates_while_a_message_fault_is_active_on_it) {
  LinkRules rules;
  rules.add(1, {{n1, n2}}, MessageFault{}, 7);
  EXPECT_NE(rules.state({n1, n2}).fates, nullptr);
  EXPECT_EQ(rules.state({n2, n1}).fates, nullptr);
  rules.release(1);
  EXPECT_EQ(rules.state({n1, n2}).fates, nullptr);
}

}  // namespace
}  // namespace sunder::nemesis
