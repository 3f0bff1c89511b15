#include "workloads/generator.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sunder::workloads {

bool only_reads(const Call& call) {
  if (call.f == "read" || call.f == "watch") return true;
  const auto* steps = call.value.list();
  if (call.f != "txn" || steps == nullptr) return false;
  return std::all_of(steps->begin(), steps->end(), [](const history::Value& step) {
    return step.list() != nullptr && !step.list()->empty() &&
           step.list()->front() == history::Value("r");
  });
}

bool is_answered_with_value(const Call& call) {
  constexpr std::array<std::string_view, 6> functions{"read",     "dequeue", "drain",
                                                      "generate", "txn",     "watch"};
  return std::find(functions.begin(), functions.end(), call.f) != functions.end();
}

Completion unanswered(const Call& call, std::string why) {
  const auto type = only_reads(call) ? history::EventType::fail : history::EventType::info;
  return {type, call.value, std::move(why)};
}

void set_answerer(Completion& completion, std::string node) {
  if (!completion.answer) completion.answer.emplace();
  completion.answer->node = std::move(node);
}

}  // namespace sunder::workloads
