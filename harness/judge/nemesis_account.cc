#include "harness/judge/nemesis_account.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::harness {

namespace {

/// Enters one event, which happened at `time`, into the account.
struct Entry {
  NemesisAccount& account;
  history::Time time;

  void operator()(const history::FaultInjected& event) const {
    account.injected.push_back(event.fault.nemesis);
    account.has_broken_links = account.has_broken_links || !event.links.empty();
    account.disks.injected(time, event.fault);
    if (event.triggered_at) account.delays.push_back(time - *event.triggered_at);
  }
  void operator()(const history::Crash& event) const {
    account.exits.push_back({event.node, time, event.how});
  }
  void operator()(const history::StallReport& event) const {
    // Those that follow one another are one.
    constexpr auto apart = std::chrono::seconds(1);
    const auto from = time - event.took;
    auto& stalls = account.stalls;
    if (!stalls.empty() && from - stalls.back().until < apart) {
      stalls.back().until = std::max(stalls.back().until, time);
    } else {
      stalls.push_back({from, time});
    }
  }
  void operator()(const history::Recovery& event) const {
    account.recovery = event;
    account.recovery_time = time;
  }
  void operator()(const history::BypassReport& event) const {
    account.bypasses.push_back(
        fmt::format("{} ({})", fmt::join(event.nodes, " and "), event.connection));
  }
  void operator()(const history::FilesReport& event) const { account.files = event; }
  void operator()(const history::DriverReport& event) const {
    account.complaints.push_back(event.complaint);
  }
  void operator()(const history::DiskReport& event) const { account.disks.replied(event); }
  // These are not judged.
  void operator()(const history::FaultHealed& /*event*/) const {}
  void operator()(const history::FaultSkipped& /*event*/) const {}
  void operator()(const history::Stopped& /*event*/) const {}
  void operator()(const history::ClockReport& /*event*/) const {}
  void operator()(const history::UnknownEvent& /*event*/) const {}
};

}  // namespace

NemesisAccount account_of(std::span<const history::RunRecord> records) {
  NemesisAccount account;
  for (const auto& [time, event] : records) std::visit(Entry{account, time}, event);
  for (std::size_t i = 0; i < account.disks.without_effect(); ++i) {
    const auto disk = std::find(account.injected.begin(), account.injected.end(), "disk");
    if (disk != account.injected.end()) account.injected.erase(disk);
  }
  return account;
}

}  // namespace sunder::harness
