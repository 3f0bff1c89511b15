#pragma once
// A small process forked before anything else, in a session of its own, that outlives sunder by a
// moment: when the pipe from sunder closes, however sunder ended, it kills every process group
// still registered, undoes every mount, and removes every folder of a trial. PR_SET_PDEATHSIG in
// each child covers the child alone; this covers what the child started too.

#include <filesystem>

#include <sys/types.h>

namespace sunder::harness {

class Watchdog {
 public:
  /// Forks. Must be called while the process has one thread and no io_context.
  Watchdog();
  /// Closes the pipe: whatever is still registered is killed. Reaps the watchdog.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// The group is killed with sunder from now on. Throws std::system_error if somebody has killed
  /// the watchdog.
  void guard(pid_t group);
  /// The group's leader has been reaped; its number may be used by others now.
  void release(pid_t group);

  /// The folder may become a mount of a guarded process, and must not stay one. Throws like guard.
  void guard_mount(const std::filesystem::path& folder);
  void release_mount(const std::filesystem::path& folder);

  /// The folder is removed, after all groups are gone, if it is still guarded when sunder ends.
  void guard_folder(const std::filesystem::path& folder);
  void release_folder(const std::filesystem::path& folder);

  pid_t pid() const { return pid_; }

 private:
  struct Message;
  [[noreturn]] static void watch(int pipe);
  static Message about(char what, const std::filesystem::path& folder);
  bool tell(const Message& message);
  void tell_or_throw(const Message& message);

  int pipe_ = -1;
  pid_t pid_ = -1;
};

}  // namespace sunder::harness
