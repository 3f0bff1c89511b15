#include "harness/judge/model_program.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>
#include <unistd.h>

#include "checker/history/brief.h"
#include "checker/models/own_model.h"
#include "harness/process/line_process.h"
#include "results/store/value_json.h"

namespace sunder::harness {

namespace {

using checker::BudgetSpent;
using history::Operation;
using history::Value;
namespace fs = std::filesystem;

/// The memory for answers that are remembered.
constexpr std::size_t most_remembered_bytes = std::size_t{256} << 20;
/// Of the questions whose answers are known, one in so many is asked again.
constexpr std::uint64_t asked_again = 16;
/// So many of the first questions are asked twice.
constexpr std::uint64_t first_questions = 64;

/// A file for what the program writes to its standard error, gone with this.
class ErrorFile {
 public:
  ErrorFile() {
    auto name = (fs::temp_directory_path() / "sunder-model-XXXXXX").string();
    file_ = ::mkstemp(name.data());
    if (file_ < 0) throw std::runtime_error(fmt::format("cannot write to {}", name));
    ::fcntl(file_, F_SETFD, FD_CLOEXEC);
    path_ = name;
  }
  ~ErrorFile() {
    lose_name();
    ::close(file_);
  }
  ErrorFile(const ErrorFile&) = delete;
  ErrorFile& operator=(const ErrorFile&) = delete;

  const fs::path& path() const { return path_; }
  /// Whoever opened it keeps it. Nothing is left in the folder, however sunder ends.
  void lose_name() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  std::string last_line() const {
    constexpr off_t most = 4096;
    const auto size = ::lseek(file_, 0, SEEK_END);
    std::string end(static_cast<std::size_t>(std::clamp<off_t>(size, 0, most)), '\0');
    const auto count =
        ::pread(file_, end.data(), end.size(), size - static_cast<off_t>(end.size()));
    end.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    while (!end.empty() && end.back() == '\n') end.pop_back();
    return end.substr(end.rfind('\n') + 1);
  }

 private:
  fs::path path_;
  int file_ = -1;
};

bool is_nested_too_deep(std::string_view line) {
  int depth = 0;
  bool is_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char each = line[i];
    if (is_text && each == '\\') {
      ++i;
    } else if (each == '"') {
      is_text = !is_text;
    } else if (!is_text && (each == '[' || each == '{')) {
      if (++depth > history::max_depth) return true;
    } else if (!is_text && (each == ']' || each == '}')) {
      --depth;
    }
  }
  return false;
}

struct Answer {
  /// Absent if the operation was refused.
  std::optional<Value> state;
};

/// Nothing if the line is no answer.
std::optional<Answer> answer_in(std::string_view line) {
  if (is_nested_too_deep(line)) return std::nullopt;
  const auto json = nlohmann::ordered_json::parse(line, nullptr, false);
  if (!json.is_object() || json.size() != 1) return std::nullopt;
  if (json.contains("refused") && json["refused"] == true) return Answer{};
  if (!json.contains("state")) return std::nullopt;
  auto state = results::value_of(json["state"]);
  if (!canonicalize(state).empty()) return std::nullopt;
  return Answer{std::move(state)};
}

std::string question_about(const Value& state, const Operation& operation) {
  std::string line = "{\"state\":";
  append_json(line, state);
  line += ",\"f\":";
  history::append_json_string(line, operation.f);
  line += ",\"key\":";
  history::append_json_string(line, operation.key);
  line += ",\"value\":";
  append_json(line, operation.argument);
  line += ",\"answer\":";
  append_json(line, is_answered(operation) ? operation.result : Value());
  line += fmt::format(",\"outcome\":\"{}\"}}", name_of(operation.outcome));
  return line;
}

LineProcess::Options launch_of(const std::string& command, const fs::path& errors) {
  std::error_code ignored;
  if (fs::is_regular_file(command, ignored)) return {fs::absolute(command), {}, errors};
  return {"/bin/sh", {"-c", command}, errors};
}

class ModelProgram final : public checker::OwnSteps {
 public:
  ModelProgram(std::string command, const checker::Budget& budget)
      : command_(std::move(command)),
        deadline_(budget.deadline()),
        most_remembered_bytes_(std::min(most_remembered_bytes, budget.search_bytes() / 4)),
        process_(
            io_, watchdog_, launch_of(command_, errors_.path()),
            [this](std::string_view line) { hear(line); },
            [this](const std::string& how) { how_it_ended_ = how; }) {
    errors_.lose_name();
  }

