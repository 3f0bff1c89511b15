#include "harness/progress_line.h"

#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/output.h"

namespace sunder::harness {

namespace {

constexpr std::size_t usual_width = 80;

std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : usual_width;
}

}  // namespace

std::string format_progress(const RunProgress& snapshot) {
  using Seconds = std::chrono::duration<double>;
  const auto& counts = snapshot.counts;
  const auto refused =
      counts.refused == 0 ? std::string() : fmt::format(", {} refused", counts.refused);
  auto line = fmt::format("{:.1f} of {:.0f} s   {} ok{}, {} info, {} fail   ",
                          Seconds(snapshot.elapsed).count(), Seconds(snapshot.time_limit).count(),
                          counts.ok, refused, counts.info, counts.fail);
  line += snapshot.leader.empty() ? std::string("no leader")
                                  : fmt::format("leader {}", snapshot.leader);
  if (snapshot.term > 0) line += fmt::format(", term {}", snapshot.term);
  if (!snapshot.phase.empty()) return line + "   " + snapshot.phase;
  if (!snapshot.faults.empty()) line += fmt::format("   {}", fmt::join(snapshot.faults, ", "));
  return line;
}

ProgressLine::~ProgressLine() {
  clear();
}

std::chrono::milliseconds ProgressLine::interval() const {
  return std::chrono::milliseconds(terminal_ ? 100 : 5000);
}

void ProgressLine::show(const std::string& line) {
  if (silent_) return;
  if (!terminal_) {
    out::remark("{}\n", line);
    return;
  }
  // A wrapped line could not be refreshed in place.
  out::remark_text("\r\033[K" + history::printable_line(line.substr(0, terminal_width() - 1)));
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::say(const std::string& text) {
  if (silent_) return;
  clear();
  out::remark("{}\n", text);
}

void ProgressLine::clear() {
  if (shown_) out::remark_text("\r\033[K");
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace sunder::harness
