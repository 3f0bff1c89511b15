#include "harness/driver/faked_clocks.h"

#include <charconv>
#include <chrono>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/process/programs.h"
#include "nemesis/link.h"
#include "results/store/run_store.h"

namespace sunder::harness {

namespace fs = std::filesystem;

namespace {

using Environment = std::map<std::string, std::string>;

/// Below the folder of the machine's architecture.
fs::path find_library() {
  for (const auto& entry : fs::directory_iterator("/usr/lib")) {
    auto library = entry.path() / "faketime" / "libfaketime.so.1";
    std::error_code unreadable;
    if (fs::exists(library, unreadable)) return library;
  }
  return {};
}

Environment environment_with(const fs::path& library, const fs::path& file) {
  return {{"LD_PRELOAD", library.string()},
          {"FAKETIME_TIMESTAMP_FILE", file.string()},
          {"FAKETIME_NO_CACHE", "1"},
          {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}};
}

/// "+1.250000": in seconds. Whole, or the program would read half a number.
void write_offset(const fs::path& file, Duration ahead) {
  const auto seconds = std::chrono::duration<double>(ahead).count();
  results::write_whole_file(file, fmt::format("{:+.6f}\n", seconds));
}

/// What `date` sees, started like a node.
Duration shown_offset(const Environment& environment) {
  std::vector<std::string> words;
  for (const auto& [name, value] : environment) words.push_back(fmt::format("{}={}", name, value));
  words.insert(words.end(), {"date", "+%s%N"});
  const auto text = run_program("/usr/bin/env", words).output;
  std::int64_t shown = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), shown);
  if (parsed.ec != std::errc{}) throw std::runtime_error("date does not tell the time: " + text);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::round<std::chrono::milliseconds>(std::chrono::nanoseconds(shown) - now);
}

class FakedClockSetter final : public ClockSetter {
 public:
  FakedClockSetter(fs::path file, Environment environment)
      : file_(std::move(file)), environment_(std::move(environment)) {}

  boost::asio::awaitable<std::optional<nemesis::ClockSetting>> set(
      nemesis::ClockSetting setting) override {
    write_offset(file_, setting.ahead);
    nemesis::ClockSetting shown;
    shown.ahead = shown_offset(environment_);
    co_return shown;
  }

  bool sets_rates() const override { return false; }

 private:
  fs::path file_;
  Environment environment_;
};

}  // namespace

FakedClocks::FakedClocks(const fs::path& folder)
    : folder_(fs::absolute(folder)), library_(find_library()) {}

FakedClocks::~FakedClocks() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

fs::path FakedClocks::file_of(NodeId node) const {
  return folder_ / name_of(node);
}

std::unique_ptr<ClockSetter> FakedClocks::make_setter(NodeId node) const {
  if (library_.empty()) return nullptr;
  fs::create_directories(folder_);
  return std::make_unique<FakedClockSetter>(file_of(node),
                                            environment_with(library_, file_of(node)));
}

void FakedClocks::set(Launch& launch, NodeId node, const nemesis::ClockSetting& setting) const {
  if (library_.empty()) return;
  fs::create_directories(folder_);
  write_offset(file_of(node), setting.ahead);
  launch.environment.merge(environment_with(library_, file_of(node)));
}

}  // namespace sunder::harness
