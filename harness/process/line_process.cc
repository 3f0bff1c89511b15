#include "harness/process/line_process.h"

#include <utility>

namespace sunder::harness {

LineProcess::LineProcess(boost::asio::io_context& io, Watchdog& watchdog, const Options& options,
                         LinePipes::OnLine on_line, OnEnd on_end)
    : on_end_(std::move(on_end)) {
  LinePipes::ChildEnds ends;
  pipes_ = std::make_unique<LinePipes>(io, ends, std::move(on_line), [this] {
    has_said_all_ = true;
    end_if_over();
  });
  ChildProcess::Options child{options.program, options.arguments, options.log_file};
  child.input = ends.input;
  child.output = ends.output;
  child.environment = options.environment;
  child.inherits_environment = options.inherits_environment;
  child.enters_pid_namespace = options.enters_pid_namespace;
  process_ = std::make_unique<ChildProcess>(io, watchdog, child, [this](const std::string& how) {
    how_it_ended_ = how;
    end_if_over();
  });
}

void LineProcess::end_if_over() {
  if (!how_it_ended_ || !has_said_all_) return;
  const auto on_end = std::exchange(on_end_, nullptr);
  if (on_end) on_end(*how_it_ended_);
}

}  // namespace sunder::harness
