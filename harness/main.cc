// The program `sunder`: finds the command and says what went wrong with it, if anything did.

#include <csignal>
#include <exception>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/history/input_error.h"
#include "harness/commands/commands.h"
#include "harness/exit_code.h"
#include "harness/output.h"
#include "harness/process/stop_signals.h"
#include "harness/run/interruption.h"
#include "results/json_mistake.h"

namespace {

namespace commands = sunder::harness::commands;
namespace out = sunder::harness::out;
using sunder::harness::ExitCode;

void print_help() {
  out::print("sunder: breaks a replicated system and judges what its clients saw\n\nusage:\n");
  for (const auto& command : commands::all_commands()) {
    out::print("  sunder {:<10}{}\n", command.name, command.summary);
  }
  out::print(
      "\n'sunder COMMAND --help' lists a command's flags.\n"
      "exit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 sunder failed\n");
}

ExitCode dispatch(int count, char** words) {
  const std::string_view name = count > 1 ? words[1] : "";
  if (name == "--help" || name == "-h" || name == "help") {
    print_help();
    return ExitCode::valid;
  }
  for (const auto& command : commands::all_commands()) {
    if (command.name == name) return command.run({words + 2, words + count});
  }
  if (name.empty()) {
    print_help();
    return ExitCode::bad_arguments;
  }
  throw std::invalid_argument(
      fmt::format("unknown command '{}': 'sunder --help' lists them", name));
}

ExitCode complain(const std::exception& error, ExitCode code) {
  out::remark("sunder: {}\n", sunder::results::json_mistake(error.what()));
  return code;
}

ExitCode run_command(int count, char** words) {
  try {
    return dispatch(count, words);
  } catch (const std::invalid_argument& error) {
    return complain(error, ExitCode::bad_arguments);
  } catch (const sunder::history::InputError& error) {
    // It quotes the input, which must not forge further lines.
    out::remark("sunder: {}\n", sunder::history::printable_line(error.what()));
    return ExitCode::bad_arguments;
  } catch (const sunder::harness::StoppedAtOnce& error) {
    return complain(error, ExitCode::unknown);
  } catch (const std::exception& error) {
    return complain(error, ExitCode::failed);
  }
}

}  // namespace

int main(int count, char** words) {
  // A reader that goes away and a limit on file sizes are errors of write(2), not reasons to die.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  out::open_closed_streams();
  sunder::harness::end_at_stop_signals();
  return static_cast<int>(out::finish(run_command(count, words)));
}
