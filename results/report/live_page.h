#pragma once
// The page of a run in progress: the same charts as the report's, moving as events arrive. It
// listens to server-sent events at `events`, an address relative to the page's own:
//   event: history   data: a line of history.jsonl (several `data:` fields: several lines)
//   event: trace     data: a line of trace/nX.jsonl
//   event: done      data: the address of the report
//   event: cut-off   data: empty; the run ended without a verdict
// The server sends what there is already, then what is added. Each event has an id; a page whose
// connection broke names the last one it has, and the server goes on from there.

#include <string>

namespace sunder::results {

std::string render_live_page(const std::string& label, const std::string& events);

}  // namespace sunder::results
