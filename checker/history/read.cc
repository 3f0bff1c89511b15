#include "checker/history/read.h"

#include "checker/history/jsonl.h"

namespace sunder::history {

History read_history(const std::filesystem::path& path) {
  OperationBuilder builder(path.string());
  auto warnings =
      read_json_lines(path, [&](Event& event, std::int64_t line) { builder.add(event, line); });
  return builder.finish(std::move(warnings));
}

}  // namespace sunder::history
