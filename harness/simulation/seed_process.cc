#include "harness/simulation/seed_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <functional>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/judge/judge.h"
#include "harness/simulation/ending_node.h"
#include "harness/simulation/evidence_log.h"
#include "harness/simulation/simulated_run.h"

namespace sunder::harness::simulation {
namespace {

using seeds::SeedResult;

/// Of real time. A run takes a few milliseconds, under a sanitizer some seconds.
constexpr unsigned longest_run_seconds = 300;
constexpr std::size_t longest_complaint = 2000;
/// Before the line of the result, which what a node wrote may not end with a newline.
constexpr std::string_view result_mark = "\nresult ";

SeedResult judged(const seeds::Trial& trial, const SimulatedRun& run, EvidenceLog& log) {
  SeedResult result;
  result.simulated = run.time();
  result.traced = log.traced();
  auto judgement = judge(trial.plan, log.take(), {});
  result.verdict = std::move(judgement.verdict);
  result.operations = static_cast<std::int64_t>(judgement.statistics.total.ok);
  return result;
}

void write_result(SeedResult result, std::uint64_t seed) {
  result.seed = seed;
  const auto text = fmt::format("{}{}\n", result_mark, seeds::to_line(result));
  for (std::string_view left = text; !left.empty();) {
    const auto count = ::write(STDERR_FILENO, left.data(), left.size());
    if (count < 0 && errno != EINTR) std::_Exit(1);
    left.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
}

/// In the child. Its standard error goes to the parent.
[[noreturn]] void run_and_judge(const seeds::TrialSpec& spec, std::uint64_t seed) {
  try {
    const auto trial = seeds::make_trial(spec, seed);
    EvidenceLog log(trial.plan.nodes);
    SimulatedRun run(trial.plan, trial.schedule, log, seed);
    conduct(run, [&] {
      write_result(judged(trial, run, log), seed);
      std::_Exit(0);
    });
    write_result(judged(trial, run, log), seed);
  } catch (const std::exception& error) {
    SeedResult result;
    result.died = error.what();
    write_result(std::move(result), seed);
  }
  std::_Exit(0);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

}  // namespace

SeedProcess::SeedProcess(const seeds::TrialSpec& spec, std::uint64_t seed) : seed_(seed) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for a simulation");
  child_ = ::fork();
  if (child_ < 0) throw std::runtime_error("no process for a simulation");
  if (child_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::alarm(longest_run_seconds);
    ::dup2(ends[1], STDERR_FILENO);
    run_and_judge(spec, seed);
  }
  ::close(ends[1]);
  descriptor_ = ends[0];
}

SeedProcess::~SeedProcess() {
  ::close(descriptor_);
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

bool SeedProcess::read() {
  std::array<char, 1 << 16> chunk;
  const auto count = ::read(descriptor_, chunk.data(), chunk.size());
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) return false;
  written_.append(chunk.data(), static_cast<std::size_t>(count));
  return true;
}

seeds::SeedResult SeedProcess::result() {
  while (read()) {
  }
  int status = 0;
  ::waitpid(std::exchange(child_, -1), &status, 0);
  const auto mark = written_.rfind(result_mark);
  SeedResult result;
  if (mark == std::string::npos) {
    result.seed = seed_;
    result.died = how_it_ended(status);
  } else {
    result =
        seeds::seed_result_from_line(std::string_view(written_).substr(mark + result_mark.size()));
  }
  result.complaint = written_.substr(0, std::min(mark, longest_complaint));
  return result;
}

}  // namespace sunder::harness::simulation
