#include "results/store/folder_lock.h"

#include <optional>
#include <stdexcept>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/temporary_folder.h"

namespace sunder::results {
namespace {

TEST(FolderLock, is_had_by_one_process_which_is_named) {
  const TemporaryFolder folder;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock lock(folder.path());
    ::close(ends[1]);
    for (;;) ::pause();
  }
  ::close(ends[1]);
  char byte = 0;
  ASSERT_EQ(::read(ends[0], &byte, 1), 0);  // It has the lock now.
  try {
    const FolderLock lock(folder.path());
    FAIL() << "two have the lock";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(std::to_string(child)));
    EXPECT_THAT(error.what(), testing::HasSubstr(folder.path().string()));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_NO_THROW(FolderLock(folder.path()));
  ::close(ends[0]);
}

TEST(FolderLock, is_free_again_after_its_scope) {
  const TemporaryFolder folder;
  std::optional<FolderLock> lock;
  lock.emplace(folder.path());
  EXPECT_THROW(FolderLock(folder.path()), std::runtime_error);
  lock.reset();
  EXPECT_NO_THROW(FolderLock(folder.path()));
}

}  // namespace
}  // namespace sunder::results
