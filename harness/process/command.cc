#include "harness/process/command.h"

#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "harness/process/log_tail.h"

namespace sunder::harness {

namespace asio = boost::asio;

/// What the callbacks of one process share with the coroutine that awaits its end.
struct RunningCommand {
  explicit RunningCommand(asio::io_context& io) : timer(io) {}

  void end_if_over() {
    if (how && has_said_all) timer.cancel();
  }

  asio::steady_timer timer;
  std::string output;
  bool has_said_all = false;
  /// Empty while it runs.
  std::optional<std::string> how;
};

asio::awaitable<CommandEnd> run_command(asio::io_context& io, Watchdog& watchdog,
                                        LineProcess::Options command,
                                        std::chrono::steady_clock::time_point until) {
  const auto began = std::chrono::steady_clock::now();
  const auto state = std::make_shared<RunningCommand>(io);
  LinePipes::ChildEnds ends;
  const LinePipes::OnLine on_line = [state](std::string_view line) {
    state->output.append(line).append("\n");
  };
  const LinePipes::OnEnd on_end = [state] {
    state->has_said_all = true;
    state->end_if_over();
  };
  const LinePipes pipes(io, ends, on_line, on_end);
  ::close(ends.input);
  ChildProcess::Options options{command.program, command.arguments, command.log_file};
  options.environment = command.environment;
  options.inherits_environment = command.inherits_environment;
  options.enters_pid_namespace = command.enters_pid_namespace;
  options.output = ends.output;
  const std::function<void(std::string)> on_exit = [state](const std::string& how) {
    state->how = how;
    state->end_if_over();
  };
  const ChildProcess process(io, watchdog, options, on_exit);
  state->timer.expires_at(until);
  boost::system::error_code cancelled;
  co_await state->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  CommandEnd end{state->how.value_or(""), std::move(state->output)};
  if (!state->how) {
    end.how =
        fmt::format("no end within {:.1f} s", std::chrono::duration<double>(until - began).count());
  }
  co_return end;
}

std::string reason_of(const CommandEnd& end, const std::filesystem::path& log) {
  auto last = log_tail(log);
  if (last.empty() && !end.output.empty()) {
    const auto text = end.output.substr(0, end.output.size() - 1);
    last = text.substr(text.rfind('\n') + 1);
  }
  return last.empty() ? end.how : fmt::format("{}: {}", end.how, last);
}

}  // namespace sunder::harness
