#include "harness/output.h"

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace sunder::harness::out {

namespace {

/// The process has one standard output, so there is one of these.
struct {
  /// Of the first write that failed; 0 if none did.
  int error = 0;
  std::string also_in;
} standard_output;

void note_error() {
  if (standard_output.error == 0) standard_output.error = errno == 0 ? EIO : errno;
}

}  // namespace

void open_closed_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    // The lowest free number is this one, since all below it are open.
    static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY));
  }
}

void print_text(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_error();
}

void remark_text(std::string_view text) {
  // What was printed before it comes before it, also where both go to one file.
  flush();
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void flush() {
  if (std::fflush(stdout) != 0) note_error();
}

void is_also_in(const std::filesystem::path& file) {
  standard_output.also_in = file.string();
}

ExitCode finish(ExitCode code) {
  flush();
  if (standard_output.error == 0 || standard_output.error == EPIPE) return code;
  remark("sunder: cannot write to standard output: {}{}\n",
         std::generic_category().message(standard_output.error),
         standard_output.also_in.empty() ? "" : "; the result is in " + standard_output.also_in);
  const bool is_lost = standard_output.also_in.empty();
  const bool has_result =
      code == ExitCode::valid || code == ExitCode::invalid || code == ExitCode::unknown;
  return is_lost && has_result ? ExitCode::failed : code;
}

}  // namespace sunder::harness::out
