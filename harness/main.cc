// The program `sunder`: finds the command and says what went wrong with it, if anything did.

#include <csignal>
#include <exception>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "checker/history/input_error.h"
#include "harness/commands/commands.h"
#include "harness/exit_code.h"

namespace {

namespace commands = sunder::harness::commands;
using sunder::harness::ExitCode;

void print_help() {
  fmt::print("sunder: breaks a replicated system and judges what its clients saw\n\nusage:\n");
  for (const auto& command : commands::all_commands()) {
    fmt::print("  sunder {:<10}{}\n", command.name, command.summary);
  }
  fmt::print(
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

int complain(const std::exception& error, ExitCode code) {
  fmt::print(stderr, "sunder: {}\n", error.what());
  return static_cast<int>(code);
}

}  // namespace

int main(int count, char** words) {
  // A reader of our output that goes away is an error of write(2), not a reason to die silently.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return static_cast<int>(dispatch(count, words));
  } catch (const std::invalid_argument& error) {
    return complain(error, ExitCode::bad_arguments);
  } catch (const sunder::history::InputError& error) {
    return complain(error, ExitCode::bad_arguments);
  } catch (const std::exception& error) {
    return complain(error, ExitCode::failed);
  }
}
