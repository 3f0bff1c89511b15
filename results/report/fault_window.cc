#include "results/report/fault_window.h"

#include <algorithm>
#include <string_view>

namespace sunder::results {

using history::Event;
using history::Value;

namespace {

constexpr std::string_view heal_prefix = "heal-";

Value id_of(const Value& value) {
  const Value* id = value.member("id");
  return id ? *id : Value();
}

std::vector<std::string> targets_of(const Value& value) {
  if (const std::string* node = value.text("node")) return {*node};
  return value.texts("targets");
}

bool befell_somebody(std::string_view f) {
  return !f.starts_with("skip-") && !f.ends_with("-report");
}

}  // namespace

std::vector<FaultWindow> fault_windows(std::span<const Event> nemesis_events) {
  std::vector<FaultWindow> windows;
  for (const Event& event : nemesis_events) {
    if (!befell_somebody(event.f)) continue;
    if (!event.f.starts_with(heal_prefix)) {
      windows.push_back({event.f, targets_of(event.value), event.time, {}, event.value});
      if (id_of(event.value).is_nil()) windows.back().until = event.time;
      continue;
    }
    const std::string_view kind = std::string_view(event.f).substr(heal_prefix.size());
    const auto open = std::find_if(windows.begin(), windows.end(), [&](const FaultWindow& window) {
      return !window.until && window.kind == kind && id_of(window.detail) == id_of(event.value);
    });
    if (open != windows.end()) open->until = event.time;
  }
  return windows;
}

}  // namespace sunder::results
