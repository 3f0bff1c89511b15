#pragma once
// Standard output and standard error. Invariant: a write that fails throws nothing and ends
// nothing. A command prints; main asks at the end what became of it. What goes to standard error is
// only a remark: nobody needs to read it, so its failures are ignored. Surprise: a reader that has
// gone away (`| head -1`) and a stream that was closed from the start
// (`>&-`) are no failures: nobody wants the rest.

#include <filesystem>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "harness/exit_code.h"

namespace sunder::harness::out {

/// Opens /dev/null in the place of each standard stream that is closed: else the next file that
/// sunder opens, such as a run's history, would take its number and get what is printed.
void open_closed_streams();

/// As it is, colours and all. What comes from a history or a system must be printable already.
void print_text(std::string_view text);
/// As it is, to standard error.
void remark_text(std::string_view text);

/// Keys, values and names may hold control characters: they do not reach the terminal.
template <typename... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  print_text(history::printable(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

/// To standard error.
template <typename... Arguments>
void remark(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  remark_text(history::printable(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

void flush();

/// What is printed is in this file, too: then the exit code needs no standard output.
void is_also_in(const std::filesystem::path& file);

/// Flushes. Returns `code`, or `failed` if what the command had to say is lost.
ExitCode finish(ExitCode code);

}  // namespace sunder::harness::out
