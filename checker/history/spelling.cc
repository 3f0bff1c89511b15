#include "checker/history/spelling.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::history {

namespace {

struct Alias {
  std::string_view theirs;  ///< In lower case.
  std::string_view ours;
};

constexpr std::array aliases{Alias{"put", "write"},
                             Alias{"get", "read"},
                             Alias{"compare-and-set", "cas"},
                             Alias{"compare_and_set", "cas"},
                             Alias{"compareandset", "cas"},
                             Alias{"compare-and-swap", "cas"},
                             Alias{"read", "read"},
                             Alias{"write", "write"},
                             Alias{"cas", "cas"},
                             Alias{"append", "append"},
                             Alias{"write-set", "add"},
                             Alias{"read-set", "read"},
                             Alias{"push", "enqueue"},
                             Alias{"offer", "enqueue"},
                             Alias{"pop", "dequeue"},
                             Alias{"poll", "dequeue"},
                             Alias{"enqueue", "enqueue"},
                             Alias{"dequeue", "dequeue"},
                             Alias{"try_acquire", "acquire"},
                             Alias{"try-acquire", "acquire"},
                             Alias{"acquire", "acquire"},
                             Alias{"release", "release"},
                             Alias{"lock", "acquire"},
                             Alias{"unlock", "release"},
                             Alias{"debit", "transfer"},
                             Alias{"transfer", "transfer"}};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::string usual_name(const std::string& name) {
  const auto lower = lower_case(name);
  const auto* alias = std::find_if(aliases.begin(), aliases.end(),
                                   [&](const Alias& each) { return each.theirs == lower; });
  return alias == aliases.end() ? name : std::string(alias->ours);
}

std::string_view micro_name(const Value& name) {
  if (name.text() == nullptr) return {};
  std::string_view text = *name.text();
  if (text.starts_with(':')) text.remove_prefix(1);  // a keyword, as some write it in JSON
  if (text == "r" || text == "read") return "r";
  if (text == "w" || text == "write") return "w";
  return text == "append" ? "append" : std::string_view();
}

bool is_micro_operation(const Value& value) {
  const auto* parts = value.list();
  if (parts == nullptr || parts->size() < 2 || parts->size() > 3) return false;
  const auto name = micro_name(parts->front());
  return name == "r" || (!name.empty() && parts->size() == 3);
}

/// Throws AssumptionBroken for a read without an answer: null would be one.
void require_answers(const History& history, const Operation& operation) {
  if (operation.outcome != Outcome::ok || operation.result.list() == nullptr) return;
  for (const auto& step : *operation.result.list()) {
    if (step.list() == nullptr || !is_micro_operation(step) || step.list()->size() > 2) continue;
    throw AssumptionBroken(history.place_of(operation.returned),
                           fmt::format("the transaction is ok, but its read {} says no value: "
                                       "null is a read that found nothing",
                                       to_json(step)));
  }
}

void normalize(Value& value) {
  auto* steps = value.edit_list();
  if (steps == nullptr) return;
  for (auto& step : *steps) {
    auto* parts = step.edit_list();
    if (parts == nullptr || !is_micro_operation(step)) continue;
    parts->front() = Value(micro_name(parts->front()));
    parts->resize(3);
  }
}

}  // namespace

bool is_transaction(const Value& value) {
  const auto* steps = value.list();
  return steps != nullptr && std::all_of(steps->begin(), steps->end(), is_micro_operation);
}

std::string our_name(const std::string& theirs, const Names& given) {
  const auto own = given.find(theirs);
  return own == given.end() ? usual_name(theirs) : own->second;
}

void rename_operations(History& history, const Names& given, bool by_usual_names) {
  std::map<Name, Name> names;
  std::set<std::string> said;
  Name last;
  Name renamed;
  for (auto& operation : history.operations) {
    if (operation.f != last || names.empty()) {
      const auto [known, is_new] = names.try_emplace(operation.f);
      if (is_new) {
        const std::string& theirs = operation.f;
        const auto own = given.find(theirs);
        known->second = own != given.end() ? own->second
                        : by_usual_names   ? usual_name(theirs)
                                           : theirs;
        if (known->second != theirs) said.insert(fmt::format("{} is {}", theirs, known->second));
      }
      last = operation.f;
      renamed = known->second;
    }
    operation.f = renamed;
  }
  if (!said.empty()) history.assumptions.push_back(fmt::format("{}", fmt::join(said, ", ")));
}

void normalize_transactions(History& history) {
  auto& all = history.operations;
  const auto is_one = [](const Operation& operation) { return is_transaction(operation.argument); };
  const bool has_steps = std::any_of(all.begin(), all.end(), [&](const Operation& operation) {
    return is_one(operation) && !operation.argument.list()->empty();
  });
  if (!has_steps || !std::all_of(all.begin(), all.end(), is_one)) return;
  std::set<std::string> renamed;
  for (auto& operation : all) {
    if (operation.f != "txn") renamed.insert(operation.f);
    operation.f = "txn";
    require_answers(history, operation);
    normalize(operation.argument);
    normalize(operation.result);
  }
  if (renamed.empty()) return;
  history.assumptions.push_back(
      fmt::format("{} of micro-operations is txn", fmt::join(renamed, " or ")));
}

}  // namespace sunder::history
