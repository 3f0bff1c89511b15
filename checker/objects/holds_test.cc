#include "checker/objects/holds.h"

#include <optional>

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/models/owned_locks.h"
#include "checker/objects/differential_test.h"

namespace sunder::checker::holds_test {
namespace {

using history::never;
using history::Operation;
using history::Outcome;
using history::Value;

/// By a process or, with `owner`, for that owner. Of an acquire `token` is its answer.
Operation by(int process, std::string_view f, int invoked, int returned, Value owner = {},
             Value token = {}) {
  Operation operation;
  operation.process = history::ProcessId{process};
  operation.f = f;
  operation.argument = owner;
  operation.result = token.is_nil() ? std::move(owner) : std::move(token);
  operation.invoked = invoked;
  operation.returned = returned < 0 ? never : returned;
  operation.outcome = returned < 0 ? Outcome::info : Outcome::ok;
  return operation;
}

template <Model M = OwnedMutex>
CheckResult check(std::vector<Operation> operations, const M& model = {}) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, model);
}

TEST(Holds, an_acquire_of_a_held_lock_is_told_with_its_holder) {
  const auto result = check({by(2, "acquire", 0, 1), by(2, "release", 2, 3), by(2, "acquire", 4, 5),
                             by(4, "acquire", 6, 7)});
  EXPECT_EQ(result.message, "client 4 acquired the lock while client 2 held it");
  EXPECT_EQ(result.procedure, "holds");
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
}

TEST(Holds, a_release_by_another_client_is_refused) {
  EXPECT_EQ(check({by(0, "acquire", 0, 1), by(1, "release", 2, 3)}).message,
            "client 1 released the lock without holding it");
  EXPECT_EQ(
      check({by(0, "acquire", 0, 1), by(0, "release", 2, 3), by(1, "acquire", 4, 5)}).validity,
      Validity::valid);
}

TEST(Holds, an_owner_that_acquires_twice_is_told) {
  EXPECT_EQ(check({by(0, "acquire", 0, 1), by(0, "acquire", 2, 3)}).message,
            "client 0 acquired the lock, which it had acquired already and not released");
}

TEST(Holds, a_crashed_acquire_counts_only_if_its_owner_releases) {
  EXPECT_EQ(check({by(0, "acquire", 0, -1), by(1, "acquire", 2, 3)}).validity, Validity::valid);
  const auto result = check({by(0, "acquire", 0, -1, "c1"), by(1, "acquire", 1, 2, "c2"),
                             by(5, "release", 3, 4, "c1"), by(1, "release", 5, 6, "c2")});
  EXPECT_EQ(result.message,
            "client 5 (owner c1) released the lock, so its acquire without an answer had "
            "succeeded; but client 1 (owner c2) held it all the time");
}

TEST(Holds, a_crashed_release_under_the_owners_name_frees_the_lock) {
  EXPECT_EQ(check({by(0, "acquire", 0, 1, "c1"), by(0, "release", 2, -1, "c1"),
                   by(1, "acquire", 3, 4, "c2")})
                .validity,
            Validity::valid);
}

TEST(Holds, as_many_hold_a_semaphore_as_it_has_permits) {
  EXPECT_EQ(check({by(0, "acquire", 0, 1), by(1, "acquire", 2, 3)}, OwnedSemaphore{{}, 2}).validity,
            Validity::valid);
  EXPECT_EQ(check({by(0, "acquire", 0, 1), by(1, "acquire", 2, 3), by(2, "acquire", 4, 5)},
                  OwnedSemaphore{{}, 2})
                .message,
            "client 2 acquired a permit while client 0 and client 1 held all 2");
}

TEST(Holds, a_token_twice_or_a_smaller_one_is_a_violation_of_a_fenced_lock) {
  const std::vector<Operation> first = {by(0, "acquire", 0, 1, {}, 7), by(0, "release", 2, 3)};
  auto operations = first;
  operations.push_back(by(1, "acquire", 4, 5, {}, 7));
  const auto twice = check(operations, FencedMutex{});
  EXPECT_EQ(twice.message, "client 0 and client 1 both acquired the lock with token 7");
  EXPECT_EQ(twice.procedure, "tokens");
  operations.back().result = 5;
  EXPECT_EQ(check(operations, FencedMutex{}).message,
            "client 1 acquired the lock with token 5 after client 0 had acquired it with token 7: "
            "tokens must grow");
  operations.back().result = Value(history::Object{{"token", 9}});
  EXPECT_EQ(check(operations, FencedMutex{}).validity, Validity::valid);
}

