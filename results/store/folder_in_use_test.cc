#include "results/store/folder_in_use.h"

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/temporary_folder.h"

namespace sunder::results {
namespace {

namespace fs = std::filesystem;

class FolderInUseTest : public testing::Test {
 protected:
  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
};

TEST_F(FolderInUseTest, a_folder_is_in_use_while_somebody_says_so) {
  EXPECT_FALSE(is_in_use(folder_));
  {
    const FolderInUse one(folder_);
    std::optional<FolderInUse> other(folder_);
    EXPECT_TRUE(is_in_use(folder_));
    other.reset();
    EXPECT_TRUE(is_in_use(folder_));
  }
  EXPECT_FALSE(is_in_use(folder_));
}

TEST_F(FolderInUseTest, a_process_that_is_killed_leaves_no_sign) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderInUse sign(folder_);
    [[maybe_unused]] const auto written = ::write(ready[1], "r", 1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_TRUE(is_in_use(folder_));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(is_in_use(folder_));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(FolderInUseTest, a_folder_that_is_not_there_is_not_in_use_and_cannot_be) {
  EXPECT_FALSE(is_in_use(folder_ / "none"));
  EXPECT_THROW(FolderInUse(folder_ / "none"), std::runtime_error);
}

}  // namespace
}  // namespace sunder::results
