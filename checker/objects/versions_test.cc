#include "checker/objects/versions.h"

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/models/players_test.h"
#include "checker/models/versioned_register.h"
#include "checker/objects/differential_test.h"

namespace sunder::checker::versions_test {
namespace {

using history::List;
using history::Operation;
using history::Value;

Operation answered(Operation operation, int version) {
  history::Answer answer;
  answer.revision = version;
  operation.answer = std::make_shared<const history::Answer>(std::move(answer));
  if (operation.f != "read") operation.result = operation.argument;
  return operation;
}
Operation write(int value, int version, int invoked, int returned) {
  return answered(operation_at("write", value, invoked, returned), version);
}
Operation read(Value seen, int version, int invoked, int returned) {
  return answered(operation_at("read", std::move(seen), invoked, returned), version);
}

CheckResult check(std::vector<Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, VersionedRegister{});
}

TEST(Versions, a_smaller_version_behind_a_greater_one_is_a_violation) {
  const auto result = check({write(5, 1, 0, 1), write(6, 2, 2, 3), read(5, 1, 4, 5)});
  EXPECT_EQ(result.procedure, "versions");
  EXPECT_EQ(result.message,
            "client 4's read of 5 with version 1 was invoked after client 2's write of 6 with "
            "version 2 had returned: versions must grow");
}

TEST(Versions, a_version_belongs_to_one_write) {
  EXPECT_EQ(check({write(5, 7, 0, 1), write(6, 7, 2, 3)}).message,
            "client 0's write of 5 with version 7 and client 2's write of 6 with version 7 cannot "
            "both be");
  EXPECT_EQ(check({write(5, 1, 0, 1), read(5, 2, 2, 3)}).message,
            "client 2's read of 5 with version 2 has a version that no write of it has");
}

TEST(Versions, a_write_without_an_answer_may_have_any_version) {
  EXPECT_EQ(check({write(5, 1, 0, 1), operation_at("write", 6, 2, -1), read(6, 4, 3, 4)}).validity,
            Validity::valid);
  EXPECT_EQ(check({operation_at("write", 6, 0, -1), read(6, 4, 1, 2), read(6, 5, 3, 4)}).validity,
            Validity::invalid);
}

TEST(VersionsDifferential, agrees_with_brute_force) {
  const auto make = [](Random& random, int seed) {
    Shape shape;
    shape.operations = 3 + seed % 7;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 35 : 10;
    return random_history_of("versioned-register", random, shape);
  };
  const auto tally = Differential(VersionedRegister{}, make).compare(differential_histories());
  EXPECT_GT(tally.fast, tally.histories / 2);
  EXPECT_GT(tally.invalid, tally.histories / 20);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
}

}  // namespace
}  // namespace sunder::checker::versions_test
