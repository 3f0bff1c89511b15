#include "harness/judge/presentation.h"

#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/judge/run_report.h"
#include "harness/output.h"
#include "results/report/terminal_summary.h"
#include "results/store/verdict_json.h"

namespace sunder::harness {

namespace {

results::Terminal terminal() {
  results::Terminal found;
  const char* refused = std::getenv("NO_COLOR");
  found.colour = ::isatty(STDOUT_FILENO) == 1 && (refused == nullptr || *refused == '\0');
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    found.columns = size.ws_col;
  }
  return found;
}

void print(const Judgement& judgement, bool json) {
  remark_on(judgement);
  if (json) {
    out::print("{}", verdict_json_of(judgement));
    return;
  }
  out::print_text(results::terminal_summary(judgement.verdict, judgement.statistics, terminal()));
}

}  // namespace

std::string verdict_json_of(const Judgement& judgement) {
  return results::to_verdict_json({judgement.verdict, judgement.statistics,
                                   judgement.history.assumptions, judgement.history.warnings});
}

void remark_on(const Judgement& judgement) {
  for (const auto& warning : judgement.history.warnings) {
    out::remark("sunder: warning: {}\n", history::printable_line(warning));
  }
  for (const auto& assumption : judgement.history.assumptions) {
    out::remark("assumed: {}\n", assumption);
  }
}

ExitCode present_run(const results::RunStore& store, const Judgement& judgement, bool json,
                     Storing storing) {
  bool is_stored = true;
  try {
    store.write_verdict(verdict_json_of(judgement));
    store.write_report(draw_report(store, judgement));
    out::is_also_in(store.verdict_path());
  } catch (const std::runtime_error& error) {
    if (storing == Storing::required) throw;
    is_stored = false;
    out::remark("sunder: the verdict is not stored: {}\n", error.what());
  }
  print(judgement, json);
  if (!json && is_stored) out::print("report: {}\n", store.report_path().string());
  return exit_code_of(judgement.verdict.validity);
}

ExitCode present_history(const Judgement& judgement, bool json) {
  print(judgement, json);
  return exit_code_of(judgement.verdict.validity);
}

}  // namespace sunder::harness
