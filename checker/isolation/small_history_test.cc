#include "checker/isolation/small_history_test.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sunder::checker::isolation::small_history_test {

namespace {

using history::Value;

/// Of the invocation: reads are not answered.
Value asked(const std::vector<Micro>& steps, bool answered) {
  history::List list;
  list.reserve(steps.size());
  for (const auto& step : steps) {
    Value value;
    if (step.writes()) value = step.value;
    if (answered && step.kind == Micro::Kind::read_register && step.value != 0) value = step.value;
    if (answered && step.kind == Micro::Kind::read_list) {
      value = history::List(step.list.begin(), step.list.end());
    }
    const char* f = step.kind == Micro::Kind::append  ? "append"
                    : step.kind == Micro::Kind::write ? "w"
                                                      : "r";
    list.push_back(history::List{f, step.key, value});
  }
  return list;
}

struct Happening {
  Position at = 0;
  std::size_t transaction = 0;
  bool is_return = false;
};

std::vector<Happening> happenings_of(const SmallHistory& history) {
  std::vector<Happening> events;
  for (std::size_t i = 0; i < history.size(); ++i) {
    events.push_back({history[i].invoked, i, false});
    if (history[i].returned != history::never) events.push_back({history[i].returned, i, true});
  }
  std::sort(events.begin(), events.end(),
            [](const auto& left, const auto& right) { return left.at < right.at; });
  return events;
}

}  // namespace

Micro append(int key, int value) {
  return {Micro::Kind::append, key, value, {}};
}
Micro write(int key, int value) {
  return {Micro::Kind::write, key, value, {}};
}
Micro read(int key, std::vector<int> list) {
  return {Micro::Kind::read_list, key, 0, std::move(list)};
}
Micro read_register(int key, int value) {
  return {Micro::Kind::read_register, key, value, {}};
}

Small ok(int process, Position invoked, Position returned, std::vector<Micro> steps) {
  return {process, Outcome::ok, invoked, returned, std::move(steps)};
}

Small info(int process, Position invoked, std::vector<Micro> steps) {
  for (auto& step : steps) {
    if (step.reads()) step = {Micro::Kind::unanswered, step.key, 0, {}};
  }
  return {process, Outcome::info, invoked, history::never, std::move(steps)};
}

Small fail(int process, Position invoked, Position returned, std::vector<Micro> steps) {
  auto small = info(process, invoked, std::move(steps));
  small.outcome = Outcome::fail;
  small.returned = returned;
  return small;
}

SmallHistory one_by_one(std::vector<std::vector<Micro>> transactions) {
  SmallHistory history;
  for (auto& steps : transactions) {
    const auto number = static_cast<int>(history.size());
    history.push_back(ok(number, 2 * number, 2 * number + 1, std::move(steps)));
  }
  return history;
}

void close_ranks(SmallHistory& history) {
  Position position = 0;
  for (const auto& event : happenings_of(history)) {
    auto& small = history[event.transaction];
    (event.is_return ? small.returned : small.invoked) = position++;
  }
  std::sort(history.begin(), history.end(),
            [](const auto& left, const auto& right) { return left.invoked < right.invoked; });
}

history::History to_history(const SmallHistory& small) {
  history::History history;
  for (const auto& each : small) {
    auto& operation = history.operations.emplace_back();
    operation.process = history::ProcessId{each.process};
    operation.f = "txn";
    operation.outcome = each.outcome;
    operation.argument = asked(each.steps, false);
    operation.result = asked(each.steps, each.outcome == Outcome::ok);
    operation.invoked = each.invoked;
    operation.returned = each.returned;
    operation.invoked_at = history::Time{each.invoked};
    if (each.returned != history::never) operation.returned_at = history::Time{each.returned};
  }
  history.source = "small.jsonl";
  return history;
}

std::string to_lines(const SmallHistory& small) {
  std::string text;
  for (const auto& event : happenings_of(small)) {
    const auto& each = small[event.transaction];
    const char* type = !event.is_return ? "invoke" : each.outcome == Outcome::ok ? "ok" : "fail";
    text += fmt::format(R"({{"process":{},"type":"{}","f":"txn","value":{}}})", each.process, type,
                        to_json(asked(each.steps, event.is_return && each.outcome == Outcome::ok)));
    text += '\n';
  }
  return text;
}

}  // namespace sunder::checker::isolation::small_history_test
