#include "checker/history/event.h"

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

std::optional<EventType> event_type_named(std::string_view name) {
  if (name == "invoke") return EventType::invoke;
  if (name == "ok") return EventType::ok;
  if (name == "fail") return EventType::fail;
  if (name == "info") return EventType::info;
  return std::nullopt;
}

}  // namespace sunder::history
