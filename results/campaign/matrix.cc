#include "results/campaign/matrix.h"

#include <algorithm>

#include <fmt/format.h>

namespace sunder::results {

Matrix matrix_of(const Campaign& campaign) {
  Matrix matrix;
  const auto shown = [](const CampaignRun& run) { return !run.canary && run.mutant.empty(); };
  for (const CampaignRun& run : campaign.runs) {
    const auto& known = matrix.columns;
    if (shown(run) && std::find(known.begin(), known.end(), run.nemesis) == known.end()) {
      matrix.columns.push_back(run.nemesis);
    }
  }
  for (const CampaignRun& run : campaign.runs) {
    if (!shown(run)) continue;
    const std::string name = fmt::format("{} {}", run.system, run.workload);
    auto row = std::find_if(matrix.rows.begin(), matrix.rows.end(),
                            [&name](const auto& each) { return each.name == name; });
    if (row == matrix.rows.end()) {
      row = matrix.rows.insert(row, {name, std::vector<Matrix::Cell>(matrix.columns.size())});
    }
    const auto column = std::find(matrix.columns.begin(), matrix.columns.end(), run.nemesis);
    ++row->cells[static_cast<std::size_t>(column - matrix.columns.begin())][standing_of(run)];
  }
  return matrix;
}

std::string text_of(const Matrix::Cell& cell) {
  std::string text;
  for (const Standing standing : all_standings()) {
    const auto found = cell.find(standing);
    if (found == cell.end()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", found->second, sign_of(standing));
  }
  return text;
}

std::vector<std::vector<std::string>> cell_by_cell(const Matrix& matrix) {
  std::vector<std::vector<std::string>> lines;
  for (const auto& row : matrix.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i].empty()) continue;
      lines.push_back({row.name, matrix.columns[i], text_of(row.cells[i])});
    }
  }
  return lines;
}

bool is_sparse(const Matrix& matrix) {
  return 2 * cell_by_cell(matrix).size() < matrix.rows.size() * matrix.columns.size();
}

}  // namespace sunder::results
