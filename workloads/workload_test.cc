#include "workloads/workload.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "workloads/generators_test.h"

namespace sunder::workloads {
namespace {

using history::EventType;
using testing::HasSubstr;

GeneratorOptions options_for(const Workload& workload) {
  GeneratorOptions options{7, 3, 4};
  if (workload.name == "bank") options.parameters = {{"accounts", 5}, {"total", 23}};
  return options;
}

/// With the place of each key in its stead: which key stands there follows from all workers' calls.
std::vector<Call> at_places(std::vector<Call> made, int keys) {
  for (auto& call : made) {
    for (auto& step : *call.value.edit_list()) {
      auto& key = (*step.edit_list())[1];
      key = (std::stoi(key.text()->substr(1)) - 1) % keys;
    }
  }
  return made;
}

TEST(Workloads, a_workers_calls_follow_from_the_seed_whatever_the_others_do) {
  for (const auto& workload : all_workloads()) {
    const auto options = options_for(workload);
    const auto alone = workload.make_generator(options);
    const auto crowded = workload.make_generator(options);
    calls(*crowded, Worker{0}, 17);
    auto made = calls(*alone, Worker{1}, 200);
    auto made_in_a_crowd = calls(*crowded, Worker{1}, 200);
    if (workload.shapes_transactions) {
      made = at_places(std::move(made), options.keys);
      made_in_a_crowd = at_places(std::move(made_in_a_crowd), options.keys);
    }
    EXPECT_EQ(made, made_in_a_crowd) << workload.name;
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

TEST(Workloads, are_judged_by_a_model_or_a_check_or_a_level_that_there_is) {
  for (const auto& workload : all_workloads()) {
    const bool has_other = workload.check != nullptr || !workload.isolation.empty();
    EXPECT_EQ(workload.model.empty(), has_other) << workload.name;
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

TEST(BankWorkload, refuses_too_few_accounts_and_a_debt) {
  for (const auto& parameters : {checker::Parameters{{"accounts", 1}, {"total", 10}},
                                 checker::Parameters{{"accounts", 100'000'000}, {"total", 10}},
                                 checker::Parameters{{"accounts", 2}, {"total", -1}}}) {
    GeneratorOptions options{7, 3, 4};
    options.parameters = parameters;
    EXPECT_THROW(generator_of("bank", options), std::invalid_argument);
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

/// How often each key is written, and the reads of keys that another write has followed.
struct KeyUse {
  std::map<std::string, int> writes;
  std::set<std::string> read;
  std::set<std::string> values;
};

KeyUse use_of(const std::vector<Call>& calls) {
  KeyUse use;
  for (const auto& call : calls) {
    for (const auto& step : *call.value.list()) {
      const auto& parts = *step.list();
      const auto& key = *parts[1].text();
      if (parts[0] == history::Value("r")) {
        use.read.insert(key);
        continue;
      }
      ++use.writes[key];
      EXPECT_TRUE(use.values.insert(to_json(parts[2])).second) << "no value is written twice";
    }
  }
  return use;
}

std::vector<Call> transactions_of(Generator& generator, int workers, int count) {
  std::vector<Call> made;
  for (int i = 0; i < count; ++i) made.push_back(generator.next(Worker{i % workers}));
  return made;
}

constexpr const char* transactional[] = {"list-append", "rw-register"};

TEST(TransactionWorkloads, write_each_key_so_often_at_most_and_some_keys_much_less_often) {
  for (const auto* workload : transactional) {
    for (const int most : {1, 7, 40}) {
      GeneratorOptions options{7, 6, 4};
      options.max_writes_per_key = most;
      const auto use = use_of(transactions_of(*generator_of(workload, options), 6, 3000));
      int more_than_half = 0;
      int at_most_a_quarter = 0;
      for (const auto& [key, writes] : use.writes) {
        EXPECT_LE(writes, most) << key;
        more_than_half += 2 * writes > most ? 1 : 0;
        at_most_a_quarter += 4 * writes <= most ? 1 : 0;
      }
      EXPECT_GT(more_than_half, 10) << workload << most;
      EXPECT_TRUE(most == 1 || at_most_a_quarter > 10) << workload << most;
    }
  }
}

TEST(TransactionWorkloads, end_with_reads_of_every_key_that_was_written) {
  for (const auto* workload : transactional) {
    const auto generator = generator_of(workload, {7, 6, 4});
    const auto use = use_of(transactions_of(*generator, 6, 3000));
    const auto final_use = use_of(generator->final_calls());
    EXPECT_TRUE(final_use.writes.empty());
    for (const auto& [key, writes] : use.writes) EXPECT_TRUE(final_use.read.contains(key)) << key;
  }
}

TEST(TransactionWorkloads, read_keys_again_that_were_left) {
  GeneratorOptions options{7, 1, 1};
  options.max_writes_per_key = 4;
  const auto generator = generator_of("list-append", options);
  int newest = 0;
  std::map<int, int> reads_of_left_keys;
  for (const auto& call : calls(*generator, Worker{0}, 2000)) {
    for (const auto& step : *call.value.list()) {
      const auto& parts = *step.list();
      const auto number = std::stoi(parts[1].text()->substr(1));
      newest = std::max(newest, number);
      if (parts[0] == history::Value("r") && number < newest) ++reads_of_left_keys[number];
    }
  }
  EXPECT_GT(static_cast<int>(reads_of_left_keys.size()), newest / 4);
}

TEST(TransactionWorkloads, have_the_length_that_was_asked_for) {
  GeneratorOptions options{7, 2, 4};
  options.txn_length = Lengths{2, 3};
  std::set<std::size_t> lengths;
  for (const auto& call : transactions_of(*generator_of("rw-register", options), 2, 200)) {
    lengths.insert(call.value.list()->size());
  }
  EXPECT_EQ(lengths, (std::set<std::size_t>{2, 3}));
}

TEST(TransactionWorkloads, a_slow_client_works_on_the_keys_of_the_fast_ones) {
  GeneratorOptions options{7, 2, 1};
  options.max_writes_per_key = 8;
  for (const auto* workload : transactional) {
    const auto generator = generator_of(workload, options);
    const auto fast = use_of(calls(*generator, Worker{0}, 500));
    const auto slow = use_of(calls(*generator, Worker{1}, 2));
    const auto number_of = [](const std::string& key) { return std::stoi(key.substr(1)); };
    int newest = 0;
    for (const auto& [key, writes] : fast.writes) newest = std::max(newest, number_of(key));
    EXPECT_GT(newest, 100);
    constexpr int left_keys_read = 3;
    for (const auto& key : slow.read) EXPECT_GE(number_of(key), newest - left_keys_read) << key;
  }
}

TEST(TransactionWorkloads, a_client_that_only_reads_goes_on_to_new_keys) {
  GeneratorOptions options{7, 2, 1};
  options.max_writes_per_key = 8;
  options.reserved = {{"read", 1}};
  const auto generator = generator_of("list-append", options);
  KeyUse use;
  for (int i = 0; i < 100; ++i) {
    calls(*generator, Worker{1}, 5);
    use.read.merge(use_of(calls(*generator, Worker{0}, 5)).read);
  }
  EXPECT_GT(use.read.size(), 50U);
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

}  // namespace
}  // namespace sunder::workloads
