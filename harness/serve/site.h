#pragma once
// The content of each address:
//   /                             the list of runs and campaigns
//   /runs/<run>/<file>            what a run left
//   /campaigns/<campaign>/<file>  what a campaign left
//   /live/<run>                   the page of a run in progress
//   /live/<run>/events            its events, see live_events.h

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "results/store/run_store.h"

namespace sunder::harness::serve {

struct Site {
  std::filesystem::path runs_dir;
  std::filesystem::path campaigns_dir;
};

/// A page made for the request.
struct Page {
  std::string html;
};
/// A file, within one of the site's folders.
struct File {
  std::filesystem::path path;
};
struct Events {
  results::RunStore run;
  std::string report_address;
};
struct NotFound {};

using Answer = std::variant<Page, File, Events, NotFound>;

/// Throws std::runtime_error if the list cannot be read.
Answer answer_to(const Site& site, std::string_view target);

}  // namespace sunder::harness::serve
