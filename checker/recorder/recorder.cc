#include "checker/recorder/recorder.h"

#include <algorithm>
#include <tuple>

namespace sunder::checker {

namespace {

/// An invocation or return: the number of calls that had returned before it, whether it is a return
/// (which is sorted after all invocations with the same count), and its operation.
struct Moment {
  std::uint64_t returns_before;
  bool is_return;
  std::size_t operation;
};

}  // namespace

Recorder::Client& Recorder::client(std::size_t calls) {
  const std::lock_guard lock(mutex_);
  clients_.push_back(std::unique_ptr<Client>(new Client(*this, calls)));
  return *clients_.back();
}

history::History Recorder::history(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  std::vector<history::Operation> operations;
  std::vector<Moment> moments;
  std::int64_t process = 0;
  for (const auto& client : clients_) {
    for (const auto& entry : client->entries_) {
      const bool answered = entry.outcome != history::Outcome::info;
      moments.push_back({entry.invoked_after, false, operations.size()});
      if (answered) moments.push_back({entry.returned_after, true, operations.size()});
      auto& operation = operations.emplace_back();
      operation.process = history::ProcessId{process};
      operation.f = entry.f;
      operation.key = key;
      operation.argument = entry.argument;
      operation.result = entry.outcome == history::Outcome::ok ? entry.result : entry.argument;
      operation.outcome = entry.outcome;
      if (!answered) ++process;
    }
    ++process;
  }
  std::stable_sort(moments.begin(), moments.end(), [](const Moment& left, const Moment& right) {
    return std::tie(left.returns_before, left.is_return) <
           std::tie(right.returns_before, right.is_return);
  });
  history::History history;
  history.source = "recorder";
  for (std::size_t position = 0; position < moments.size(); ++position) {
    auto& operation = operations[moments[position].operation];
    auto& moment = moments[position].is_return ? operation.returned : operation.invoked;
    moment = static_cast<history::Position>(position);
  }
  std::sort(operations.begin(), operations.end(),
            [](const auto& left, const auto& right) { return left.invoked < right.invoked; });
  history.operations = std::move(operations);
  return history;
}

}  // namespace sunder::checker
