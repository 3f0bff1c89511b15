#include "checker/history/places.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace sunder::history {

namespace fs = std::filesystem;

namespace {

/// In a folder, the first of them that is not empty. A test of Jepsen that broke off has no
/// history.edn.
constexpr std::array files_of_a_folder{"history.edn",   "history.edn.gz", "history.edn.zst",
                                       "history.jsonl", "history.json",   "history.txt",
                                       "jepsen.log"};

/// Files of a test's folder that hold no operations that sunder can read.
struct OtherFile {
  std::string_view name;
  std::string_view is;
};

constexpr std::array other_files{
    OtherFile{"test.jepsen", "Jepsen's binary file of the test"},
    OtherFile{"test.fressian", "Jepsen's binary file of the test"},
    OtherFile{"results.edn", "what Jepsen's checkers found, not a history"},
    OtherFile{"results.json", "what checkers found, not a history"},
    OtherFile{"test.edn", "the description of the test, not a history"},
    OtherFile{"watch.json", "what etcd's watchers saw, not operations"},
    OtherFile{"verdict.json", "what sunder found, not a history"}};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_file_with_content(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  const auto size = fs::file_size(path, error);
  return !error && size > 0;
}

std::optional<fs::path> history_in(const fs::path& folder) {
  for (const auto* name : files_of_a_folder) {
    if (is_file_with_content(folder / name)) return folder / name;
  }
  return std::nullopt;
}

/// etcd's robustness tests: client-1/operations.json, client-2/operations.json, ...
std::vector<fs::path> client_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto file = entry->path() / "operations.json";
    const bool is_client = entry->path().filename().string().starts_with("client-");
    if (is_client && is_file_with_content(file)) files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return files;
}

void refuse_other_file(const fs::path& path) {
  const auto name = path.filename().string();
  for (const auto& other : other_files) {
    if (name != other.name) continue;
    const auto instead = history_in(path.parent_path());
    throw std::invalid_argument(fmt::format(
        "{} is {}: name {}", path.string(), other.is,
        instead ? instead->string()
                : std::string("the history.edn, history.txt or jepsen.log of the test")));
  }
}

void take_folder(const fs::path& folder, HistorySource& source) {
  if (const auto file = history_in(folder)) {
    source.files.push_back(*file);
    source.notes.push_back(fmt::format("{} is the history", file->string()));
    return;
  }
  const auto of_clients = client_files_in(folder);
  if (!of_clients.empty()) {
    source.files.insert(source.files.end(), of_clients.begin(), of_clients.end());
    source.notes.push_back(fmt::format("{} files {}/client-*/operations.json are the history",
                                       of_clients.size(), folder.string()));
    return;
  }
  // Jepsen links the last test as store/latest, and that of a name as store/NAME/latest.
  const auto latest = folder / "latest";
  if (is_folder(latest) && (history_in(latest) || !client_files_in(latest).empty())) {
    return take_folder(latest, source);
  }
  throw std::invalid_argument(fmt::format(
      "{} is no run of sunder (it has no plan.json or history.jsonl) and no test's folder (it has "
      "no history.edn, history.txt or jepsen.log, and no 'latest' with one): name a run's folder "
      "such as results/runs/latest, a test's folder such as store/latest, or a history file",
      folder.string()));
}

}  // namespace

HistorySource history_source(const std::vector<std::string>& words) {
  HistorySource source;
  for (const auto& word : words) {
    const fs::path path(word);
    if (word == "-") {
      source.files.push_back(path);
    } else if (!is_there(path)) {
      throw std::invalid_argument(
          fmt::format("{}: no such run or history; name a run's folder or a history file", word));
    } else if (is_folder(path)) {
      take_folder(path, source);
    } else {
      refuse_other_file(path);
      source.files.push_back(path);
    }
  }
  std::set<fs::path> seen;
  for (const auto& file : source.files) {
    if (!seen.insert(file.lexically_normal()).second) {
      throw std::invalid_argument(fmt::format("{} is named twice", file.string()));
    }
  }
  return source;
}

}  // namespace sunder::history
