#include "harness/campaign/seen_states.h"

#include <fstream>

#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace sunder::harness::campaign {
namespace {

TEST(SeenStates, are_counted_once_also_when_a_campaign_is_resumed) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "states.txt";
  {
    SeenStates seen(file);
    EXPECT_EQ(seen.add({1, 0xffffffffffffffff}), 2U);
    EXPECT_EQ(seen.add({1, 2}), 1U);
  }
  EXPECT_EQ(SeenStates(file).add({1, 2, 3}), 1U);
}

TEST(SeenStates, a_file_of_something_else_is_refused_by_name) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "states.txt";
  std::ofstream(file) << "a1\nhello\n";
  EXPECT_THROW(SeenStates{file}, std::runtime_error);
}

}  // namespace
}  // namespace sunder::harness::campaign
