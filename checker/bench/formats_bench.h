#pragma once
// How fast histories of each format are read: the same operations of several keys as sunder's own
// lines, foreign lines, JSON text, records, EDN and a Jepsen log, in temporary files. Each file is
// read and judged by a process of its own. The time of `wc -l` for the file, measured in the same
// run, tells a slow machine from a slow reader.

#include <cstdint>
#include <string>

namespace sunder::checker::bench {

struct FormatsOptions {
  std::uint64_t seed = 1;
  unsigned threads = 1;
  /// Only formats whose name contains this.
  std::string only;
};

/// Prints one row a format. Throws std::runtime_error if a file is not read as what it is.
void run_formats(const FormatsOptions& options);

}  // namespace sunder::checker::bench
