// sunder campaign: many runs, one table, one exit code.

#include <chrono>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "checker/raft/coverage.h"
#include "harness/campaign/conclude.h"
#include "harness/campaign/merge.h"
#include "harness/campaign/run_matrix.h"
#include "harness/campaign/scheduler.h"
#include "harness/campaign/shard.h"
#include "harness/campaign/spec.h"
#include "harness/commands/commands.h"
#include "harness/commands/flags.h"
#include "harness/commands/jobs.h"
#include "node/api/trace.h"
#include "results/campaign/campaign_store.h"
#include "results/store/folder_in_use.h"
#include "results/store/run_store.h"

namespace sunder::harness::commands {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using campaign::Spec;
using results::Campaign;
using results::CampaignStore;

constexpr const char* usual_campaigns_dir = "results/campaigns";

// The standards are shown, not used: what is not given is left as the spec has it.
void describe_campaign_flags(FlagSet& flags) {
  const Spec usual;
  const auto list = [](const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ","));
  };
  flags.value("name", "campaigns of one name are compared with one another", usual.name)
      .value("systems", "comma separated, options with '+': raft:pre-vote=off+check-quorum=off",
             list(usual.systems))
      .value("workloads", "comma separated", list(usual.workloads))
      .value("nemeses", "comma separated, kinds of one run with '+': kill+partition,swarm",
             list(usual.nemeses))
      .value("mutants",
             "comma separated ids; none is the correct node, all every mutant, control the correct "
             "node in the runs that hunt them",
             list(usual.mutants))
      .value("seeds", "such as 1..20 or 1,5,9..12", fmt::format("{}", fmt::join(usual.seeds, ",")))
      .toggle("hunt", "each mutant by the run that is known to find it ('sunder list mutants')")
      .value("budget", "hunt on with other seeds until found, for so long from each seed",
             to_text(usual.budget))
      .value("nodes", "how many", std::to_string(usual.nodes))
      .value("time-limit", "of each run", to_text(usual.time_limit))
      .value("nemesis-interval", "of each run", to_text(usual.nemesis_interval))
      .value("run-timeout", "a run that takes longer is killed and counts as hung",
             to_text(usual.run_timeout))
      .value("flags", "more flags of 'sunder run' for each run: --flags='--rate 500'", "")
      .toggle("known-bad", "the systems do not keep their promise: each run must be invalid")
      .toggle("no-canary", "do not show that a bug would be seen")
      .value("shard", "carry out the K-th of N parts only", "", "K/N")
      .value("keep", "the folders of which runs: failures or all", "failures")
      .value("junit", "write the JUnit file here too", "", "FILE")
      .value("runs-dir", "where campaigns are kept", usual_campaigns_dir, "DIR")
      .value("folder", "of the campaign; by name and time in --runs-dir when left out", "", "DIR")
      .value("resume", "go on with the campaign of this folder", "", "DIR");
}

/// What is given replaces what the file says.
void override_spec(Spec& spec, const Flags& flags) {
  const auto list = [&flags](const char* flag, std::vector<std::string>& names) {
    if (!flags.given(flag)) return;
    names = words_of(flags.text(flag), ',');
    if (names.empty())
      throw std::invalid_argument(fmt::format("--{}: one at least is wanted", flag));
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

CampaignStore make_store(const Campaign& planned, const Flags& flags) {
  if (flags.given("folder")) return CampaignStore::create(flags.text("folder"));
  const fs::path campaigns_dir = flags.text("runs-dir");
  const auto within = fs::path(planned.name) / CampaignStore::folder_name(planned);
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
        fmt::format("--keep {}: 'failures' or 'all' is wanted", flags.text("keep")));
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

ExitCode resume(const Flags& flags) {
  if (!flags.words().empty()) {
    throw std::invalid_argument("--resume goes on with what was planned: leave out the spec");
  }
  const auto store = CampaignStore::open(flags.text("resume"));
  PlannedCampaign work{store.load(), {}};
  const auto spec = campaign::stored_spec(nlohmann::json::parse(work.record.spec));
  work.plans = campaign::stored_plans(work.record);
  return carry_out(std::move(work), store, options_from(flags, spec), flags);
}

ExitCode merge(const Arguments& arguments) {
  FlagSet flag_set("sunder campaign merge", "Joins the shards of a campaign.", "DIR... [flags]");
  flag_set.value("junit", "write the JUnit file here too", "", "FILE")
      .value("runs-dir", "where campaigns are kept", usual_campaigns_dir, "DIR")
      .value("folder", "of the whole; by name and time in --runs-dir when left out", "", "DIR");
  const auto flags = flag_set.parse(arguments, 10'000);
  if (!flags) return ExitCode::valid;
  if (flags->words().empty()) {
    throw std::invalid_argument("sunder campaign merge: which shards? Name their folders");
  }
  std::vector<campaign::ShardResult> shards;
  for (const auto& word : flags->words()) {
    const auto shard = CampaignStore::open(word);
    shards.push_back({shard.folder(), shard.load()});
  }
  auto whole = campaign::joined(shards);
  const auto store = make_store(whole, *flags);
  campaign::name_folders_from(store.folder(), whole);
  return campaign::conclude(whole, store, flags->text("junit"));
}

}  // namespace

ExitCode campaign(const Arguments& arguments) {
  if (!arguments.empty() && arguments.front() == "merge") {
    return merge({arguments.begin() + 1, arguments.end()});
  }
  FlagSet flag_set("sunder campaign",
                   "Many runs: workloads x nemeses x seeds x systems x mutants; one table, one "
                   "exit code.\n'sunder campaign merge DIR...' joins shards.",
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
  auto planned = plan_campaign(spec, shard);
  const auto store = make_store(planned.record, *flags);
  return carry_out(std::move(planned), store, options, *flags);
}

}  // namespace sunder::harness::commands
