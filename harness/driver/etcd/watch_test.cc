#include "harness/driver/etcd/watch.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace sunder::harness::etcd {
namespace {

using history::List;

List events_in(const std::string& line) {
  List events;
  take_watch_line(line, events);
  return events;
}

TEST(EtcdWatch, a_line_has_events_with_their_revisions) {
  EXPECT_EQ(events_in(R"({"result":{"header":{"member_id":"1"},"created":true}})"), List{});
  // "k1" = 17, and "k1" deleted.
  EXPECT_EQ(events_in(R"({"result":{"header":{"member_id":"1"},"events":[
              {"kv":{"key":"azE=","value":"MTc=","mod_revision":"5"}},
              {"type":"DELETE","kv":{"key":"azE=","mod_revision":"6"}}]}})"),
            (List{List{5, "k1", 17}, List{6, "k1", {}}}));
}

TEST(EtcdWatch, the_end_of_the_watch_and_nonsense_are_refused) {
  EXPECT_THROW(events_in(R"({"result":{"header":{"member_id":"1"},"canceled":true}})"),
               std::invalid_argument);
  EXPECT_THROW(events_in(R"({"error":{"message":"no leader"}})"), std::invalid_argument);
  EXPECT_THROW(events_in("hello"), std::invalid_argument);
  EXPECT_THROW(events_in(R"({"result":{"header":{"member_id":"1"},"events":[{"kv":{}}]}})"),
               std::invalid_argument);
}

}  // namespace
}  // namespace sunder::harness::etcd
