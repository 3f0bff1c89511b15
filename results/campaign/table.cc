#include "results/campaign/table.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "results/campaign/conclusion.h"
#include "results/campaign/findings.h"
#include "results/campaign/matrix.h"
#include "results/campaign/score.h"
#include "results/report/format.h"

namespace sunder::results {

namespace {

using Lines = std::back_insert_iterator<std::string>;

constexpr std::size_t most_slowest = 3;

std::string what_ran(const CampaignRun& run) {
  return fmt::format("{}{} {} {}{} seed {}", run.canary ? "canary: " : "", run.system, run.workload,
                     run.nemesis, run.mutant.empty() ? "" : " mutant " + run.mutant, run.seed);
}

bool wants_explanation(const CampaignRun& run) {
  const Standing standing = standing_of(run);
  if ((run.canary || run.known_bad) && standing == Standing::missed) return true;
  return standing == Standing::invalid || standing == Standing::unknown ||
         standing == Standing::crashed || standing == Standing::hung;
}

using Grid = std::vector<std::vector<std::string>>;

Grid grid_of(const Matrix& matrix) {
  Grid grid(1);
  grid.front().emplace_back();
  for (const auto& column : matrix.columns) grid.front().push_back(column);
  for (const auto& row : matrix.rows) {
    auto& line = grid.emplace_back();
    line.push_back(row.name);
    for (const auto& cell : row.cells) line.push_back(text_of(cell));
  }
  return grid;
}

std::vector<std::size_t> widths_of(const Grid& grid) {
  std::vector<std::size_t> widths(grid.front().size(), 0);
  for (const auto& line : grid) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(line[i]));
    }
  }
  return widths;
}

bool fits_a_terminal(const Grid& grid) {
  constexpr std::size_t columns = 100;
  std::size_t whole = 0;
  for (const auto width : widths_of(grid)) whole += width + 2;
  return whole <= columns;
}

void add_matrix(Lines out, const Campaign& campaign) {
  const Matrix matrix = matrix_of(campaign);
  if (matrix.rows.empty()) return;
  Grid grid = grid_of(matrix);
  if (is_sparse(matrix) || !fits_a_terminal(grid)) grid = cell_by_cell(matrix);
  const auto widths = widths_of(grid);
  for (const auto& line : grid) {
    std::string text = " ";
    for (std::size_t i = 0; i < line.size(); ++i) text += " " + padded(line[i], widths[i] + 1);
    fmt::format_to(out, "{}\n", text.substr(0, text.find_last_not_of(' ') + 1));
  }
  fmt::format_to(out, "\n");
}

void add_findings(Lines out, const Campaign& campaign, std::span<const Campaign> earlier) {
  const auto findings = findings_of(campaign, earlier);
  if (findings.empty()) return;
  fmt::format_to(out, "violations, new and rare ones first:\n");
  for (const Finding& finding : findings) {
    const CampaignRun& example = campaign.runs[finding.example];
    const auto& signature = finding.signature;
    const bool is_new = finding.first_seen == campaign.id;
    fmt::format_to(out, "  {}× {}{}: {}\n", finding.times,
                   finding.mutant.empty() ? "" : "mutant " + finding.mutant + ", ",
                   signature.property, signature.shape);
    fmt::format_to(out, "     {}{}\n",
                   signature.faults.empty()
                       ? "no fault was active"
                       : fmt::format("under {}", fmt::join(signature.faults, ", ")),
                   is_new ? "; new" : fmt::format("; first seen {}", finding.first_seen));
    fmt::format_to(out, "     {}\n", command_of(example));
  }
  fmt::format_to(out, "\n");
}

void add_mutants(Lines out, const Campaign& campaign) {
  const auto scores = mutant_scores(campaign);
  if (scores.empty()) return;
  const auto found = std::count_if(scores.begin(), scores.end(),
                                   [](const auto& score) { return score.found > 0; });
  fmt::format_to(out, "mutants, {} of {} found:\n", found, scores.size());
  for (const MutantScore& score : scores) {
    fmt::format_to(out, "  {} {:<4} found in {} of {} hunts, {} runs",
                   sign_of(score.found > 0 ? Standing::found : Standing::missed), score.mutant,
                   score.found, score.hunts, score.runs);
    if (score.reached < score.runs) fmt::format_to(out, ", reached in {}", score.reached);
    if (!score.by.empty()) fmt::format_to(out, "; by {}", fmt::join(score.by, ", "));
    if (score.median_seconds)
      fmt::format_to(out, "; after {:.0f} s (median)", *score.median_seconds);
    fmt::format_to(out, "\n");
  }
  fmt::format_to(out, "\n");
}

void add_never_reached(Lines out, const Campaign& campaign) {
  const NeverReached never = never_reached(campaign);
  const std::array<std::pair<std::string_view, const std::vector<std::string>*>, 4> lists{
      {{"events in traces", &never.events},
       {"situations", &never.situations},
       {"faults", &never.faults},
       {"mutants", &never.mutants}}};
  for (const auto& [what, names] : lists) {
    if (!names->empty()) {
      fmt::format_to(out, "never reached, {}: {}\n", what, fmt::join(*names, ", "));
    }
  }
}

void add_slowest(Lines out, const Campaign& campaign) {
  for (const std::size_t place : slowest_runs(campaign, most_slowest)) {
    const CampaignRun& run = campaign.runs[place];
    fmt::format_to(out, "slowest: {:.1f} s  {}\n", run.outcome->seconds, what_ran(run));
  }
}

void add_states(Lines out, const Campaign& campaign) {
  const auto states = distinct_states(campaign);
  if (states == 0) return;
  fmt::format_to(out, "{} distinct states of the cluster\n", states);
}

}  // namespace

std::size_t ended_runs(const Campaign& campaign) {
  return static_cast<std::size_t>(
      std::count_if(campaign.runs.begin(), campaign.runs.end(),
                    [](const auto& run) { return run.outcome.has_value(); }));
}

std::string run_line(const CampaignRun& run) {
  const Standing standing = standing_of(run);
  std::string line = fmt::format("{} {:<7} {:>5.1f} s  {}", sign_of(standing), name_of(standing),
                                 run.outcome ? run.outcome->seconds : 0, what_ran(run));
  if (run.outcome && wants_explanation(run)) {
    line += fmt::format("\n    {}\n    {}", run.outcome->sentence, command_of(run));
  }
  return line;
}

std::string campaign_table(const Campaign& campaign, std::span<const Campaign> earlier) {
  std::string text;
  const Lines out(text);
  const Conclusion conclusion = conclusion_of(campaign);
  const auto shard = campaign.shards == 1
                         ? std::string()
                         : fmt::format(", shard {} of {}", campaign.shard, campaign.shards);
  fmt::format_to(out, "\ncampaign {} {}{}: {:.0f} s, {} at a time\n\n", campaign.name, campaign.id,
                 shard, campaign.seconds, campaign.jobs);
  add_matrix(out, campaign);
  add_findings(out, campaign, earlier);
  add_mutants(out, campaign);
  add_never_reached(out, campaign);
  add_slowest(out, campaign);
  add_states(out, campaign);
  fmt::format_to(out, "\n{}  {}\n", name_of(conclusion.result), conclusion.sentence);
  for (const auto& reason : conclusion.reasons) fmt::format_to(out, "  because {}\n", reason);
  for (const auto& remark : conclusion.remarks) fmt::format_to(out, "  note: {}\n", remark);
  return text;
}

}  // namespace sunder::results
