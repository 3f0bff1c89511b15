#pragma once
// Records of a witness (the wire, the disks) on disk, in the form of a node's trace.

#include <filesystem>

#include "harness/run/append_file.h"
#include "node/api/trace.h"

namespace sunder::harness {

class RecordFile {
 public:
  /// Creates the file. Throws std::runtime_error naming it.
  explicit RecordFile(const std::filesystem::path& path) : file_(path) {}

  void append(const trace::Record& record) { file_.append(trace::to_json_line(record) + "\n"); }

 private:
  AppendFile file_;
};

}  // namespace sunder::harness
