#include "checker/guarantees/growing_registers.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "checker/guarantees/violation.h"

namespace sunder::checker {

using history::Operation;
using history::Outcome;

namespace {

[[noreturn]] void refuse(const history::History& history, const Operation& operation,
                         std::string_view why) {
  throw history::AssumptionBroken(history.place_of(operation.invoked), std::string(why));
}

void require_number(const history::History& history, const Operation& operation) {
  if (operation.f != "read" && operation.f != "write") {
    refuse(history, operation,
           fmt::format("the operation {} is none of growing registers, which have read and write",
                       operation.f.text()));
  }
  const auto& value = operation.f == "write" ? operation.argument : operation.result;
  const bool may_be_nil = operation.f == "read";
  if (value.integer() != nullptr ? *value.integer() > 0 : may_be_nil && value.is_nil()) return;
  refuse(history, operation, "growing registers hold numbers from 1 on");
}

void require_behind(const history::History& history, const Operation& before,
                    const Operation& write) {
  if (number_of(write) <= number_of(before)) {
    refuse(history, write,
           fmt::format("the writes of key {} do not grow: {} comes behind {}", write.key.text(),
                       number_of(write), number_of(before)));
  }
  if (before.returned < write.invoked) return;
  refuse(history, write,
         fmt::format("the write of {} to key {} may still take effect when {} is written",
                     number_of(before), write.key.text(), number_of(write)));
}

}  // namespace

std::int64_t number_of(const Operation& operation) {
  const auto& value = operation.f == "write" ? operation.argument : operation.result;
  return value.integer() == nullptr ? 0 : *value.integer();
}

std::vector<RegisterEvent> events_of_growing_registers(const history::History& history,
                                                       Budget& budget) {
  std::vector<RegisterEvent> events;
  std::unordered_map<std::string_view, const Operation*> last_written;
  for (const auto& operation : history.operations) {
    budget.spend(2 * sizeof(RegisterEvent));
    require_number(history, operation);
    if (operation.f == "write") {
      auto& last = last_written[operation.key.text()];
      if (last != nullptr) require_behind(history, *last, operation);
      last = &operation;
    }
    events.push_back({operation.invoked, &operation, false});
    if (operation.outcome == Outcome::ok) events.push_back({operation.returned, &operation, true});
  }
  std::sort(events.begin(), events.end(),
            [](const RegisterEvent& left, const RegisterEvent& right) {
              return left.position < right.position;
            });
  return events;
}

Writes::Writes(const history::History& history, Budget& budget) {
  for (const auto& operation : history.operations) {
    budget.spend(sizeof(void*));
    if (operation.f == "write") writes_[operation.key.text()][number_of(operation)] = &operation;
  }
}

const Operation* Writes::any(const history::Name& key, std::int64_t number) const {
  const auto of_key = writes_.find(key.text());
  if (of_key == writes_.end()) return nullptr;
  const auto found = of_key->second.find(number);
  return found == of_key->second.end() ? nullptr : found->second;
}

const Operation* Writes::find(const history::Name& key, std::int64_t number) const {
  const auto* write = any(key, number);
  return write != nullptr && write->outcome != Outcome::fail ? write : nullptr;
}

std::optional<CheckResult> Writes::flaw_of(const Operation& read, std::string_view check) const {
  const auto number = number_of(read);
  if (number == 0) return std::nullopt;
  const auto* write = any(read.key, number);
  if (write == nullptr || write->invoked > read.returned) {
    return violation(
        check, {read},
        fmt::format("client {} read {}, which nobody had written", client(read), number));
  }
  if (write->outcome != Outcome::fail) return std::nullopt;
  return violation(check, {read, *write},
                   fmt::format("client {} read {}, which client {}'s write had set although it was "
                               "answered fail",
                               client(read), number, client(*write)));
}

}  // namespace sunder::checker
