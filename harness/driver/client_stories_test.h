#pragma once
// What a client makes of a server that falls silent, breaks off or restarts: the same in every
// protocol, and told once for all of them.

#include <string>

#include <gtest/gtest.h>

#include "harness/driver/scripted_server_test.h"

namespace sunder::harness {

/// A Protocol is a ScriptedServer with a `client` of its own and, as coroutines:
/// - `welcome()`: takes the next client, up to its first request;
/// - `hear_request(call)`: hears the request that carries out the call, which is `read` or `write`,
///   and returns the bytes that answer it. A read is answered with 17.
template <typename Protocol>
struct ClientStories : Protocol {
  using Script = ScriptedServer::Script;

  Script fall_silent(workloads::Call call) {
    co_await this->welcome();
    co_await this->hear_request(call);
  }
  Script break_off(workloads::Call call) {
    co_await this->welcome();
    const std::string answer = co_await this->hear_request(call);
    co_await this->say(answer.substr(0, answer.size() - 1));
    this->hang_up();
  }
  Script die(workloads::Call call) {
    co_await this->hear_request(call);
    this->hang_up();
  }
  Script answer(workloads::Call call) {
    co_await this->welcome();
    const std::string answer = co_await this->hear_request(call);
    co_await this->say(answer);
  }
  history::EventType outcome(const workloads::Call& call, Script script,
                             std::chrono::nanoseconds patience = std::chrono::seconds(30)) {
    return this->invoke(*this->client, call, std::move(script), patience).type;
  }
};

TYPED_TEST_SUITE_P(ClientStories);

TYPED_TEST_P(ClientStories, silence_ends_with_the_time_and_leaves_a_write_unknown) {
  EXPECT_EQ(this->outcome(this->write, this->fall_silent(this->write), this->short_patience),
            history::EventType::info);
  EXPECT_EQ(this->outcome(this->read, this->fall_silent(this->read), this->short_patience),
            history::EventType::fail);
}

TYPED_TEST_P(ClientStories, half_an_answer_is_none) {
  EXPECT_EQ(this->outcome(this->write, this->break_off(this->write)), history::EventType::info);
  EXPECT_EQ(this->outcome(this->read, this->break_off(this->read)), history::EventType::fail);
  EXPECT_EQ(this->outcome(this->write, this->answer(this->write)), history::EventType::ok);
}

TYPED_TEST_P(ClientStories, a_server_that_restarts_in_mid_request_is_dialed_again_with_the_next) {
  EXPECT_EQ(this->outcome(this->write, this->answer(this->write)), history::EventType::ok);
  EXPECT_EQ(this->outcome(this->write, this->die(this->write)), history::EventType::info);
  const auto answered = this->invoke(*this->client, this->read, this->answer(this->read));
  EXPECT_EQ(answered.type, history::EventType::ok);
  EXPECT_EQ(answered.value, history::Value(17));
}

TYPED_TEST_P(ClientStories, a_server_that_died_between_two_calls_leaves_the_second_unknown) {
  EXPECT_EQ(this->outcome(this->write, this->answer(this->write)), history::EventType::ok);
  this->hang_up();
  EXPECT_EQ(this->outcome(this->write, this->silence()), history::EventType::info);
  EXPECT_EQ(this->outcome(this->write, this->answer(this->write)), history::EventType::ok);
}

TYPED_TEST_P(ClientStories, what_nobody_took_certainly_did_not_happen) {
  this->door.close();
  EXPECT_EQ(this->outcome(this->write, this->silence(), this->short_patience),
            history::EventType::fail);
}

REGISTER_TYPED_TEST_SUITE_P(ClientStories, silence_ends_with_the_time_and_leaves_a_write_unknown,
                            half_an_answer_is_none,
                            a_server_that_restarts_in_mid_request_is_dialed_again_with_the_next,
                            a_server_that_died_between_two_calls_leaves_the_second_unknown,
                            what_nobody_took_certainly_did_not_happen);

}  // namespace sunder::harness
