#include "harness/run/run_reports.h"

#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checker/history/run_event.h"

namespace sunder::harness {

RunReports::RunReports(const results::RunStore& store, const RunClock& clock,
                       ProgressLine& progress, HistoryRecorder::OnEvent on_event)
    : store_(store),
      progress_(progress),
      file_(store.history_path()),
      history_(clock, [this, on_event = std::move(on_event)](const history::Event& event) {
        file_.append(event);
        on_event(event);
      }) {}

void RunReports::on_crash(NodeId node, const std::string& how) {
  const auto name = name_of(node);
  progress_.say(
      fmt::format("{} ended by itself: {} (log: {})", name, how, store_.log_path(name).string()));
  history_.record(history::Crash{name, how});
}

void RunReports::on_stall(std::chrono::nanoseconds took) {
  constexpr auto now_and_then = std::chrono::seconds(10);
  const auto now = std::chrono::steady_clock::now();
  if (!said_stall_at_ || now - *said_stall_at_ > now_and_then) {
    said_stall_at_ = now;
    progress_.say(fmt::format("no processor for {:.1f} s: the machine is too busy",
                              history::seconds_of(took)));
  }
  history_.record(
      history::StallReport{std::chrono::duration_cast<std::chrono::milliseconds>(took)});
}

void RunReports::on_disk_reply(NodeId node, const std::string& order, const nlohmann::json& reply) {
  if (reply.empty()) return;
  history::DiskReport report{name_of(node), order, {}};
  for (const auto& [name, member] : reply.items()) {
    if (member.is_number()) {
      report.reply.emplace_back(name, member.get<std::int64_t>());
    } else {
      report.reply.emplace_back(name, member.get<std::string>());
    }
  }
  history_.record(report);
}

void RunReports::on_clock_set(NodeId node, const nemesis::ClockSetting& shown) {
  history_.record(history::ClockReport{name_of(node), shown.rate, shown.ahead});
}

void RunReports::on_bypass(const Bypass& bypass) {
  const auto first = name_of(bypass.nodes.first);
  const auto second = name_of(bypass.nodes.second);
  progress_.say(
      fmt::format("{} and {} are connected past the proxy: {}", first, second, bypass.connection));
  history_.record(history::BypassReport{{first, second}, bypass.connection});
}

void RunReports::on_complaint(const std::string& complaint) {
  progress_.say(complaint);
  history_.record(history::DriverReport{complaint});
}

void RunReports::on_files_report(const FilesReport& report) {
  history_.record(history::FilesReport{report.program, report.passed, report.said});
}

}  // namespace sunder::harness
