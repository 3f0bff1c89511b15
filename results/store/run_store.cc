#include "results/store/run_store.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checker/history/brief.h"
#include "results/shell_words.h"

namespace sunder::results {
namespace fs = std::filesystem;

namespace {

/// What the user can do about `error`; `flag` chooses the place.
std::string advice(int error, std::string_view flag) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
      return fmt::format("choose a folder you may write to with {}", flag);
    case ENOSPC:
    case EDQUOT:
      return fmt::format("free some space, or choose another disk with {}", flag);
    case ENOTDIR:
    case EEXIST:
      return fmt::format("something that is not a folder is in the way: move it, or use {}", flag);
    default:
      return fmt::format("check the disk, or choose another folder with {}", flag);
  }
}

constexpr std::string_view flag_of_runs = "--runs-dir";

[[noreturn]] void refuse(std::string_view what, const fs::path& path, int error,
                         std::string_view flag = flag_of_runs) {
  throw std::runtime_error(fmt::format("cannot {} {}: {}; {}", what, path.string(),
                                       std::generic_category().message(error),
                                       advice(error, flag)));
}

void make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) refuse("create the folder", path, error.value());
}

/// An open file that is closed, and removed unless it was kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(fs::path path)
      : path_(std::move(path)),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!kept_) ::unlink(path_.c_str());
  }

  bool is_open() const { return descriptor_ >= 0; }

  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    // Some file systems find out only here that the disk is full.
    return ::fsync(descriptor_) == 0;
  }

  bool move_to(const fs::path& path) {
    kept_ = ::rename(path_.c_str(), path.c_str()) == 0;
    return kept_;
  }

 private:
  fs::path path_;
  int descriptor_;
  bool kept_ = false;
};

/// No signal that asks the program to stop comes between the making of a temporary file and its
/// rename: nothing is left behind.
class StopsDeferred {
 public:
  StopsDeferred() {
    sigset_t stops;
    ::sigemptyset(&stops);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&stops, signal);
    ::pthread_sigmask(SIG_BLOCK, &stops, &before_);
  }
  ~StopsDeferred() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopsDeferred(const StopsDeferred&) = delete;
  StopsDeferred& operator=(const StopsDeferred&) = delete;

 private:
  sigset_t before_{};
};

/// Beside `path`, so that a rename stays on one file system; one for each process.
fs::path temporary_beside(const fs::path& path) {
  return path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
}

}  // namespace

RunStore RunStore::create(const fs::path& runs_dir, const std::string& name, std::uint64_t seed,
                          std::chrono::system_clock::time_point now) {
  require_plain_name(name);
  const fs::path parent = runs_dir / name;
  make_folders(parent);
  const std::string base = fmt::format("{}-{}", utc_stamp(now), seed);
  fs::path folder = parent / base;
  for (int attempt = 2; ::mkdir(folder.c_str(), 0777) != 0; ++attempt) {
    if (errno != EEXIST) refuse("create the run's folder", folder, errno);
    folder = parent / fmt::format("{}-{}", base, attempt);
  }
  make_folders(folder / "trace");
  make_folders(folder / "log");
  return RunStore(folder);
}

RunStore RunStore::open(const fs::path& path) {
  if (stored_kind(path) != StoredKind::run_folder) {
    throw std::invalid_argument(fmt::format(
        "{} is a file, not a run's folder: name the folder that holds plan.json", path.string()));
  }
  return RunStore(fs::canonical(path));
}

std::string RunStore::label() const {
  return (folder_.parent_path().filename() / folder_.filename()).string();
}

fs::path RunStore::trace_path(std::string_view node) const {
  return folder_ / "trace" / fmt::format("{}.jsonl", node);
}

fs::path RunStore::log_path(std::string_view node) const {
  return folder_ / "log" / fmt::format("{}.log", node);
}

void RunStore::write_plan(std::string_view text) const {
  write_whole_file(plan_path(), text);
}
void RunStore::write_schedule(std::string_view text) const {
  write_whole_file(schedule_path(), text);
}
void RunStore::write_verdict(std::string_view text) const {
  write_whole_file(verdict_path(), text);
}
void RunStore::write_report(std::string_view text) const {
  write_whole_file(report_path(), text);
}

void RunStore::link_as_latest() const {
  replace_link(folder_.parent_path().parent_path() / "latest", label());
}

void require_plain_name(const std::string& name) {
  constexpr std::size_t longest = 200;
  const bool has_other_sign = std::any_of(
      name.begin(), name.end(), [](char c) { return history::is_control(c) || c == '/'; });
  const bool is_plain = !name.empty() && name.front() != '.' && name != "latest" &&
                        name.size() <= longest && !has_other_sign;
  if (is_plain) return;
  throw std::invalid_argument(
      fmt::format("the name {} cannot be a folder's name: use at most {} letters, digits, '-' and "
                  "'_', not 'latest'",
                  shell_word(name), longest));
}

bool holds_a_run(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "plan.json", ignored) || fs::exists(folder / "history.jsonl", ignored);
}

StoredKind stored_kind(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    throw std::invalid_argument(fmt::format(
        "{}: no such run or history; name a run's folder or a history file", path.string()));
  }
  if (!fs::is_directory(status)) return StoredKind::history_file;
  if (holds_a_run(path)) return StoredKind::run_folder;
  throw std::invalid_argument(fmt::format(
      "{} is a folder without plan.json or history.jsonl: name a run's own folder, such "
      "as results/runs/latest",
      path.string()));
}

std::string utc_stamp(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return {text, length};
}

std::string readable_stamp(const std::string& name) {
  constexpr std::size_t stamp_length = 16;
  if (name.size() < stamp_length || name[8] != 'T' || name[15] != 'Z') return name;
  const auto part = [&](std::size_t from, std::size_t length) { return name.substr(from, length); };
  return fmt::format("{}-{}-{} {}:{}:{}", part(0, 4), part(4, 2), part(6, 2), part(9, 2),
                     part(11, 2), part(13, 2));
}

void write_whole_file(const fs::path& path, std::string_view text, std::string_view flag) {
  const StopsDeferred deferred;
  TemporaryFile file(temporary_beside(path));
  if (!file.is_open() || !file.write(text) || !file.move_to(path)) {
    refuse("write", path, errno, flag);
  }
}

void replace_link(const fs::path& link, const fs::path& target) {
  const StopsDeferred deferred;
  const fs::path temporary = temporary_beside(link);
  ::unlink(temporary.c_str());
  if (::symlink(target.c_str(), temporary.c_str()) != 0) refuse("create the link", link, errno);
  if (::rename(temporary.c_str(), link.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    refuse("replace the link", link, error);
  }
}

}  // namespace sunder::results
