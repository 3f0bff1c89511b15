#include "harness/judge/nemesis_account.h"

#include <string_view>

#include <fmt/format.h>

namespace sunder::harness {

namespace {

// The rest says how faults ended or what came of them.
bool is_injection(std::string_view f) {
  return !f.starts_with("heal-") && !f.starts_with("skip-") && !f.ends_with("-report") &&
         f != "stopped";
}

std::string bypass_in(const history::Event& event) {
  const auto* nodes = event.value.member("nodes");
  const auto* connection = event.value.text("connection");
  if (nodes == nullptr || connection == nullptr) return "?";
  return fmt::format("{} ({})", history::to_json(*nodes), *connection);
}

}  // namespace

NemesisAccount account_of(const std::vector<history::Event>& faults) {
  NemesisAccount account;
  for (const auto& event : faults) {
    if (event.f == "crash") {
      account.exits.push_back(
          {event.value.text_or("node", "?"), event.time, event.value.text_or("how", "?")});
    } else if (event.f == "stall-report") {
      if (const auto* took = event.value.integer("took_ms")) {
        account.stalls.push_back({event.time - std::chrono::milliseconds(*took), event.time});
      }
    } else if (event.f == "recovery") {
      account.recovery = &event;
    } else if (event.f == "bypass-report") {
      account.bypasses.push_back(bypass_in(event));
    } else if (event.f == "files-report") {
      account.files = &event;
    } else if (event.f == "driver-report") {
      if (const auto* complaint = event.value.text("complaint")) {
        account.complaints.push_back(*complaint);
      }
    } else if (is_injection(event.f)) {
      account.injected.push_back(event.f);
      if (const auto* trigger = event.value.integer("triggered_at")) {
        account.delays.push_back(event.time - history::Time{*trigger});
      }
    }
  }
  return account;
}

}  // namespace sunder::harness
