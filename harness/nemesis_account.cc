#include "harness/nemesis_account.h"

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
  const auto* connection = event.value.member("connection");
  if (nodes == nullptr || connection == nullptr || connection->text() == nullptr) return "?";
  return fmt::format("{} ({})", history::to_json(*nodes), *connection->text());
}

}  // namespace

NemesisAccount account_of(const std::vector<history::Event>& faults) {
  NemesisAccount account;
  for (const auto& event : faults) {
    if (event.f == "crash") {
      const auto text = [&event](std::string_view name) {
        const auto* member = event.value.member(name);
        return member != nullptr && member->text() != nullptr ? *member->text() : std::string("?");
      };
      account.exits.push_back({text("node"), event.time, text("how")});
    } else if (event.f == "recovery") {
      account.recovery = &event;
    } else if (event.f == "bypass-report") {
      account.bypasses.push_back(bypass_in(event));
    } else if (event.f == "files-report") {
      account.files = &event;
    } else if (event.f == "driver-report") {
      const auto* complaint = event.value.member("complaint");
      if (complaint != nullptr && complaint->text() != nullptr) {
        account.complaints.push_back(*complaint->text());
      }
    } else if (is_injection(event.f)) {
      account.injected.push_back(event.f);
      const auto* trigger = event.value.member("triggered_at");
      if (trigger != nullptr && trigger->integer() != nullptr) {
        account.delays.push_back(event.time - history::Time{*trigger->integer()});
      }
    }
  }
  return account;
}

}  // namespace sunder::harness