  std::optional<Value> next(const Value& state, const Operation& operation) override {
    const std::scoped_lock lock(mutex_);
    auto question = question_about(state, operation);
    const auto known = remembered_.find(question);
    if (known != remembered_.end()) {
      if (++known_questions_ % asked_again == 0) compare(question, known->second);
      return known->second.state;
    }
    auto answer = ask(question);
    if (++new_questions_ <= first_questions) compare(question, answer);
    remembered_bytes_ += question.size() + (answer.state ? heap_bytes_of(*answer.state) : 0);
    if (remembered_bytes_ < most_remembered_bytes_) remembered_.emplace(question, answer);
    return answer.state;
  }

 private:
  void compare(const std::string& question, const Answer& answer) {
    const auto again = ask(question);
    if (again.state == answer.state) return;
    fail(fmt::format("answers one question in two ways, {} and then {}: {}", text_of(answer),
                     text_of(again), shortened(question)));
  }

  Answer ask(const std::string& question) {
    if (!failure_.empty()) throw BudgetSpent(failure_.c_str());
    // What has come in by now answers nothing. A flood ends at its first line.
    while (failure_.empty() && io_.poll_one() > 0) {
    }
    line_.reset();
    is_asked_ = true;
    process_.send(question);
    while (!line_ && !how_it_ended_ && failure_.empty()) {
      if (std::chrono::steady_clock::now() >= deadline_) {
        fail("did not answer before the time ran out: " + shortened(question));
      }
      if (deadline_ == checker::Budget::Clock::time_point::max()) {
        io_.run_one();
      } else {
        io_.run_one_until(deadline_);
      }
    }
    is_asked_ = false;
    if (!failure_.empty()) throw BudgetSpent(failure_.c_str());
    if (!line_) fail_at_end();
    auto answer = answer_in(*line_);
    if (!answer) {
      fail(fmt::format("answers {}, which is neither {{\"state\": ...}} nor {{\"refused\": true}}",
                       shortened(*line_)));
    }
    return std::move(*answer);
  }

  void hear(std::string_view line) {
    if (is_asked_ && !line_) {
      line_ = std::string(line);
    } else if (failure_.empty()) {
      failure_ = named(fmt::format("answers what was not asked: {}", shortened(line)));
    }
  }

  [[noreturn]] void fail_at_end() {
    auto last = errors_.last_line();
    fail(
        fmt::format("ended with {}{}", *how_it_ended_, last.empty() ? "" : ": " + shortened(last)));
  }

  /// The text lives as long as this: BudgetSpent only points to it.
  [[noreturn]] void fail(const std::string& what) {
    if (failure_.empty()) failure_ = named(what);
    process_.signal(SIGKILL);
    throw BudgetSpent(failure_.c_str());
  }

  std::string named(std::string_view what) const {
    return fmt::format("the model '{}' {}", shortened(command_), what);
  }

  static std::string shortened(std::string_view text) {
    constexpr std::size_t most = 200;
    const bool is_long = text.size() > most;
    return history::printable_line(text.substr(0, most)) + (is_long ? "..." : "");
  }

  static std::string text_of(const Answer& answer) {
    return answer.state ? shortened(to_json(*answer.state)) : "refused";
  }

  std::string command_;
  checker::Budget::Clock::time_point deadline_;
  std::size_t most_remembered_bytes_;
  std::mutex mutex_;
  ErrorFile errors_;
  Watchdog watchdog_;
  boost::asio::io_context io_;
  std::optional<std::string> line_;
  std::optional<std::string> how_it_ended_;
  bool is_asked_ = false;
  std::string failure_;
  std::unordered_map<std::string, Answer> remembered_;
  std::size_t remembered_bytes_ = 0;
  std::uint64_t known_questions_ = 0;
  std::uint64_t new_questions_ = 0;
  LineProcess process_;
};

bool is_executable(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

bool is_model_program(const std::string& model) {
  return model.find_first_of(" /") != std::string::npos || is_executable(model);
}

std::unique_ptr<checker::ErasedModel> start_model_program(const std::string& command,
                                                          const checker::Budget& budget) {
  std::error_code ignored;
  const bool is_path = command.find(' ') == std::string::npos || fs::exists(command, ignored);
  if (is_path && !fs::exists(command, ignored)) {
    throw std::invalid_argument(fmt::format("--model {}: there is no such file", command));
  }
  if (is_path && !is_executable(command)) {
    throw std::invalid_argument(
        fmt::format("--model {0}: the file is not executable; use chmod +x {0}, or name its "
                    "interpreter: --model 'python3 {0}'",
                    command));
  }
  return std::make_unique<checker::ErasedModelOf<checker::OwnModel>>(
      checker::OwnModel{std::make_shared<ModelProgram>(command, budget)});
}

}  // namespace sunder::harness
