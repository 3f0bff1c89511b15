#include "results/store/seals.h"

#include <charconv>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sunder::results {

namespace fs = std::filesystem;

namespace {

std::string digest_text(std::uint64_t digest) {
  return fmt::format("{:016x}", digest);
}

std::uint64_t digest_in(const nlohmann::json& seal, const char* member) {
  const auto& text = seal.at(member).get_ref<const std::string&>();
  std::uint64_t digest = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), digest, 16);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::invalid_argument(fmt::format("\"{}\" is not a digest", member));
  }
  return digest;
}

std::vector<fs::path> evidence_in(const RunStore& store) {
  std::vector<fs::path> files{store.history_path(), store.wire_path(), store.disks_path(),
                              store.roles_path()};
  std::error_code no_traces;
  for (const auto& entry : fs::directory_iterator(store.folder() / "trace", no_traces)) {
    files.push_back(entry.path());
  }
  std::erase_if(files, [](const fs::path& file) { return !fs::is_regular_file(file); });
  return files;
}

}  // namespace

void seal_evidence(const RunStore& store) {
  nlohmann::json files = nlohmann::json::object();
  for (const auto& file : evidence_in(store)) {
    const auto seal = history::seal_of(file);
    files[fs::relative(file, store.folder()).string()] = {{"records", seal.records},
                                                          {"content", digest_text(seal.content)},
                                                          {"order", digest_text(seal.order)}};
  }
  write_whole_file(store.seals_path(), nlohmann::json{{"files", files}}.dump(2) + "\n");
}

Seals read_seals(const fs::path& path) {
  std::ifstream file(path);
  if (!file || !fs::is_regular_file(path)) throw std::invalid_argument("is missing");
  Seals seals;
  try {
    const auto json = nlohmann::json::parse(file);
    for (const auto& [name, seal] : json.at("files").items()) {
      seals[name] = {seal.at("records").get<std::uint64_t>(), digest_in(seal, "content"),
                     digest_in(seal, "order")};
    }
  } catch (const nlohmann::json::exception&) {
    throw std::invalid_argument("is not a list of seals");
  }
  return seals;
}

}  // namespace sunder::results
