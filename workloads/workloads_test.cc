#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "checker/models/catalog.h"
#include "workloads/combination.h"

namespace sunder::workloads {
namespace {

using history::EventType;
using testing::HasSubstr;

GeneratorOptions options_for(const Workload& workload) {
  GeneratorOptions options{7, 3, 4};
  if (workload.name == "bank") options.parameters = {{"accounts", 5}, {"total", 23}};
  return options;
}

std::vector<Call> calls(Generator& generator, Worker worker, int count) {
  std::vector<Call> made;
  for (int i = 0; i < count; ++i) made.push_back(generator.next(worker));
  return made;
}

/// By operation, of one worker.
std::map<std::string, int> counts(Generator& generator, Worker worker, int count) {
  std::map<std::string, int> counts;
  for (const auto& call : calls(generator, worker, count)) ++counts[call.f];
  return counts;
}

std::unique_ptr<Generator> generator_of(std::string_view names, const GeneratorOptions& options) {
  return make_generator(find_workloads(names), options);
}

TEST(Workloads, a_workers_calls_follow_from_the_seed_whatever_the_others_do) {
  for (const auto& workload : all_workloads()) {
    const auto alone = workload.make_generator(options_for(workload));
    const auto crowded = workload.make_generator(options_for(workload));
    calls(*crowded, Worker{0}, 17);
    EXPECT_EQ(calls(*alone, Worker{1}, 200), calls(*crowded, Worker{1}, 200)) << workload.name;
  }
}

TEST(Workloads, ask_only_for_what_they_say_that_they_need) {
  for (const auto& workload : all_workloads()) {
    const auto generator = workload.make_generator(options_for(workload));
    auto made = calls(*generator, Worker{0}, 300);
    for (auto& call : generator->first_calls()) made.push_back(call);
    for (auto& call : generator->final_calls()) made.push_back(call);
    const auto needs = workload.needs();
    for (const auto& call : made) {
      EXPECT_TRUE(needs.has(call.kind, call.f)) << workload.name << ": " << call.f;
      EXPECT_EQ(call.key.empty(), workload.keyless) << workload.name;
    }
  }
}

TEST(Workloads, are_judged_by_a_model_that_there_is_or_by_a_check) {
  for (const auto& workload : all_workloads()) {
    EXPECT_EQ(workload.model.empty(), workload.check != nullptr) << workload.name;
  }
}

TEST(Workloads, end_with_calls_that_show_what_was_lost) {
  for (const auto& workload : all_workloads()) {
    EXPECT_FALSE(workload.make_generator(options_for(workload))->final_calls().empty())
        << workload.name;
  }
}

TEST(Workloads, are_found_by_name_or_refused_with_the_names_there_are) {
  EXPECT_EQ(find_workload("register").name, "register");
  try {
    find_workload("nonsense");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("register"));
  }
}

TEST(RegisterWorkload, no_value_is_written_twice) {
  const auto generator = generator_of("register", {7, 3, 4});
  std::set<std::int64_t> written;
  for (int i = 0; i < 3000; ++i) {
    const Worker worker{i % 3};
    const auto call = generator->next(worker);
    if (call.f == "read") {
      generator->completed(worker, call, {EventType::ok, 1, {}});
      continue;
    }
    const auto& value = call.f == "cas" ? call.value.list()->back() : call.value;
    EXPECT_TRUE(written.insert(*value.integer()).second) << *value.integer();
  }
}

TEST(RegisterWorkload, a_cas_expects_what_was_read_last_on_its_key) {
  const auto generator = generator_of("register", {7, 3, 4});
  for (int i = 0; i < 200; ++i) EXPECT_NE(generator->next(Worker{0}).f, "cas");
  generator->completed(Worker{1}, {"read", "k2", {}}, {EventType::ok, 41, {}});
  generator->completed(Worker{1}, {"read", "k2", {}}, {EventType::fail, 42, {}});
  int seen = 0;
  for (const auto& call : calls(*generator, Worker{0}, 200)) {
    if (call.f != "cas") continue;
    ++seen;
    EXPECT_EQ(call.key, "k2");
    EXPECT_EQ(call.value.list()->front(), history::Value(41));
  }
  EXPECT_GT(seen, 0);
}

TEST(SetWorkload, removes_each_element_that_was_added_at_most_once) {
  GeneratorOptions options{7, 1, 1};
  options.mix = {{"remove", 5}};
  const auto generator = generator_of("set", options);
  std::set<std::string> added;
  int removed = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto call = generator->next(Worker{0});
    const auto element = to_json(call.value);
    if (call.f == "add") added.insert(element);
    if (call.f == "remove") {
      EXPECT_EQ(added.erase(element), 1U);
      ++removed;
    }
    generator->completed(Worker{0}, call, {EventType::ok, call.value, {}});
  }
  EXPECT_GT(removed, 100);
}

