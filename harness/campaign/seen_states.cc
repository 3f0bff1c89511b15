#include "harness/campaign/seen_states.h"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace sunder::harness::campaign {

SeenStates::SeenStates(std::filesystem::path path) : file_(std::move(path)) {
  if (!std::filesystem::exists(file_)) return;
  std::ifstream file(file_);
  for (std::uint64_t state = 0; file >> std::hex >> state;) states_.insert(state);
  if (!file.eof()) {
    throw std::runtime_error(
        fmt::format("{}: one hexadecimal number a line is expected", file_.string()));
  }
}

std::uint64_t SeenStates::add(const checker::raft::StateSet& states) {
  std::string lines;
  std::uint64_t number = 0;
  for (const auto state : states) {
    if (!states_.insert(state).second) continue;
    lines += fmt::format("{:x}\n", state);
    ++number;
  }
  std::ofstream file(file_, std::ios::app);
  file << lines;
  file.flush();
  if (!file) throw std::runtime_error(fmt::format("cannot write {}", file_.string()));
  return number;
}

}  // namespace sunder::harness::campaign