/// Clients that acquire and release by turns. After a crash a client goes on as another process,
/// for the same owner or as another one.
class Owners {
 public:
  Owners(Random& random, int permits, int clients, bool named, bool tokens)
      : random_(random),
        permits_(permits),
        named_(named),
        tokens_(tokens),
        clients_(static_cast<std::size_t>(clients)) {
    for (auto& client : clients_) client.process = next_process_++;
  }

  std::vector<Operation> play(std::size_t operations, int crash_percent) {
    for (int step = 0; step < 400; ++step) {
      const auto index = random_.below(static_cast<int>(clients_.size()));
      auto& client = clients_[static_cast<std::size_t>(index)];
      if (!client.open) {
        if (operations_.size() == operations) break;
        invoke(client, index);
      } else if (!client.is_done && random_.chance(70)) {
        take_effect(client);
      } else {
        complete(client, crash_percent);
      }
    }
    spoil();
    return std::move(operations_);
  }

 private:
  struct Client {
    int process = 0;
    int held = 0;
    std::optional<std::size_t> open;
    bool is_done = false;
    bool is_refused = false;
  };

  void invoke(Client& client, int index) {
    const bool releases = client.held > 0 ? random_.chance(80) : random_.chance(8);
    auto operation = by(client.process, releases ? "release" : "acquire", position_++, -1);
    if (named_) operation.argument = operation.result = fmt::format("c{}", index);
    client.open = operations_.size();
    client.is_done = client.is_refused = false;
    operations_.push_back(std::move(operation));
  }

  void take_effect(Client& client) {
    auto& operation = operations_[*client.open];
    const bool acquires = operation.f == "acquire";
    client.is_done = true;
    client.is_refused = acquires ? taken_ == permits_ : client.held == 0;
    if (client.is_refused) return;
    taken_ += acquires ? 1 : -1;
    client.held += acquires ? 1 : -1;
    if (acquires && tokens_) operation.result = token_ += 1 + random_.below(3);
  }

  /// What had no effect so far crashes, and may take effect later: never, in this play.
  void complete(Client& client, int crash_percent) {
    auto& operation = operations_[*client.open];
    client.open.reset();
    if (!client.is_done || random_.chance(crash_percent)) {
      operation.result = operation.argument;
      client.process = next_process_++;
      if (!named_) client.held = 0;
      return;
    }
    operation.outcome = client.is_refused ? Outcome::fail : Outcome::ok;
    operation.returned = position_++;
  }

  void spoil() {
    for (auto& client : clients_) {
      if (client.open) operations_[*client.open].result = operations_[*client.open].argument;
    }
    if (!random_.chance(60)) return;
    auto& each =
        operations_[static_cast<std::size_t>(random_.below(static_cast<int>(operations_.size())))];
    if (each.outcome == Outcome::info) return;
    const bool has_token = each.outcome == Outcome::ok && each.f == "acquire" && tokens_;
    if (has_token && random_.chance(60)) {
      each.result = random_.below(12);
      return;
    }
    each.outcome = each.outcome == Outcome::ok ? Outcome::fail : Outcome::ok;
    if (each.f == "acquire" && tokens_) each.result = random_.below(12);
  }

  Random& random_;
  int permits_;
  bool named_;
  bool tokens_;
  std::vector<Client> clients_;
  std::vector<Operation> operations_;
  int next_process_ = 0;
  int position_ = 0;
  int taken_ = 0;
  int token_ = 0;
};

template <Model M>
void compare_with_brute_force(const M& model, int permits) {
  const auto make = [permits](Random& random, int seed) {
    const bool tokens = M::family == Family::fenced_locks;
    Owners owners(random, permits, 2 + seed % 3, seed % 2 == 0, tokens);
    return owners.play(static_cast<std::size_t>(3 + seed % 7), seed % 3 == 0 ? 35 : 12);
  };
  const auto tally = Differential(model, make).compare(differential_histories());
  EXPECT_GT(tally.fast, tally.histories * 4 / 5);
  EXPECT_GT(tally.invalid, tally.histories / 20);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
}

TEST(HoldsDifferential, agrees_with_brute_force_on_mutexes) {
  compare_with_brute_force(OwnedMutex{}, 1);
}

TEST(HoldsDifferential, agrees_with_brute_force_on_semaphores) {
  compare_with_brute_force(OwnedSemaphore{{}, 2}, 2);
}

TEST(HoldsDifferential, agrees_with_brute_force_on_fenced_locks) {
  compare_with_brute_force(FencedMutex{}, 1);
}

}  // namespace
}  // namespace sunder::checker::holds_test
