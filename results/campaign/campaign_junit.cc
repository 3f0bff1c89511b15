#include "results/campaign/campaign_junit.h"

#include <fmt/format.h>

#include "results/campaign/conclusion.h"
#include "results/report/junit.h"

namespace sunder::results {

namespace {

JunitResult junit_result_of(const CampaignRun& run) {
  switch (standing_of(run)) {
    case Standing::valid:
    case Standing::found:
      return JunitResult::passed;
    case Standing::invalid:
      return JunitResult::failure;
    case Standing::missed:
      return run.canary || run.known_bad ? JunitResult::failure : JunitResult::skipped;
    case Standing::unknown:
    case Standing::crashed:
    case Standing::hung:
    case Standing::not_run:
      break;
  }
  return JunitResult::error;
}

JunitCase case_of(const CampaignRun& run) {
  JunitCase test;
  test.group = fmt::format("{}.{}", run.system, run.workload);
  test.name =
      fmt::format("{}{}{} seed {}", run.canary ? "canary " : "",
                  run.mutant.empty() ? "" : "mutant " + run.mutant + " ", run.nemesis, run.seed);
  test.result = junit_result_of(run);
  test.type = name_of(standing_of(run));
  test.details = fmt::format("seed {}, repeat it with:\n{}\n", run.seed, command_of(run));
  if (!run.outcome) {
    test.sentence = "the run did not start";
    return test;
  }
  test.duration = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(run.outcome->seconds));
  test.sentence = run.outcome->sentence;
  if (!run.outcome->folder.empty()) {
    test.details += fmt::format("report: {}/report.html\n", run.outcome->folder);
  }
  return test;
}

}  // namespace

std::string campaign_junit(const Campaign& campaign) {
  std::vector<JunitCase> cases;
  for (const CampaignRun& run : campaign.runs) cases.push_back(case_of(run));
  return to_junit("sunder campaign " + campaign.name, cases);
}

}  // namespace sunder::results