TEST(LockWorkload, releases_what_it_may_hold_before_it_acquires_again) {
  const auto generator = generator_of("lock", {7, 1, 3});
  const auto acquire = generator->next(Worker{0});
  EXPECT_EQ(acquire.f, "acquire");
  EXPECT_EQ(acquire.value, history::Value("c1"));
  generator->completed(Worker{0}, acquire, {EventType::info, acquire.value, {}});
  const auto release = generator->next(Worker{0});
  EXPECT_EQ(release, (Call{"release", acquire.key, "c1", Kind::lock}));
  history::Answer nobody;
  nobody.found = history::Value();
  generator->completed(Worker{0}, release, {EventType::fail, release.value, {}, nobody});
  EXPECT_EQ(generator->next(Worker{0}).f, "acquire");
}

TEST(QueueWorkload, is_drained_until_it_says_that_it_is_empty) {
  const auto generator = generator_of("queue", {7, 1, 2});
  const auto calls = generator->final_calls();
  ASSERT_EQ(calls.size(), 2U);
  history::Answer empty;
  empty.found = history::Value();
  EXPECT_FALSE(generator->is_final(calls[0], {EventType::ok, 7, {}}));
  EXPECT_FALSE(generator->is_final(calls[0], {EventType::fail, {}, "timeout"}));
  EXPECT_TRUE(generator->is_final(calls[0], {EventType::fail, {}, "empty", empty}));
  EXPECT_TRUE(generator->is_final(calls[0], {EventType::ok, {}, {}}));
}

TEST(BankWorkload, opens_accounts_with_the_total_and_transfers_between_two_of_them) {
  const auto generator = find_workload("bank").make_generator(options_for(find_workload("bank")));
  std::int64_t total = 0;
  std::set<std::string> accounts;
  const auto opening = generator->first_calls().front();
  for (const auto& [name, balance] : *opening.value.object()) {
    total += *balance.integer();
    accounts.insert(name);
  }
  EXPECT_EQ(total, 23);
  EXPECT_EQ(accounts.size(), 5U);
  for (const auto& call : calls(*generator, Worker{2}, 200)) {
    if (call.f == "read") continue;
    EXPECT_TRUE(accounts.contains(*call.value.text("from")));
    EXPECT_TRUE(accounts.contains(*call.value.text("to")));
    EXPECT_NE(*call.value.text("from"), *call.value.text("to"));
  }
}

TEST(LongForkWorkload, writes_each_register_once) {
  const auto generator = generator_of("long-fork", {7, 6, 4});
  std::set<std::string> written;
  for (int i = 0; i < 600; ++i) {
    const auto call = generator->next(Worker{i % 6});
    for (const auto& step : *call.value.list()) {
      const auto& parts = *step.list();
      if (parts[0] == history::Value("w")) {
        EXPECT_TRUE(written.insert(*parts[1].text()).second);
      }
    }
  }
  EXPECT_GT(written.size(), 100U);
}

TEST(GrowingRegisters, a_write_that_may_come_late_is_the_last_one_of_its_register) {
  const auto generator = generator_of("monotonic", {7, 1, 1});
  std::set<std::string> left;
  for (int i = 0; i < 200; ++i) {
    const auto call = generator->next(Worker{0});
    if (call.f != "write") continue;
    EXPECT_FALSE(left.contains(call.key));
    if (i % 2 == 0) continue;
    left.insert(call.key);
    generator->completed(Worker{0}, call, {EventType::info, call.value, {}});
  }
  EXPECT_GT(left.size(), 10U);
  for (const auto& call : generator->final_calls()) left.erase(call.key);
  EXPECT_TRUE(left.empty());
}

TEST(Choices, follow_the_mix_and_refuse_operations_that_there_are_not) {
  GeneratorOptions options{7, 1, 1};
  options.mix = {{"read", 0}, {"cas", 0}};
  EXPECT_EQ(counts(*generator_of("register", options), Worker{0}, 100),
            (std::map<std::string, int>{{"write", 100}}));
  options.mix = {{"raed", 1}};
  EXPECT_THROW(generator_of("register", options), std::invalid_argument);
  options.mix = {{"read", 0}, {"write", 0}, {"cas", 0}};
  EXPECT_THROW(generator_of("register", options), std::invalid_argument);
}

TEST(Choices, reserved_workers_do_nothing_else) {
  GeneratorOptions options{7, 3, 1};
  options.reserved = {{"read", 2}};
  const auto generator = generator_of("register", options);
  EXPECT_EQ(counts(*generator, Worker{1}, 50), (std::map<std::string, int>{{"read", 50}}));
  EXPECT_GT(counts(*generator, Worker{2}, 50)["write"], 0);
}

