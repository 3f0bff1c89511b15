#include "harness/driver/described/adapter.h"

#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/temporary_file.h"

namespace sunder::harness::described {
namespace {

using history::EventType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using workloads::Call;
using workloads::Completion;
using namespace std::chrono_literals;

const Call read{"read", "x", {}};
const Call write{"write", "x", 3};

// Adapters are shell scripts: `answer` gets the number of the call as $id.
struct AdapterTest : testing::Test {
  boost::asio::io_context io;
  Watchdog watchdog;
  TemporaryFile log{""};

  static std::string answering(const std::string& answer) {
    return "while read -r line; do id=${line#*:}; id=${id%%,*}; " + answer + "; done";
  }

  LineProcess::Options shell(const std::string& script) const {
    return {"/bin/sh", {"-c", script}, log.path()};
  }

  Completion ask(Client& client, const Call& call, std::chrono::nanoseconds timeout = 30s) {
    std::optional<Completion> completion;
    boost::asio::co_spawn(io, client.invoke(call, timeout),
                          [&](const std::exception_ptr& failure, Completion with) {
                            if (failure) std::rethrow_exception(failure);
                            completion = std::move(with);
                          });
    io.restart();
    while (!completion) io.run_one();
    return *completion;
  }
};

TEST_F(AdapterTest, is_asked_in_json_and_answers_by_id) {
  Adapters adapters(watchdog,
                    shell(answering(R"(echo "$line" >&2; echo "{\"id\":$id,)"
                                    R"(\"type\":\"ok\",\"value\":17}")")),
                    false);
  const auto client = adapters.make_client(io, "n1", "127.0.0.1:2379");
  const auto completion = ask(*client, read);
  EXPECT_EQ(completion.type, EventType::ok);
  EXPECT_EQ(completion.value, history::Value(17));
  EXPECT_EQ(ask(*client, write).type, EventType::ok);
  std::ostringstream asked;
  asked << std::ifstream(log.path()).rdbuf();
  EXPECT_THAT(asked.str(), HasSubstr(R"({"id":1,"f":"read","key":"x","value":null,)"
                                     R"("node":"127.0.0.1:2379","kind":"register"})"));
  EXPECT_THAT(asked.str(), HasSubstr(R"({"id":2,"f":"write","key":"x","value":3,)"));
}

TEST_F(AdapterTest, a_refused_cas_may_tell_what_it_found) {
  Adapters adapters(
      watchdog, shell(answering(R"(echo "{\"id\":$id,\"type\":\"fail\",\"found\":17}")")), false);
  const auto client = adapters.make_client(io, "n1", "127.0.0.1:2379");
  const auto completion = ask(*client, {"cas", "x", history::List{1, 2}});
  EXPECT_EQ(completion.type, EventType::fail);
  ASSERT_TRUE(completion.answer.has_value());
  EXPECT_EQ(completion.answer->found, history::Value(17));
  EXPECT_EQ(completion.answer->node, "n1");
  EXPECT_FALSE(ask(*client, write).answer.has_value());
}

TEST_F(AdapterTest, says_who_answered_and_with_which_revision) {
  Adapters adapters(
      watchdog,
      shell(answering(R"(echo "{\"id\":$id,\"type\":\"ok\",\"value\":[1],\"revision\":9}")")),
      false);
  const auto client = adapters.make_client(io, "n2", "127.0.0.1:2379");
  const auto completion = ask(*client, {"read", "x", {}, workloads::Kind::set});
  EXPECT_EQ(completion.value, history::Value(history::List{1}));
  EXPECT_EQ(completion.answer->node, "n2");
  EXPECT_EQ(completion.answer->revision, 9);
}

TEST_F(AdapterTest, a_refused_dequeue_or_acquire_may_tell_what_it_found) {
  Adapters adapters(
      watchdog, shell(answering(R"(echo "{\"id\":$id,\"type\":\"fail\",\"found\":null}")")), false);
  const auto client = adapters.make_client(io, "n1", "a");
  const auto empty = ask(*client, {"dequeue", "q", {}, workloads::Kind::queue});
  ASSERT_TRUE(empty.answer.has_value());
  EXPECT_TRUE(empty.answer->found->is_nil());
  EXPECT_TRUE(ask(*client, {"release", "l", "c1", workloads::Kind::lock}).answer.has_value());
}

TEST_F(AdapterTest, one_that_ends_makes_its_calls_unknown_and_is_replaced) {
  Adapters adapters(watchdog, shell("read -r line; exit 3"), false);
  auto client = adapters.make_client(io, "n1", "a");
  for (int call = 0; call < 2; ++call) {
    const auto completion = ask(*client, write);
    EXPECT_EQ(completion.type, EventType::info);
    EXPECT_EQ(completion.error, "the adapter ended: exit status 3");
  }
  client.reset();
  EXPECT_THAT(adapters.conclude(),
              ElementsAre(HasSubstr("the adapter ended: exit status 3 (2 times; log: ")));
}

TEST_F(AdapterTest, one_that_talks_nonsense_makes_its_calls_unknown) {
  for (const char* nonsense : {"hello", "{}", R"({"id":1})", R"({"id":1,"type":"maybe"})",
                               R"({"id":77,"type":"ok","value":1})", R"({"id":1,"type":"ok"})"}) {
    Adapters adapters(
        watchdog, shell(std::string("read -r line; echo '") + nonsense + "'; read -r line"), false);
    auto client = adapters.make_client(io, "n1", "a");
    const auto completion = ask(*client, read);
    EXPECT_EQ(completion.type, EventType::info) << nonsense;
    EXPECT_THAT(completion.error, HasSubstr(std::string("talks nonsense: ") + nonsense));
  }
}

TEST_F(AdapterTest, one_that_hangs_makes_its_calls_unknown_and_is_killed_in_the_end) {
  Adapters adapters(watchdog, shell("cat >/dev/null"), false);
  auto client = adapters.make_client(io, "n1", "a");
  EXPECT_EQ(ask(*client, write, 20ms).type, EventType::info);
  for (int call = 0; call < 10; ++call) ask(*client, write, 20ms);
  client.reset();
  EXPECT_THAT(adapters.conclude(), ElementsAre(HasSubstr("was silent for too long")));
}

TEST_F(AdapterTest, a_late_answer_is_not_taken_for_that_of_another_call) {
  // It answers the first call only when the second one comes, with another value.
  Adapters adapters(watchdog,
                    shell("read -r a; read -r b; echo '{\"id\":1,\"type\":\"ok\",\"value\":1}'; "
                          "echo '{\"id\":2,\"type\":\"ok\",\"value\":2}'; read -r c"),
                    false);
  auto client = adapters.make_client(io, "n1", "a");
  EXPECT_EQ(ask(*client, read, 20ms).type, EventType::info);
  client = adapters.make_client(io, "n1", "a");
  EXPECT_EQ(ask(*client, read).value, history::Value(2));
  client.reset();
  EXPECT_THAT(adapters.conclude(), IsEmpty());
}

TEST_F(AdapterTest, one_that_leaves_single_calls_open_and_answers_others_is_not_silent) {
  // It answers writes at once, and reads never.
  Adapters adapters(watchdog,
                    shell(answering(R"(case $line in *read*) ;; *) echo "{\"id\":$id,)"
                                    R"(\"type\":\"ok\"}";; esac)")),
                    true);
  auto client = adapters.make_client(io, "n1", "a");
  EXPECT_EQ(ask(*client, read, 200ms).type, EventType::info);
  // Longer than an adapter may be silent.
  const auto until = std::chrono::steady_clock::now() + 1100ms;
  while (std::chrono::steady_clock::now() < until) {
    ASSERT_EQ(ask(*client, write).type, EventType::ok);
  }
  EXPECT_EQ(ask(*client, read, 200ms).type, EventType::info);
  client.reset();
  EXPECT_THAT(adapters.conclude(), IsEmpty());
}

TEST_F(AdapterTest, is_asked_about_the_system_itself) {
  Adapters adapters(watchdog,
                    shell(answering(R"(echo "$line" >&2; echo "{\"id\":$id,)"
                                    R"(\"type\":\"ok\",\"value\":\"leader\"}")")),
                    false);
  std::optional<Completion> answer;
  boost::asio::co_spawn(
      io, adapters.ask(io, "role", "127.0.0.1:2379", 30s),
      [&answer](const std::exception_ptr&, const Completion& got) { answer = got; });
  while (!answer) io.run_one();
  EXPECT_EQ(answer->type, EventType::ok);
  EXPECT_EQ(answer->value, history::Value("leader"));
  std::string asked;
  std::getline(std::ifstream(log.path()) >> std::ws, asked);
  EXPECT_EQ(asked, R"({"id":1,"f":"role","key":"","value":null,"node":"127.0.0.1:2379",)"
                   R"("kind":"system"})");
}

TEST_F(AdapterTest, one_for_all_answers_in_any_order) {
  Adapters adapters(watchdog,
                    shell("read -r a; read -r b; echo '{\"id\":2,\"type\":\"ok\",\"value\":2}'; "
                          "echo '{\"id\":1,\"type\":\"ok\",\"value\":1}'; read -r c"),
                    true);
  auto first = adapters.make_client(io, "n1", "a");
  auto second = adapters.make_client(io, "n1", "b");
  std::vector<history::Value> values;
  for (auto* client : {first.get(), second.get()}) {
    boost::asio::co_spawn(io, client->invoke(read, 30s),
                          [&values](const std::exception_ptr&, const Completion& completion) {
                            values.push_back(completion.value);
                          });
  }
  while (values.size() < 2) io.run_one();
  EXPECT_THAT(values, ElementsAre(history::Value(2), history::Value(1)));
  first.reset();
  second.reset();
  EXPECT_THAT(adapters.conclude(), IsEmpty());
}

}  // namespace
}  // namespace sunder::harness::described
