#include "checker/assumptions.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "checker/history/brief.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Value;

/// The value that the operation writes if it happens; null if it writes none.
const Value* written_by(const Operation& operation) {
  if (operation.f == "write") return &operation.argument;
  if (operation.f != "cas") return nullptr;
  const auto* pair = operation.argument.list();
  return pair != nullptr && pair->size() == 2 ? &(*pair)[1] : nullptr;
}

struct WrittenValue {
  std::string_view key;
  const Value* value;
  bool operator==(const WrittenValue& other) const {
    return key == other.key && *value == *other.value;
  }
};

struct WrittenValueHash {
  std::size_t operator()(const WrittenValue& written) const {
    return std::hash<std::string_view>{}(written.key) * 31 + hash_of(*written.value);
  }
};

/// Whether its ok completion can only repeat what was asked.
bool repeats_its_argument(const Operation& operation) {
  static const std::array<history::Name, 6> functions{"write",  "cas",     "add",
                                                      "append", "enqueue", "remove"};
  return std::find(functions.begin(), functions.end(), operation.f) != functions.end() &&
         !operation.argument.is_nil();
}

/// Of micro-operations ["r", key, value] and ["w", key, value].
bool answers_step(const Value& asked, const Value& answered) {
  const auto* question = asked.list();
  const auto* answer = answered.list();
  if (question == nullptr || answer == nullptr || question->size() != 3 || answer->size() != 3) {
    return asked == answered;
  }
  const bool reads = question->front() == Value("r");
  return (*question)[0] == (*answer)[0] && (*question)[1] == (*answer)[1] &&
         (reads || (*question)[2] == (*answer)[2]);
}

bool answers_transaction(const Operation& operation) {
  const auto* asked = operation.argument.list();
  const auto* answered = operation.result.list();
  if (asked == nullptr || answered == nullptr) return true;  // the model refuses it
  return std::equal(asked->begin(), asked->end(), answered->begin(), answered->end(), answers_step);
}

/// Whether the answer is what was asked, with a version in the place of nil: [nil 5] -> [2 5].
bool adds_a_version(const Value& asked, const Value& answered) {
  const auto* question = asked.list();
  const auto* answer = answered.list();
  return question != nullptr && answer != nullptr && question->size() == 2 && answer->size() == 2 &&
         question->front().is_nil() && answer->front().integer() != nullptr &&
         question->back() == answer->back();
}

}  // namespace

void require_answers_to_what_was_asked(const history::History& history, Answers kind) {
  const history::Name transaction = "txn";
  for (const auto& operation : history.operations) {
    if (operation.outcome != history::Outcome::ok) continue;
    const bool answers = operation.f == transaction
                             ? answers_transaction(operation)
                             : !repeats_its_argument(operation) || operation.result.is_nil() ||
                                   operation.result == operation.argument ||
                                   (kind == Answers::with_versions &&
                                    adds_a_version(operation.argument, operation.result));
    if (answers) continue;
    throw history::AssumptionBroken(
        history.place_of(operation.returned),
        fmt::format("answers {} {}, but process {} asked for {} on {}", operation.f,
                    to_json(operation.result), static_cast<std::int64_t>(operation.process),
                    to_json(operation.argument), history.line_name(operation.invoked)));
  }
}

std::string keys_that_differ_only_in_type(const history::History& history) {
  std::unordered_set<std::string> quoted;
  for (const auto& operation : history.operations) {
    const std::string_view key = operation.key;
    if (key.size() < 2 || key.front() != '"' || key.back() != '"') continue;
    quoted.emplace(key.substr(1, key.size() - 2));
  }
  if (quoted.empty()) return {};
  for (const auto& operation : history.operations) {
    const auto found = quoted.find(std::string(operation.key));
    if (found == quoted.end()) continue;
    const auto name = history::printable_line(*found);
    return fmt::format("the keys {} and \"{}\" are two, one is a text: does the client convert?",
                       name, name);
  }
  return {};
}

void require_unique_writes(const history::History& history) {
  std::unordered_map<WrittenValue, const Operation*, WrittenValueHash> writers;
  for (const auto& operation : history.operations) {
    const Value* value = written_by(operation);
    if (value == nullptr) continue;
    const auto [writer, is_first] = writers.try_emplace({operation.key, value}, &operation);
    if (is_first) continue;
    throw history::AssumptionBroken(
        history.place_of(operation.invoked),
        fmt::format("{} of key {} writes {}, which line {} writes already: this workload's values "
                    "must be unique",
                    operation.f, history::brief_text(operation.key), history::brief(*value),
                    history.place_of(writer->second->invoked).line));
  }
}

}  // namespace sunder::checker
