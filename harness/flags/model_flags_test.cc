#include "harness/flags/model_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/flags/plan_flags.h"
#include "harness/workload_choice.h"

namespace sunder::harness {
namespace {

const auto& register_workload = workloads::find_workload("register");

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(ModelFlags, a_plan_keeps_the_parameters_of_its_model) {
  const auto plan = plan_with({}, {"--initial", "0"});
  EXPECT_EQ(model_of(plan, register_workload)->initial_value(), history::Value(0));
  EXPECT_EQ(model_of(plan_with(plan, {}), register_workload)->initial_value(), history::Value(0));
  EXPECT_EQ(model_of(Plan{}, register_workload)->initial_value(), history::Value());
}

TEST(ModelFlags, a_value_that_is_no_json_is_refused_with_the_way_out) {
  const auto parse = [](const char* text) {
    return [text] { parameters_in({{"initial", text}}); };
  };
  EXPECT_THAT(parse("abc"),
              ThrowsMessage<std::invalid_argument>(HasSubstr("--initial abc: use JSON")));
  EXPECT_NO_THROW(parse("\"abc\"")());
}

}  // namespace
}  // namespace sunder::harness
