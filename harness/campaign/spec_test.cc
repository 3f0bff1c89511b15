#include "harness/campaign/spec.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace sunder::harness::campaign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal_of(const std::string& text) {
  try {
    spec_from_json(nlohmann::json::parse(text));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Spec, reads_back_as_it_was_written) {
  const auto spec = spec_from_json(nlohmann::json::parse(R"({"name": "nightly",
      "systems": ["raft:pre-vote=off"], "workloads": ["register"], "nemeses": ["kill+pause"],
      "mutants": ["none", "A1"], "seeds": "1..3,9", "hunt": true, "nodes": 3,
      "time_limit": "5s", "nemesis_interval": "500ms", "run_timeout": "1m", "flags": "--keys 2",
      "known_bad": true, "canary": false})"));
  EXPECT_EQ(to_json(spec_from_json(to_json(spec))), to_json(spec));
  EXPECT_THAT(spec.seeds, ElementsAre(1, 2, 3, 9));
  EXPECT_EQ(spec.time_limit, std::chrono::seconds(5));
  EXPECT_TRUE(spec.known_bad);
  EXPECT_FALSE(spec.canary);
}

TEST(Spec, what_is_left_out_stays_as_usual) {
  EXPECT_EQ(to_json(spec_from_json(nlohmann::json::object())), to_json(Spec{}));
}

TEST(Spec, what_is_wrong_is_named) {
  EXPECT_THAT(refusal_of(R"({"workload": ["register"]})"), HasSubstr("workload"));
  EXPECT_THAT(refusal_of(R"({"nemeses": []})"), HasSubstr("nemeses"));
  EXPECT_THAT(refusal_of(R"({"nemeses": "kill"})"), HasSubstr("nemeses"));
  EXPECT_THAT(refusal_of(R"({"seeds": [1, -2]})"), HasSubstr("seeds"));
  EXPECT_THAT(refusal_of(R"({"nodes": 0})"), HasSubstr("nodes"));
  EXPECT_THAT(refusal_of(R"({"time_limit": "10"})"), HasSubstr("time_limit"));
  EXPECT_THAT(refusal_of(R"({"canary": 1})"), HasSubstr("canary"));
}

TEST(Spec, seeds_are_ranges_and_numbers) {
  EXPECT_THAT(parse_seeds("--seeds", "7"), ElementsAre(7));
  EXPECT_THAT(parse_seeds("--seeds", "18446744073709551615"), ElementsAre(UINT64_MAX));
  for (const char* wrong : {"", ",", "a", "1..", "..3", "5..1", "-1", "1.5", "0..999999999"}) {
    EXPECT_THROW(parse_seeds("--seeds", wrong), std::invalid_argument) << wrong;
  }
}

}  // namespace
}  // namespace sunder::harness::campaign
