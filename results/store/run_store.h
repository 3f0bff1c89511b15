#pragma once
// One run on disk: `<runs-dir>/<name>/<UTC time>-<seed>/`, and the paths of everything in it.
// Whole files appear complete or not at all: they are written beside their place and renamed.
// The history, the traces and the logs are streamed by their own writers to the paths given here.
//
// Errors: std::invalid_argument when the name or path asked for is wrong, std::runtime_error when
// the disk refuses. Both messages name the file and say what to do.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace sunder::results {

class RunStore {
 public:
  /// Makes the run's folder with `trace/` and `log/` in it. A second run with the same name and
  /// seed in the same second gets "-2" behind its folder's name.
  static RunStore create(const std::filesystem::path& runs_dir, const std::string& name,
                         std::uint64_t seed, std::chrono::system_clock::time_point now);
  /// An existing run; `path` may be a link such as `results/runs/latest`.
  static RunStore open(const std::filesystem::path& path);

  const std::filesystem::path& folder() const { return folder_; }
  /// "register/20261124T045318Z-7", for people.
  std::string label() const;

  std::filesystem::path plan_path() const { return folder_ / "plan.json"; }
  std::filesystem::path schedule_path() const { return folder_ / "schedule.json"; }
  std::filesystem::path history_path() const { return folder_ / "history.jsonl"; }
  std::filesystem::path trace_path(std::string_view node) const;
  std::filesystem::path log_path(std::string_view node) const;
  /// The messages between nodes, as the proxy saw them.
  std::filesystem::path wire_path() const { return folder_ / "wire.jsonl"; }
  /// The roles that nodes without traces reported when asked.
  std::filesystem::path roles_path() const { return folder_ / "roles.jsonl"; }
  /// The contents of the nodes' disks at the end.
  std::filesystem::path disks_path() const { return folder_ / "disks.jsonl"; }
  /// The seals of the files above that hold evidence (seals.h).
  std::filesystem::path seals_path() const { return folder_ / "evidence.json"; }
  std::filesystem::path verdict_path() const { return folder_ / "verdict.json"; }
  std::filesystem::path report_path() const { return folder_ / "report.html"; }

  void write_plan(std::string_view text) const;
  void write_schedule(std::string_view text) const;
  void write_verdict(std::string_view text) const;
  void write_report(std::string_view text) const;

  /// Points `<runs-dir>/latest` here.
  void link_as_latest() const;

 private:
  explicit RunStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

/// Whether there is a plan or a history in `folder`.
bool holds_a_run(const std::filesystem::path& folder);

enum class StoredKind { run_folder, history_file };

/// What a user who names `path` means. Throws std::invalid_argument if it is neither.
StoredKind stored_kind(const std::filesystem::path& path);

/// Throws std::invalid_argument for what cannot be the name of one folder: "", "../x", "latest".
void require_plain_name(const std::string& name);

/// "20261124T045318Z"
std::string utc_stamp(std::chrono::system_clock::time_point time);

/// "20261124T045318Z-7" as "2026-11-24 04:53:18"; names that begin otherwise as they are.
std::string readable_stamp(const std::string& name);

/// Replaces the file at `path` as a whole, or throws and leaves what was there. The message names
/// the flag by which the user chooses the place.
void write_whole_file(const std::filesystem::path& path, std::string_view text,
                      std::string_view flag = "--runs-dir");

/// Makes `link` point to `target`, which stands relative to it so that the folder can be moved.
/// Other programs see the old link or the new one, never none.
void replace_link(const std::filesystem::path& link, const std::filesystem::path& target);

}  // namespace sunder::results