TEST(Choices, a_skew_makes_the_first_keys_hot_and_leaves_none_out) {
  GeneratorOptions options{7, 1, 10};
  options.key_skew = 1;
  const auto generator = generator_of("register", options);
  std::map<std::string, int> uses;
  for (const auto& call : calls(*generator, Worker{0}, 3000)) ++uses[call.key];
  EXPECT_EQ(uses.size(), 10U);
  EXPECT_GT(uses["k1"], 5 * uses["k10"]);
}

TEST(Choices, keys_wear_out_and_are_all_read_at_the_end) {
  GeneratorOptions options{7, 2, 3};
  options.ops_per_key = 10;
  const auto generator = generator_of("append", options);
  std::set<std::string> used;
  for (int i = 0; i < 100; ++i) {
    used.insert(generator->next(Worker{0}).key);
    used.insert(generator->next(Worker{1}).key);
  }
  EXPECT_GT(used.size(), 15U);
  for (const auto& call : generator->final_calls()) used.erase(call.key);
  EXPECT_TRUE(used.empty());
}

TEST(Choices, values_have_the_asked_length_and_differ) {
  GeneratorOptions options{7, 2, 1};
  options.value_bytes = 100;
  options.mix = {{"read", 0}};
  const auto generator = generator_of("append", options);
  std::set<std::string> values;
  for (int i = 0; i < 100; ++i) values.insert(*generator->next(Worker{i % 2}).value.text());
  EXPECT_EQ(values.size(), 100U);
  EXPECT_EQ(values.begin()->size(), 100U);
}

TEST(Combination, draws_from_all_workloads_on_keys_of_their_own) {
  const auto generator = generator_of("register+append+unique-ids", {7, 2, 2});
  std::set<std::string> keys;
  for (const auto& call : calls(*generator, Worker{1}, 300)) keys.insert(call.key);
  EXPECT_EQ(keys,
            (std::set<std::string>{"", "append.k1", "append.k2", "register.k1", "register.k2"}));
}

TEST(Combination, its_mix_weighs_workloads_and_their_operations) {
  GeneratorOptions options{7, 1, 1};
  options.mix = {{"append", 0}, {"register.read", 0}};
  const auto made = counts(*generator_of("register+append", options), Worker{0}, 200);
  EXPECT_FALSE(made.contains("append"));
  EXPECT_FALSE(made.contains("read"));
  options.mix = {{"set.read", 1}};
  EXPECT_THROW(generator_of("register+append", options), std::invalid_argument);
}

TEST(Combination, tells_each_generator_what_became_of_its_calls) {
  const auto generator = generator_of("register+append", {7, 1, 1});
  generator->completed(Worker{0}, {"read", "register.k1", {}}, {EventType::ok, 41, {}});
  const auto made = calls(*generator, Worker{0}, 200);
  EXPECT_TRUE(std::any_of(made.begin(), made.end(), [](const Call& call) {
    return call.f == "cas" && call.key == "register.k1";
  }));
}

TEST(Combination, refuses_what_could_not_be_told_apart) {
  EXPECT_THROW(find_workloads("bank+unique-ids"), std::invalid_argument);
  EXPECT_THROW(find_workloads("register+register"), std::invalid_argument);
  EXPECT_THROW(find_workloads("register+"), std::invalid_argument);
}

history::Operation operation(const char* f, const char* key) {
  history::Operation made;
  made.f = f;
  made.key = key;
  return made;
}

TEST(Combination, parts_a_history_by_the_names_in_front_of_keys) {
  history::History history;
  history.operations = {operation("open", ""), operation("read", "register.k1"),
                        operation("read", ""), operation("append", "append.k1")};
  const auto workloads = find_workloads("append+bank+register");
  const auto parts = part(history, workloads);
  EXPECT_EQ(parts[0].operations.at(0).f, "append");
  EXPECT_EQ(parts[1].operations.size(), 1U);
  EXPECT_EQ(parts[2].operations.at(0).key, "register.k1");
  history.operations.push_back(operation("read", "k1"));
  EXPECT_THROW(part(history, find_workloads("append+register")), history::AssumptionBroken);
}

TEST(Kinds, have_names_of_their_own) {
  for (int kind = 0; kind <= static_cast<int>(Kind::log); ++kind) {
    EXPECT_EQ(kind_named(name_of(Kind{kind})), Kind{kind});
  }
}

TEST(Operations, say_what_is_missing) {
  const Operations can{{Kind::register_, {"read", "write"}}};
  EXPECT_EQ(can.missing_for({{Kind::register_, {"read", "cas"}}, {Kind::set, {"add"}}}),
            "register (cas), set (add)");
  EXPECT_EQ(can.missing_for({{Kind::register_, {"read"}}}), "");
}

}  // namespace
}  // namespace sunder::workloads
