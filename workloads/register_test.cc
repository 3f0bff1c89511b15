#include "workloads/register.h"

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sunder::workloads {
namespace {

constexpr GeneratorOptions options{7, 3, 4};

std::vector<Call> calls(Generator& generator, Worker worker, int count) {
  std::vector<Call> made;
  for (int i = 0; i < count; ++i) made.push_back(generator.next(worker));
  return made;
}

TEST(RegisterWorkload, a_workers_calls_follow_from_the_seed_whatever_the_others_do) {
  const auto alone = make_register_generator(options);
  const auto crowded = make_register_generator(options);
  calls(*crowded, Worker{0}, 17);
  EXPECT_EQ(calls(*alone, Worker{1}, 200), calls(*crowded, Worker{1}, 200));
}

TEST(RegisterWorkload, another_seed_makes_other_calls) {
  auto other = options;
  other.seed = 8;
  EXPECT_NE(calls(*make_register_generator(options), Worker{0}, 50),
            calls(*make_register_generator(other), Worker{0}, 50));
}

TEST(RegisterWorkload, no_value_is_written_twice) {
  const auto generator = make_register_generator(options);
  std::set<std::int64_t> written;
  for (int i = 0; i < 3000; ++i) {
    const auto call = generator->next(Worker{i % options.workers});
    if (call.f == "read") {
      generator->completed(call, {history::EventType::ok, 1, {}});
      continue;
    }
    const auto& value = call.f == "cas" ? call.value.list()->back() : call.value;
    EXPECT_TRUE(written.insert(*value.integer()).second) << *value.integer();
  }
}

TEST(RegisterWorkload, a_cas_expects_what_was_read_last_on_its_key) {
  const auto generator = make_register_generator(options);
  for (int i = 0; i < 200; ++i) EXPECT_NE(generator->next(Worker{0}).f, "cas");
  generator->completed({"read", "k2", {}}, {history::EventType::ok, 41, {}});
  generator->completed({"read", "k2", {}}, {history::EventType::fail, 42, {}});
  int seen = 0;
  for (int i = 0; i < 200; ++i) {
    const auto call = generator->next(Worker{0});
    if (call.f != "cas") continue;
    ++seen;
    EXPECT_EQ(call.key, "k2");
    EXPECT_EQ(call.value.list()->front(), history::Value(41));
  }
  EXPECT_GT(seen, 0);
}

TEST(RegisterWorkload, every_key_is_read_at_the_end) {
  const auto reads = make_register_generator(options)->final_reads();
  std::set<std::string> keys;
  for (const auto& call : reads) {
    EXPECT_EQ(call.f, "read");
    keys.insert(call.key);
  }
  EXPECT_EQ(keys, (std::set<std::string>{"k1", "k2", "k3", "k4"}));
}

TEST(Workloads, are_found_by_name_or_refused_with_the_names_there_are) {
  EXPECT_EQ(find_workload("register").name, "register");
  try {
    find_workload("nonsense");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("register"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace sunder::workloads
