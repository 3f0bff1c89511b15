#include "harness/process/log_tail.h"

#include <deque>
#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/brief.h"

namespace sunder::harness {

std::string log_tail(const std::filesystem::path& log, int lines) {
  constexpr std::streamoff longest_tail = 8192;
  constexpr std::size_t longest_line = 200;
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  if (size > longest_tail) {
    file.seekg(size - longest_tail);
  } else {
    file.seekg(0);
  }
  std::deque<std::string> last;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    if (line.size() > longest_line) line = line.substr(0, longest_line) + "...";
    last.push_back(history::printable_line(line));
    if (static_cast<int>(last.size()) > lines) last.pop_front();
  }
  return fmt::format("{}", fmt::join(last, " | "));
}

}  // namespace sunder::harness
