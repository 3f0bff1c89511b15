#include "results/store/run_list.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "results/store/folder_in_use.h"
#include "results/store/run_store.h"
#include "results/store/verdict_json.h"

namespace sunder::results {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A text as it is, a list of texts with commas.
std::string text_of(const Json& plan, const std::string& member) {
  const auto found = plan.find(member);
  if (found == plan.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (!found->is_array()) return {};
  std::vector<std::string> texts;
  for (const Json& each : *found) {
    if (each.is_string()) texts.push_back(each.get<std::string>());
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

void read_plan(const fs::path& path, RunSummary& summary) {
  const Json plan = Json::parse(content_of(path), nullptr, false);
  if (!plan.is_object()) return;
  const std::string mutant = text_of(plan, "mutant");
  summary.system = text_of(plan, "system") + (mutant.empty() ? "" : ", mutant " + mutant);
  summary.workload = text_of(plan, "workload");
  summary.nemesis = text_of(plan, "nemeses");
  if (plan.contains("seed") && plan["seed"].is_number_unsigned()) {
    summary.seed = plan["seed"].get<std::uint64_t>();
  }
}

void read_verdict(const fs::path& path, RunSummary& summary) {
  try {
    const StoredVerdict stored = read_verdict_json(path);
    summary.validity = stored.verdict.validity;
    summary.sentence = stored.verdict.sentence;
    summary.duration = stored.statistics.duration;
    summary.operations = stored.statistics.total;
  } catch (const std::runtime_error& error) {
    summary.sentence = error.what();
  }
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> files;
  const auto add = [&](const fs::path& within) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder / within, error)) {
      if (entry.is_regular_file(error))
        files.push_back((within / entry.path().filename()).string());
    }
  };
  for (const char* within : {"", "log", "trace"}) add(within);
  std::sort(files.begin(), files.end());
  return files;
}

RunSummary summary_of(const RunStore& store) {
  RunSummary summary;
  summary.label = store.label();
  summary.started = readable_stamp(store.folder().filename().string());
  // Before the verdict is looked for: a run that ends meanwhile has one.
  summary.in_progress = is_in_use(store.folder());
  summary.files = files_in(store.folder());
  read_plan(store.plan_path(), summary);
  if (fs::exists(store.verdict_path())) read_verdict(store.verdict_path(), summary);
  return summary;
}

/// The folders in `folder`, without links: `latest` would be a run twice.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_directory(error) && !entry.is_symlink(error)) folders.push_back(entry.path());
  }
  if (error) {
    throw std::runtime_error(fmt::format("cannot list {}: {}", folder.string(), error.message()));
  }
  return folders;
}

}  // namespace

std::vector<RunSummary> list_runs(const fs::path& runs_dir) {
  std::vector<RunSummary> runs;
  for (const fs::path& name : folders_in(runs_dir)) {
    for (const fs::path& folder : folders_in(name)) {
      if (holds_a_run(folder)) runs.push_back(summary_of(RunStore::open(folder)));
    }
  }
  std::sort(runs.begin(), runs.end(), [](const RunSummary& left, const RunSummary& right) {
    return std::tie(right.started, right.label) < std::tie(left.started, left.label);
  });
  return runs;
}

}  // namespace sunder::results
