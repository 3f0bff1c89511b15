#include "harness/process/watchdog.h"

#include <array>
#include <filesystem>
#include <system_error>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;

// A child in a group of its own that would live for ever.
pid_t start_sleeper() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setpgid(0, 0);
    for (;;) ::pause();
  }
  ::setpgid(child, child);
  return child;
}

int status_of(pid_t child) {
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

TEST(Watchdog, kills_the_guarded_groups_when_its_owner_ends) {
  const pid_t child = start_sleeper();
  {
    Watchdog watchdog;
    watchdog.guard(child);
  }
  const int status = status_of(child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST(Watchdog, leaves_released_groups_alone) {
  const pid_t child = start_sleeper();
  {
    Watchdog watchdog;
    watchdog.guard(child);
    watchdog.release(child);
  }
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), 0);
  ::kill(child, SIGTERM);
  EXPECT_EQ(WTERMSIG(status_of(child)), SIGTERM);
}

TEST(Watchdog, works_when_its_owner_is_killed_with_sigkill) {
  const pid_t child = start_sleeper();
  const pid_t owner = ::fork();
  if (owner == 0) {
    Watchdog watchdog;
    watchdog.guard(child);
    ::kill(::getpid(), SIGKILL);
  }
  EXPECT_EQ(WTERMSIG(status_of(owner)), SIGKILL);
  EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
}

TEST(Watchdog, removes_the_folders_that_a_killed_owner_still_guards) {
  const TemporaryFolder temporary;
  const auto trial = temporary.path() / "trying";
  const auto kept = temporary.path() / "kept";
  for (const auto& folder : {trial, kept}) fs::create_directories(folder / "runs");
  // The watchdog has the pipe's other end until it is gone.
  std::array<int, 2> until_gone{};
  ASSERT_EQ(::pipe(until_gone.data()), 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    Watchdog watchdog;
    watchdog.guard_folder(trial);
    watchdog.guard_folder(kept);
    watchdog.release_folder(kept);
    ::kill(::getpid(), SIGKILL);
  }
  ::close(until_gone[1]);
  EXPECT_EQ(WTERMSIG(status_of(owner)), SIGKILL);
  char nothing = 0;
  EXPECT_EQ(::read(until_gone[0], &nothing, 1), 0);
  ::close(until_gone[0]);
  EXPECT_FALSE(fs::exists(trial));
  EXPECT_TRUE(fs::exists(kept));
}

TEST(Watchdog, outlives_the_signals_that_end_a_program) {
  const pid_t child = start_sleeper();
  {
    Watchdog watchdog;
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::kill(watchdog.pid(), number);
    watchdog.guard(child);
  }
  EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
}

TEST(Watchdog, that_was_killed_guards_nothing_and_has_nothing_to_release) {
  const auto usual = ::signal(SIGPIPE, SIG_IGN);
  {
    Watchdog watchdog;
    ::kill(watchdog.pid(), SIGKILL);
    EXPECT_EQ(WTERMSIG(status_of(watchdog.pid())), SIGKILL);
    EXPECT_THROW(watchdog.guard(::getpid()), std::system_error);
    EXPECT_THROW(watchdog.guard_mount("/nowhere"), std::system_error);
    EXPECT_NO_THROW(watchdog.release(::getpid()));
    EXPECT_NO_THROW(watchdog.release_mount("/nowhere"));
  }
  ::signal(SIGPIPE, usual);
}

}  // namespace
}  // namespace sunder::harness
