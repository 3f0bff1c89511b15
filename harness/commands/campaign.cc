// sunder campaign: many runs, one table, one exit code.

#include <chrono>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "checker/raft/coverage.h"
#include "harness/campaign/conclude.h"
#include "harness/campaign/junit_file.h"
#include "harness/campaign/merge.h"
#include "harness/campaign/run_matrix.h"
#include "harness/campaign/scheduler.h"
#include "harness/campaign/shard.h"
#include "harness/campaign/spec.h"
#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/flags/jobs.h"
#include "node/api/trace.h"
#include "results/campaign/campaign_store.h"
#include "results/store/folder_in_use.h"
#include "results/store/folder_lock.h"
#include "results/store/run_store.h"

namespace sunder::harness::commands {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using campaign::Spec;
using results::Campaign;
using results::CampaignStore;

constexpr const char* usual_campaigns_dir = "results/campaigns";

// The standard values are only shown: what is not given stays as the spec has it.
void describe_campaign_flags(FlagSet& flags) {
  const Spec usual;
  const auto list = [](const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ","));
  };
  flags
      .value("name", "name of the campaign; its report compares it with earlier ones of this name",
             usual.name, "NAME")
      .value("systems",
             "systems, separated by commas; options with '+': raft:pre-vote=off+check-quorum=off",
             list(usual.systems), "LIST")
      .value("workloads", "workloads, separated by commas", list(usual.workloads), "LIST")
      .value("nemeses",
             "faults of each run, separated by commas; several in one run with '+': "
             "kill+partition,swarm",
             list(usual.nemeses), "LIST")
      .value("mutants",
             "ids of mutants, separated by commas; none: the correct node; all: every mutant; "
             "control: the correct node in the runs that hunt the mutants",
             list(usual.mutants), "LIST")
      .value("seeds", "seeds, such as 1..20 or 1,5,9..12",
             fmt::format("{}", fmt::join(usual.seeds, ",")), "LIST")
      .toggle("hunt",
              "run each mutant with the flags that are known to find it ('sunder list mutants "
              "--long')")
      .value("budget",
             "with --hunt: try further seeds until the mutant is found, for this time from each "
             "seed",
             to_text(usual.budget), "TIME")
      .value("nodes", "number of nodes, 1 to 9", std::to_string(usual.nodes), "N")
      .value("time-limit", "how long clients and faults of each run go on",
             to_text(usual.time_limit), "TIME")
      .value("nemesis-interval", "one fault of each kind in about this time",
             to_text(usual.nemesis_interval), "TIME")
      .value("run-timeout", "kill a run that takes longer; it counts as hung",
             to_text(usual.run_timeout), "TIME")
      .value("flags", "further flags of 'sunder run' for each run: --flags='--rate 500'", "",
             "FLAGS")
      .toggle("known-bad", "the systems are known to be wrong: each run must be invalid")
      .toggle("no-canary", "leave out the run that must find a bug")
      .value("shard", "carry out only the K-th of N parts", "", "K/N")
      .value("keep", "whose folders to keep: failures or all", "failures", "RUNS")
      .value("junit", "write the JUnit file to this place, too", "", "FILE")
      .value("runs-dir", "folder for all campaigns", usual_campaigns_dir, "DIR")
      .value("folder", "folder of this campaign (default: by name and time in --runs-dir)", "",
             "DIR")
      .value("resume", "go on with the campaign in this folder", "", "DIR");
}

/// Flags that are given replace what the file says.
void override_spec(Spec& spec, const Flags& flags) {
  const auto list = [&flags](const char* flag, std::vector<std::string>& names) {
    if (!flags.given(flag)) return;
    names = words_of(flags.text(flag), ',');
    if (names.empty())
      throw std::invalid_argument(fmt::format("--{}: expected at least one name", flag));
  };
  const auto span = [&flags](const char* flag, Duration& duration) {
    if (flags.given(flag)) duration = flags.duration(flag, 100ms, 24h);
  };
  if (flags.given("name")) spec.name = flags.text("name");
  list("systems", spec.systems);
  list("workloads", spec.workloads);
  list("nemeses", spec.nemeses);
  list("mutants", spec.mutants);
  if (flags.given("seeds")) spec.seeds = campaign::parse_seeds("--seeds", flags.text("seeds"));
  if (flags.given("hunt")) spec.hunt = true;
  span("budget", spec.budget);
  if (flags.given("nodes")) spec.nodes = static_cast<int>(flags.integer("nodes", 1, 9));
  span("time-limit", spec.time_limit);
  span("nemesis-interval", spec.nemesis_interval);
  span("run-timeout", spec.run_timeout);
  if (flags.given("flags")) spec.flags = flags.text("flags");
  if (flags.given("known-bad")) spec.known_bad = true;
  if (flags.given("no-canary")) spec.canary = false;
}

/// A campaign and the plans of its runs, by position.
struct PlannedCampaign {
  Campaign record;
  std::vector<Plan> plans;

  void add(campaign::PlannedRun run) {
    record.runs.push_back(std::move(run.record));
    plans.push_back(std::move(run.plan));
  }
};

PlannedCampaign plan_campaign(const Spec& spec, const campaign::Shard& shard) {
  const auto all = campaign::runs_of(spec, list_mutants());
  PlannedCampaign planned;
  auto& record = planned.record;
  record.name = spec.name;
  record.id = results::utc_stamp(std::chrono::system_clock::now());
  record.spec = campaign::to_json(spec).dump();
  record.shard = shard.number;
  record.shards = shard.of;
  record.matrix_runs = all.size();
  for (const auto& name : trace::node_vocabulary()) record.vocabulary.emplace_back(name);
  for (const auto name : checker::raft::all_situations()) record.situations.emplace_back(name);
  // The canary runs first: a tester that detects nothing is noticed at once. Each shard runs on a
  // machine of its own, so each has its own canary, with a seed of its own.
  if (spec.canary) planned.add(campaign::canary_run(spec.seeds.front() + shard.number - 1));
  for (auto& run : campaign::share_of(shard, all)) planned.add(std::move(run));
  return planned;
}

