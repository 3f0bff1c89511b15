#include "harness/flags/workload_flags.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/isolation/level.h"
#include "harness/driver/systems.h"
#include "harness/flags/model_flags.h"
#include "harness/workload_choice.h"

namespace sunder::harness {

using namespace std::chrono_literals;

namespace {

std::map<std::string, int> numbers_in(std::string_view text, const std::string& flag) {
  std::map<std::string, int> numbers;
  for (const auto& word : words_of(text, ',')) {
    const auto equals = std::min(word.find('='), word.size());
    int number = -1;
    const auto* begin = word.data() + std::min(equals + 1, word.size());
    const auto* end = word.data() + word.size();
    const auto parsed = std::from_chars(begin, end, number);
    const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end && number >= 0;
    if (equals == 0 || !is_number || number > 1'000'000) {
      throw std::invalid_argument(
          fmt::format("--{} {}: use names with numbers, such as read=5,write=3", flag, word));
    }
    if (!numbers.emplace(word.substr(0, equals), number).second) {
      throw std::invalid_argument(
          fmt::format("--{}: {} is there twice", flag, word.substr(0, equals)));
    }
  }
  return numbers;
}

std::vector<workloads::Phase> phases_in(const Flags& flags) {
  std::vector<workloads::Phase> phases;
  for (const auto& word : words_of(flags.text("phases"), '/')) {
    const auto colon = std::min(word.find(':'), word.size());
    int calls = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + colon, calls);
    const bool is_number = parsed.ec == std::errc{} && parsed.ptr == word.data() + colon;
    if (!is_number || calls < 1 || colon == word.size()) {
      throw std::invalid_argument(fmt::format(
          "--phases {}: use calls with a mix, such as 100:read=0/50:write=0,cas=0", word));
    }
    phases.push_back({calls, numbers_in(std::string_view(word).substr(colon + 1), "phases")});
  }
  return phases;
}

void read_bursts(const Flags& flags, Plan& plan) {
  const auto& text = flags.text("bursts");
  if (text.empty()) return;
  const auto parts = words_of(text, '/');
  const auto burst = parts.size() == 2 ? parse_duration(parts[0]) : std::nullopt;
  const auto every = parts.size() == 2 ? parse_duration(parts[1]) : std::nullopt;
  if (!burst || !every || *burst < 1ms || *every <= *burst || *every > 1h) {
    throw std::invalid_argument(fmt::format(
        "--bursts {}: use two times, such as 500ms/2s for half a second of every two seconds; the "
        "first is from 1ms on, the second is longer and one hour at most",
        text));
  }
  plan.burst = *burst;
  plan.burst_every = *every;
}

/// A name has other spellings; the plan has one. What the user says goes before what the system's
/// description says, which goes before what the workload says.
void read_isolation(const Flags& flags, Plan& plan) {
  const auto workloads = workloads_of(plan);
  const bool is_judged_by_one =
      std::any_of(workloads.begin(), workloads.end(),
                  [](const auto* workload) { return !workload->isolation.empty(); });
  const auto& text = flags.text("isolation");
  if (text.empty()) {
    const auto& system = find_system(plan.system);
    if (is_judged_by_one && system.isolation != nullptr) plan.isolation = system.isolation(plan);
    return;
  }
  try {
    plan.isolation = name_of(checker::isolation::level_named(text));
  } catch (const std::invalid_argument& unknown) {
    throw std::invalid_argument(fmt::format("--isolation: {}", unknown.what()));
  }
  if (is_judged_by_one) return;
  throw std::invalid_argument(fmt::format(
      "--isolation {}: no isolation level judges the workload {}", text, plan.workload));
}

void read_transaction_flags(const Flags& flags, Plan& plan) {
  for (const char* flag : {"txn-length", "max-writes-per-key"}) {
    if (flags.text(flag).empty()) continue;
    const auto workloads = workloads_of(plan);
    const bool is_taken = std::any_of(workloads.begin(), workloads.end(),
                                      [](const auto* each) { return each->shapes_transactions; });
    if (is_taken) continue;
    throw std::invalid_argument(
        fmt::format("--{}: the workload {} does not take it; list-append and rw-register do", flag,
                    plan.workload));
  }
  if (!flags.text("txn-length").empty()) plan.txn_length = lengths_in(flags.text("txn-length"));
  if (flags.text("max-writes-per-key").empty()) return;
  plan.max_writes_per_key = static_cast<int>(flags.integer("max-writes-per-key", 1, 1'000'000'000));
}

}  // namespace

void describe_workload_flags(FlagSet& flags, const Plan& usual) {
  const auto number = [](auto standard) { return fmt::format("{}", standard); };
  flags
      .value("workload",
             "what the clients do ('sunder list workloads'); several at once: register+append",
             usual.workload, "NAME")
      .value("isolation",
             "level that the system promises its transactions ('sunder list levels'); without it, "
             "as the workload says",
             usual.isolation, "LEVEL")
      .value("mix",
             "how often clients do what, such as read=5,write=3; of several workloads, "
             "append=2,append.read=1",
             numbers_text(usual.mix), "F=N,...")
      .value("phases",
             "each client makes 100 calls by one mix, 50 by the next, and begins again: "
             "100:read=0/50:write=0,cas=0",
             phases_text(usual.phases), "N:MIX/...")
      .value("reserve", "clients that do nothing but this, such as read=2",
             numbers_text(usual.reserved), "F=N,...")
      .value("concurrency", "number of clients", number(usual.concurrency), "N")
      .value("keys", "number of keys in use at a time", number(usual.keys), "N")
      .value("key-skew", "some keys are hot: key i is used in proportion to 1/i^N; 0: all alike",
             number(usual.key_skew), "N")
      .value("ops-per-key",
             "a new key takes the place of one with so many operations; 0: never (default: as "
             "the workload needs it)",
             usual.ops_per_key ? number(*usual.ops_per_key) : "", "N")
      .value("value-bytes", "length of written values; 0: as short as possible",
             number(usual.value_bytes), "N")
      .value("txn-length",
             "how many operations a transaction of list-append or rw-register has, such as 1..4 "
             "or 3 (default: 1..4)",
             lengths_text(usual.txn_length), "N..N")
      .value("max-writes-per-key",
             "of list-append and rw-register: a key is written at most so often, most keys less "
             "often, and then left for a new one (default: 128)",
             usual.max_writes_per_key ? number(*usual.max_writes_per_key) : "", "N")
      .value("rate", "operations per second over all clients; 0: as fast as the nodes answer",
             number(usual.rate), "N")
      .value("bursts", "clients work in bursts: 500ms/2s is half a second of every two seconds",
             bursts_text(usual), "TIME/TIME");
  describe_model_flags(flags);
}

void read_workload_flags(const Flags& flags, Plan& plan) {
  plan.workload = flags.text("workload");
  plan.model_parameters = model_flags_in(flags);
  if (const auto own = find_system(plan.system).model_parameters; own != nullptr) {
    plan.model_parameters.merge(own(plan));
  }
  read_isolation(flags, plan);
  plan.mix = numbers_in(flags.text("mix"), "mix");
  plan.phases = phases_in(flags);
  plan.reserved = numbers_in(flags.text("reserve"), "reserve");
  plan.concurrency = static_cast<int>(flags.integer("concurrency", 1, 1000));
  plan.keys = static_cast<int>(flags.integer("keys", 1, 100'000));
  plan.key_skew = flags.number("key-skew", 0, 10);
  if (!flags.text("ops-per-key").empty()) {
    plan.ops_per_key = static_cast<int>(flags.integer("ops-per-key", 0, 1'000'000'000));
  }
  plan.value_bytes = static_cast<int>(flags.integer("value-bytes", 0, 1'000'000));
  read_transaction_flags(flags, plan);
  plan.rate = flags.number("rate", 0, 1e6);
  read_bursts(flags, plan);
  // They refuse what the workloads and their models have not.
  for (const auto* workload : workloads_of(plan)) model_of(plan, *workload);
  generator_of(plan);
}

std::string numbers_text(const std::map<std::string, int>& numbers) {
  std::vector<std::string> words;
  for (const auto& [name, number] : numbers) words.push_back(fmt::format("{}={}", name, number));
  return fmt::format("{}", fmt::join(words, ","));
}

std::string phases_text(const std::vector<workloads::Phase>& phases) {
  std::vector<std::string> words;
  for (const auto& [calls, mix] : phases) {
    words.push_back(fmt::format("{}:{}", calls, numbers_text(mix)));
  }
  return fmt::format("{}", fmt::join(words, "/"));
}

std::string lengths_text(const std::optional<workloads::Lengths>& lengths) {
  if (!lengths) return {};
  if (lengths->least == lengths->most) return fmt::format("{}", lengths->least);
  return fmt::format("{}..{}", lengths->least, lengths->most);
}

workloads::Lengths lengths_in(std::string_view text) {
  constexpr int largest = 1000;
  workloads::Lengths lengths{0, 0};
  const auto* end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, lengths.least);
  lengths.most = lengths.least;
  const std::string_view rest(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  if (parsed.ec == std::errc{} && rest.starts_with("..")) {
    parsed = std::from_chars(parsed.ptr + 2, end, lengths.most);
  }
  const bool is_read = parsed.ec == std::errc{} && parsed.ptr == end;
  if (is_read && lengths.least >= 1 && lengths.least <= lengths.most && lengths.most <= largest) {
    return lengths;
  }
  throw std::invalid_argument(fmt::format(
      "--txn-length {}: use one number or the least and the most, such as 1..4; from 1 to {}", text,
      largest));
}

std::string bursts_text(const Plan& plan) {
  if (plan.burst == Duration{}) return {};
  return fmt::format("{}/{}", to_text(plan.burst), to_text(plan.burst_every));
}

}  // namespace sunder::harness
