#include "harness/process/watchdog.h"

#include <system_error>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sunder::harness {
namespace {

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