/// Makes a folder that nobody else has, in the folder: its name is the wanted one, or that with a
/// number behind it, for two campaigns may begin in one second.
std::string make_new_folder(const fs::path& in, const std::string& wanted) {
  fs::create_directories(in);
  auto name = wanted;
  for (int number = 2; !fs::create_directory(in / name); ++number) {
    name = fmt::format("{}-{}", wanted, number);
  }
  return name;
}

CampaignStore make_store(const Campaign& planned, const Flags& flags) {
  if (flags.given("folder")) return CampaignStore::create(flags.text("folder"));
  const fs::path campaigns_dir = flags.text("runs-dir");
  const auto within = fs::path(planned.name) / make_new_folder(campaigns_dir / planned.name,
                                                               CampaignStore::folder_name(planned));
  auto store = CampaignStore::create(campaigns_dir / within);
  results::replace_link(campaigns_dir / "latest", within);
  return store;
}

campaign::Scheduler::Options options_from(const Flags& flags, const Spec& spec) {
  campaign::Scheduler::Options options;
  options.jobs = jobs_from(flags);
  options.run_timeout = spec.run_timeout;
  options.hunt_budget = spec.budget;
  options.keep_all = flags.text("keep") == "all";
  if (!options.keep_all && flags.text("keep") != "failures") {
    throw std::invalid_argument(
        fmt::format("--keep {}: expected 'failures' or 'all'", flags.text("keep")));
  }
  return options;
}

ExitCode carry_out(PlannedCampaign work, const CampaignStore& store,
                   const campaign::Scheduler::Options& options, const Flags& flags) {
  const results::FolderInUse in_progress(store.folder());
  {
    Watchdog watchdog;
    ProgressLine progress(::isatty(STDERR_FILENO) == 1);
    campaign::Scheduler(work.record, std::move(work.plans), store, options, watchdog, progress)
        .run();
  }
  return campaign::conclude(work.record, store, flags.text("junit"));
}

/// What is wrong with it is for the user to mend.
Campaign load(const CampaignStore& store) {
  try {
    return store.load();
  } catch (const std::runtime_error& error) {
    throw std::invalid_argument(error.what());
  }
}

ExitCode resume(const Flags& flags) {
  if (!flags.words().empty()) {
    throw std::invalid_argument("--resume goes on with the stored spec: leave out the spec's file");
  }
  const auto store = CampaignStore::open(flags.text("resume"));
  if (flags.given("junit")) campaign::require_writable(flags.text("junit"));
  const results::FolderLock lock(store.folder());
  PlannedCampaign work{load(store), {}};
  const auto spec = campaign::spec_from_json(nlohmann::json::parse(work.record.spec));
  work.plans = campaign::stored_plans(work.record);
  return carry_out(std::move(work), store, options_from(flags, spec), flags);
}

ExitCode merge(const Arguments& arguments) {
  FlagSet flag_set("sunder campaign merge", "Joins the shards of a campaign.", "DIR... [flags]");
  flag_set.value("junit", "write the JUnit file to this place, too", "", "FILE")
      .value("runs-dir", "folder for all campaigns", usual_campaigns_dir, "DIR")
      .value("folder", "folder of the whole (default: by name and time in --runs-dir)", "", "DIR");
  const auto flags = flag_set.parse(arguments, 10'000);
  if (!flags) return ExitCode::valid;
  if (flags->words().empty()) {
    throw std::invalid_argument("sunder campaign merge: name the folders of the shards");
  }
  std::vector<campaign::ShardResult> shards;
  for (const auto& word : flags->words()) {
    const auto shard = CampaignStore::open(word);
    shards.push_back({shard.folder(), load(shard)});
  }
  auto whole = campaign::joined(shards);
  if (flags->given("junit")) campaign::require_writable(flags->text("junit"));
  const auto store = make_store(whole, *flags);
  const results::FolderLock lock(store.folder());
  campaign::name_folders_from(store.folder(), whole);
  return campaign::conclude(whole, store, flags->text("junit"));
}

}  // namespace

ExitCode campaign(const Arguments& arguments) {
  if (!arguments.empty() && arguments.front() == "merge") {
    return merge({arguments.begin() + 1, arguments.end()});
  }
  FlagSet flag_set("sunder campaign",
                   "Carries out many runs: workloads x nemeses x seeds x systems x mutants. One "
                   "table, one exit code.\n'sunder campaign merge DIR...' joins shards.",
                   "[SPEC.json] [flags]");
  describe_campaign_flags(flag_set);
  describe_jobs(flag_set);
  const auto flags = flag_set.parse(arguments, 1);
  if (!flags) return ExitCode::valid;
  if (flags->given("resume")) return resume(*flags);
  Spec spec = flags->words().empty() ? Spec{} : campaign::read_spec(flags->words().front());
  override_spec(spec, *flags);
  const auto options = options_from(*flags, spec);
  const auto shard =
      flags->given("shard") ? campaign::parse_shard(flags->text("shard")) : campaign::Shard{};
  results::require_plain_name(spec.name);
  auto planned = plan_campaign(spec, shard);
  if (flags->given("junit")) campaign::require_writable(flags->text("junit"));
  const auto store = make_store(planned.record, *flags);
  const results::FolderLock lock(store.folder());
  return carry_out(std::move(planned), store, options, *flags);
}

}  // namespace sunder::harness::commands
