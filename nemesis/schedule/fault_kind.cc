#include "nemesis/schedule/fault_kind.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace sunder::nemesis {

std::optional<Refusal> FaultKind::inject(const Fault& /*fault*/, const Stage& /*stage*/) const {
  throw std::logic_error(fmt::format("a fault of kind {} needs an order", name()));
}

// By value, since the overrides are coroutines. NOLINTNEXTLINE(performance-unnecessary-value-param)
boost::asio::awaitable<std::optional<Refusal>> FaultKind::order(Fault /*fault*/,
                                                                const Stage& /*stage*/) const {
  throw std::logic_error(fmt::format("a fault of kind {} needs no order", name()));
}

const NemesisOption* find_nemesis_option(std::string_view name) {
  const auto options = nemesis_options();
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const auto* option) { return option->name() == name; });
  return found == options.end() ? nullptr : *found;
}

bool needs(const Fault& fault, Need need) {
  const auto needed = fault.action.kind().needs("");
  return std::find(needed.begin(), needed.end(), need) != needed.end();
}

}  // namespace sunder::nemesis
