#include "checker/history/event.h"

#include <charconv>

#include "checker/invariant.h"

namespace sunder::history {

std::string_view name_of(EventType type) {
  switch (type) {
    case EventType::invoke:
      return "invoke";
    case EventType::ok:
      return "ok";
    case EventType::fail:
      return "fail";
    case EventType::info:
      return "info";
  }
  CHECK(false, "event type {}", static_cast<int>(type));
}

std::optional<std::uint64_t> command_digest(std::string_view text) {
  std::uint64_t digest = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, digest, 16);
  if (text.size() != 16 || error != std::errc{} || rest != end) return std::nullopt;
  return digest;
}

std::optional<EventType> event_type_named(std::string_view name) {
  if (name == "invoke") return EventType::invoke;
  if (name == "ok") return EventType::ok;
  if (name == "fail") return EventType::fail;
  if (name == "info") return EventType::info;
  return std::nullopt;
}

}  // namespace sunder::history
