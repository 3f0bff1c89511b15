#include <algorithm>
#include <map>
#include <optional>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "checker/history/input_error.h"
#include "checker/history/record.h"

namespace sunder::history {

namespace {

bool is_of_nemesis(const Record& record) {
  return record.process == ProcessId::nemesis;
}

/// Whether operations of one client overlap: then they cannot be of one process.
const Record* overlapping(const std::vector<Record>& sorted) {
  std::map<std::string_view, Time> ends;
  for (const auto& record : sorted) {
    if (is_of_nemesis(record)) continue;
    auto& end = ends.try_emplace(record.client, Time::min()).first->second;
    if (record.from < end) return &record;
    const bool is_over = record.outcome != EventType::info;
    if (is_over) end = std::max(end, record.until);
  }
  return nullptr;
}

/// Gives operations that overlap different processes, as few as that takes.
void assign_processes(std::vector<Record>& sorted) {
  using Free = std::pair<Time, std::int64_t>;
  std::priority_queue<Free, std::vector<Free>, std::greater<>> free;
  std::int64_t next = 0;
  for (auto& record : sorted) {
    if (is_of_nemesis(record)) continue;
    std::int64_t process = 0;
    if (!free.empty() && free.top().first < record.from) {
      process = free.top().second;
      free.pop();
    } else {
      process = next++;
    }
    record.process = ProcessId{process};
    if (record.outcome != EventType::info) free.emplace(record.until, process);
  }
}

std::optional<std::int64_t> number_of(const std::string& client) {
  const bool is_number = client.size() < 18 && !client.empty() &&
                         client.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? std::optional<std::int64_t>(std::stoll(client)) : std::nullopt;
}

/// Numbers the clients. One that goes on after an operation that may still happen is a new process.
void number_clients(std::vector<Record>& sorted, std::vector<std::string>& assumptions) {
  struct Client {
    /// The number that is its name. Only its first process has it.
    std::optional<std::int64_t> own;
    std::optional<std::int64_t> process;
    bool is_known = false;
  };
  std::unordered_map<const std::string*, Client> clients;
  std::int64_t next = 0;
  for (const auto& record : sorted) {
    if (is_of_nemesis(record)) continue;
    const auto [client, is_new] = clients.try_emplace(&record.client.text());
    if (is_new) client->second.own = number_of(record.client);
    next = std::max(next, client->second.own.value_or(-1) + 1);
  }
  bool renewed = false;
  std::vector<std::string> named;
  for (auto& record : sorted) {
    if (is_of_nemesis(record)) continue;
    auto& client = clients[&record.client.text()];
    if (!client.process) {
      renewed = renewed || client.is_known;
      const bool keeps_number = !client.is_known && client.own;
      client.process = keeps_number ? *client.own : next++;
      if (!client.own && !client.is_known) {
        named.push_back(fmt::format("{} is process {}", record.client, *client.process));
      }
      client.is_known = true;
    }
    record.process = ProcessId{*client.process};
    if (record.outcome == EventType::info) client.process.reset();
  }
  if (!named.empty()) {
    assumptions.push_back(fmt::format("processes are named; {}", shortened(std::move(named))));
  }
  if (renewed) {
    assumptions.emplace_back(
        "a client that goes on after an operation that may still happen is a new process");
  }
}

}  // namespace

bool give_processes(std::vector<Record>& sorted, const std::string& file,
                    std::vector<std::string>& assumptions) {
  std::unordered_set<std::string_view> clients;
  for (const auto& record : sorted) {
    if (!is_of_nemesis(record)) clients.insert(record.client);
  }
  const auto* overlap = clients.size() > 1 || !clients.contains("") ? overlapping(sorted) : nullptr;
  if (clients.size() > 1 && (overlap != nullptr || clients.contains(""))) {
    const auto line = overlap != nullptr ? overlap->line : sorted.front().line;
    throw AssumptionBroken(
        {file, line},
        overlap != nullptr
            ? fmt::format("client {} begins this operation before it ended another one. If the "
                          "field does not tell who calls, say so: --map process=none",
                          overlap->client)
            : "some records name their process and others do not; --map process=none leaves the "
              "names out");
  }
  if (overlap == nullptr && !clients.contains("")) {
    number_clients(sorted, assumptions);
    return true;
  }
  assign_processes(sorted);
  assumptions.emplace_back(
      clients.contains("") ? "operations that overlap are of different processes"
                           : "all operations name one client, yet they overlap: those that do are "
                             "of different processes");
  return false;
}

}  // namespace sunder::history
