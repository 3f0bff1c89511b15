#pragma once
// The runs of the correct node as a table: a row for each system and workload, a column for each
// nemesis, in each cell how many runs stand how.

#include <map>
#include <string>
#include <vector>

#include "results/campaign/campaign.h"
#include "results/campaign/conclusion.h"

namespace sunder::results {

struct Matrix {
  using Cell = std::map<Standing, std::size_t>;
  struct Row {
    /// "raft register"
    std::string name;
    /// One for each column; empty where nothing was planned.
    std::vector<Cell> cells;
  };
  /// The nemeses, in the order in which they were planned.
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

Matrix matrix_of(const Campaign& campaign);

/// "2 ✓ 1 ✕"; empty for an empty cell.
std::string text_of(const Matrix::Cell& cell);

/// Row, column and text of each cell that is not empty.
std::vector<std::vector<std::string>> cell_by_cell(const Matrix& matrix);

/// Whether most cells are empty, so that a list of cells is easier to read.
bool is_sparse(const Matrix& matrix);

}  // namespace sunder::results
