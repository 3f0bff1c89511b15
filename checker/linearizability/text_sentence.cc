#include "checker/linearizability/text_sentence.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/sentence.h"

namespace sunder::checker {

namespace {

using history::brief;
using history::Operation;

std::string_view text_read_by(const Operation& read) {
  return read.result.text() == nullptr ? std::string_view() : std::string_view(*read.result.text());
}

bool shows(const Operation& read, const Operation& update) {
  const auto* token = update.argument.text();
  return token != nullptr && text_read_by(read).find(*token) != std::string_view::npos;
}

std::string call_of(const Operation& update) {
  return fmt::format("{}'s {} of {}", name_of_client(update), update.f, brief(update.argument));
}

}  // namespace

std::string sentence_about_text(const Counterexample& counterexample) {
  const auto& operations = counterexample.operations;
  const auto& culprit = operations[counterexample.culprit];
  // Without tokens the texts cannot be split: one token may be a part of another one.
  if (culprit.f != "read" || counterexample.elements.empty()) return {};
  const auto reader = name_of_client(culprit);
  // A write that may have come later replaces what was appended.
  const auto is_last = [&](const Operation& append) {
    return std::all_of(operations.begin(), operations.end(), [&](const Operation& each) {
      return each.f != "write" || (must_happen(each) && each.returned < append.invoked) ||
             each.invoked > culprit.returned;
    });
  };
  for (const auto& each : operations) {
    if (each.f == "read") continue;
    if (shows(culprit, each) && each.invoked > culprit.returned) {
      return fmt::format("{}'s read shows {} before {} was invoked", reader, brief(each.argument),
                         call_of(each));
    }
    const bool was_done = must_happen(each) && each.returned < culprit.invoked;
    if (was_done && !shows(culprit, each) && (each.f == "write" || is_last(each))) {
      return fmt::format("{} read {} after {} had returned", reader, brief(culprit.result),
                         call_of(each));
    }
  }
  for (const auto& each : operations) {
    if (each.f != "read" || &each == &culprit || each.returned > culprit.invoked) continue;
    return fmt::format("{} read {} after {} had read {}", reader, brief(culprit.result),
                       name_of_client(each), brief(each.result));
  }
  return {};
}

}  // namespace sunder::checker
