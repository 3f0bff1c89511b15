#pragma once
// A run as server-sent events for the page of results/report/live_page.h: what is there, what is
// added, and in the end where the report is. An event's id says how far each file was read, so that
// a page whose connection broke gets the rest and nothing twice.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "harness/serve/growing_lines.h"
#include "results/store/run_store.h"

namespace sunder::harness::serve {

class LiveEvents {
 public:
  /// `last_id` is the id of the last event that the page has, empty if it has none. Throws
  /// std::invalid_argument if it is no such id.
  LiveEvents(const results::RunStore& run, std::string report_address, std::string_view last_id);

  /// The events since the last call, a megabyte or so at a time. Empty if nothing has happened.
  std::string next();
  /// The last event has been given out.
  bool ended() const { return ended_; }

 private:
  void look_for_traces();
  std::string id() const;
  std::string event(std::string_view name, std::string_view lines) const;

  results::RunStore run_;
  std::string report_address_;
  /// By name: "history", "n1", "n2".
  std::map<std::string, GrowingLines> files_;
  /// How far the page had read files that have not been opened yet.
  std::map<std::string, std::uint64_t> known_;
  bool ended_ = false;
};

}  // namespace sunder::harness::serve
