// Writes the page of a made-up run and its history, to be looked at and to be tested in a browser:
//
//   sunder_sample_page (valid|stale-read|two-leaders|no-operations) OPERATIONS FOLDER

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include <fmt/format.h>

#include "checker/history/jsonl.h"
#include "results/page/sample/sample_run.h"
#include "results/run_store.h"

namespace {

using sunder::results::SampleKind;

const std::map<std::string, SampleKind> kinds = {{"valid", SampleKind::valid},
                                                 {"stale-read", SampleKind::stale_read},
                                                 {"two-leaders", SampleKind::two_leaders},
                                                 {"no-operations", SampleKind::no_operations}};

}  // namespace

int main(int count, char** arguments) {
  if (count != 4 || !kinds.contains(arguments[1])) {
    fmt::print(stderr, "usage: {} (valid|stale-read|two-leaders|no-operations) OPERATIONS FOLDER\n",
               arguments[0]);
    return 254;
  }
  const std::filesystem::path folder = arguments[3];
  std::filesystem::create_directories(folder);
  const sunder::results::SampleRun run(kinds.at(arguments[1]),
                                       std::strtoull(arguments[2], nullptr, 10), 7);
  std::string history;
  for (const auto& event : run.events()) {
    sunder::history::append_json_line(history, event);
  }
  sunder::results::write_whole_file(folder / "history.jsonl", history);
  sunder::results::write_whole_file(folder / "report.html",
                                    sunder::results::render_report(run.input));
  return 0;
}
