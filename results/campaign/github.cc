#include "results/campaign/github.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "results/campaign/conclusion.h"
#include "results/campaign/findings.h"
#include "results/campaign/matrix.h"
#include "results/campaign/score.h"

namespace sunder::results {

namespace {

/// A message must not end its line, nor a title its property.
std::string escaped(std::string_view text, bool in_property) {
  std::string safe;
  for (const char c : text) {
    const bool ends = c == '%' || c == '\r' || c == '\n' || (in_property && (c == ':' || c == ','));
    if (ends) {
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string annotation(std::string_view level, std::string_view title, std::string_view message) {
  return fmt::format("::{} title={}::{}\n", level, escaped(title, true), escaped(message, false));
}

/// Nothing in a cell of a table may end it.
std::string in_cell(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '\\') safe += '\\';
    safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const auto& cell : cells) row += fmt::format(" {} |", in_cell(cell));
  return row + "\n";
}

std::string table_of(const std::vector<std::string>& columns,
                     const std::vector<std::vector<std::string>>& rows) {
  std::string table = row_of(columns) + "|";
  for (std::size_t i = 0; i < columns.size(); ++i) table += " --- |";
  table += "\n";
  for (const auto& row : rows) table += row_of(row);
  return table + "\n";
}

std::string matrix_table(const Campaign& campaign) {
  const Matrix matrix = matrix_of(campaign);
  if (matrix.rows.empty()) return {};
  if (is_sparse(matrix)) {
    return table_of({"correct node", "under", "runs"}, cell_by_cell(matrix));
  }
  std::vector<std::string> columns{"correct node"};
  columns.insert(columns.end(), matrix.columns.begin(), matrix.columns.end());
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : matrix.rows) {
    auto& cells = rows.emplace_back(std::vector{row.name});
    for (const auto& cell : row.cells) cells.push_back(text_of(cell));
  }
  return table_of(columns, rows);
}

std::string findings_table(const Campaign& campaign, std::span<const Campaign> earlier) {
  std::vector<std::vector<std::string>> rows;
  for (const Finding& finding : findings_of(campaign, earlier)) {
    const auto& signature = finding.signature;
    rows.push_back({std::to_string(finding.times),
                    finding.mutant.empty() ? "the correct node" : finding.mutant,
                    fmt::format("{}: {}", signature.property, signature.shape),
                    fmt::format("{}", fmt::join(signature.faults, ", ")),
                    finding.first_seen == campaign.id ? "new" : finding.first_seen,
                    "`" + command_of(campaign.runs[finding.example]) + "`"});
  }
  if (rows.empty()) return {};
  return table_of({"times", "in", "violation", "under", "first seen", "repeat it"}, rows);
}

}  // namespace

std::string github_annotations(const Campaign& campaign, std::span<const Campaign> earlier) {
  std::string text;
  for (const Finding& finding : findings_of(campaign, earlier)) {
    if (!finding.mutant.empty()) continue;
    const CampaignRun& example = campaign.runs[finding.example];
    text += annotation("error", fmt::format("{} violated", finding.signature.property),
                       fmt::format("{}\n{} times, for instance: {}", example.outcome->sentence,
                                   finding.times, command_of(example)));
  }
  const Conclusion conclusion = conclusion_of(campaign);
  for (const auto& reason : conclusion.reasons) {
    text += annotation("error", "sunder campaign " + campaign.name, reason);
  }
  for (const auto& remark : conclusion.remarks) {
    text += annotation("warning", "sunder campaign " + campaign.name, remark);
  }
  return text;
}

std::string github_step_summary(const Campaign& campaign, std::span<const Campaign> earlier) {
  const Conclusion conclusion = conclusion_of(campaign);
  std::string text = fmt::format("## {}: sunder campaign {}\n\n{}\n\n", name_of(conclusion.result),
                                 campaign.name, conclusion.sentence);
  for (const auto& reason : conclusion.reasons) text += fmt::format("- {}\n", reason);
  for (const auto& remark : conclusion.remarks) text += fmt::format("- note: {}\n", remark);
  text += "\n" + matrix_table(campaign) + findings_table(campaign, earlier);
  const auto scores = mutant_scores(campaign);
  const auto found = std::count_if(scores.begin(), scores.end(),
                                   [](const auto& score) { return score.found > 0; });
  if (!scores.empty()) text += fmt::format("{} of {} mutants were found.\n", found, scores.size());
  return text;
}

}  // namespace sunder::results
