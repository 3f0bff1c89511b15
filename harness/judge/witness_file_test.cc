#include "harness/judge/witness_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

checker::Verdict verdict(checker::Validity validity) {
  checker::CheckResult result;
  result.name = "linearizable";
  result.validity = validity;
  return checker::combine({result});
}

TEST(WitnessFile, is_only_made_of_a_history_that_is_linearizable) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "order.jsonl";
  write_witness_file(file, "", verdict(checker::Validity::invalid));
  EXPECT_FALSE(std::filesystem::exists(file));
  write_witness_file(file, "{}\n", verdict(checker::Validity::valid));
  EXPECT_EQ(std::filesystem::file_size(file), 3U);
}

TEST(WitnessFile, does_not_replace_the_history) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "history.jsonl";
  write_witness_file(file, "{}\n", verdict(checker::Validity::valid));
  EXPECT_THROW(require_place_for_witness(file, file), std::invalid_argument);
}

}  // namespace
}  // namespace sunder::harness
