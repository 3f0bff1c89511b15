#include "harness/seeds/simulator_program.h"

#include <charconv>
#include <functional>
#include <optional>
#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/process/v2/popen.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/exit_code.h"
#include "harness/judge/evidence.h"
#include "harness/process/programs.h"
#include "harness/process/stop_signals.h"
#include "results/store/seals.h"

namespace sunder::harness::seeds {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;

std::filesystem::path simulator() {
  return programs_folder() / "sunder-simulator";
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<SeedRange> parse_seed_range(std::string_view text) {
  const auto dots = text.find("..");
  const auto first = number_in(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : number_in(text.substr(dots + 2));
  if (!first || !last || *last < *first) return std::nullopt;
  return SeedRange{*first, *last};
}

std::string text_of(const SeedRange& range) {
  return fmt::format("{}..{}", range.first, range.last);
}

void require_simulator(const Plan& plan) {
  if (plan.system != "raft") {
    throw std::invalid_argument(fmt::format(
        "the simulator runs sunder's own node, raft; of {} there is no core to simulate",
        plan.system));
  }
  if (std::filesystem::exists(simulator())) return;
  throw std::runtime_error(
      fmt::format("the simulator {} is not there: './dev build' makes it, beside sunder",
                  simulator().string()));
}

SeedsEnd try_seeds(const TrialSpec& spec, const SeedRange& range, unsigned jobs,
                   const OnResult& on_result) {
  asio::io_context io;
  std::optional<SeedsEnd> end;
  const StopSignals signals(io, [&] {
    end = SeedsEnd::interrupted;
    io.stop();
  });
  process::popen program(io, process::filesystem::path(simulator().string()),
                         std::vector<std::string>{text_of(range), fmt::format("{}", jobs)});
  asio::write(program, asio::buffer(to_json(spec).dump() + "\n"));
  program.get_stdin().close();
  std::string text;
  const std::function<void()> read = [&] {
    const auto on_line = [&](boost::system::error_code ended, std::size_t length) {
      if (ended) return io.stop();
      const auto result = seed_result_from_line(std::string_view(text).substr(0, length - 1));
      text.erase(0, length);
      if (on_result(result)) return read();
      end = SeedsEnd::enough;
      io.stop();
    };
    asio::async_read_until(program, asio::dynamic_buffer(text), '\n', on_line);
  };
  read();
  io.run();
  if (end) {
    program.terminate();
    program.wait();
    return *end;
  }
  const auto exit_code = program.wait();
  if (exit_code == 0) return SeedsEnd::all_tried;
  if (exit_code == static_cast<int>(ExitCode::bad_arguments)) {
    throw std::invalid_argument("the simulator refuses the flags: see above");
  }
  throw std::runtime_error(fmt::format("sunder-simulator failed: exit code {}", exit_code));
}

void keep_seed(const TrialSpec& spec, std::uint64_t seed, const results::RunStore& store) {
  auto trial = make_trial(spec, seed);
  trial.plan.evidence = evidence_of_system(trial.plan.system);
  store.write_plan(to_json(trial.plan).dump(2) + "\n");
  store.write_schedule(nemesis::to_json(trial.schedule).dump(2) + "\n");
  run_program(simulator(), {store.folder().string(), fmt::format("{}", seed)});
  results::seal_evidence(store);
}

}  // namespace sunder::harness::seeds
