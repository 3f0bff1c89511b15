#pragma once
// What sunder itself has to say in a history, beside what its clients do.

#include <string>
#include <utility>

#include "checker/history/event.h"

namespace sunder::history {

/// Index and time are the recorder's to fill.
inline Event nemesis_event(std::string f, Object value) {
  Event event;
  event.process = ProcessId::nemesis;
  event.type = EventType::info;
  event.f = std::move(f);
  event.value = std::move(value);
  return event;
}

}  // namespace sunder::history
