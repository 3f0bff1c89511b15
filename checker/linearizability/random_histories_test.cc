#include "checker/linearizability/random_histories_test.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "checker/models/register.h"

namespace sunder::checker {

namespace {

using history::Operation;
using history::Outcome;
using history::Value;

class Play {
 public:
  Play(Random& random, const Shape& shape, Player& player)
      : random_(random), shape_(shape), player_(player) {}

  std::vector<Operation> run() {
    open_.resize(static_cast<std::size_t>(shape_.clients));
    while (true) {
      auto& open = open_[static_cast<std::size_t>(random_.below(shape_.clients))];
      if (!open) {
        if (static_cast<int>(operations_.size()) == shape_.operations) break;
        open = Open{operations_.size(), false};
        invoke();
      } else if (!open->took_effect && random_.chance(60)) {
        auto& operation = operations_[open->operation];
        operation.outcome = Outcome::ok;
        player_.answer(operation);
        open->took_effect = true;
      } else if (open->took_effect) {
        complete(operations_[open->operation]);
        open.reset();
      }
    }
    finish();
    return std::move(operations_);
  }

 private:
  struct Open {
    std::size_t operation;
    bool took_effect;
  };

  void invoke() {
    auto& operation = operations_.emplace_back();
    operation.process = history::ProcessId{next_process_++};
    operation.invoked = position_++;
    player_.ask(operation);
    operation.result = operation.argument;
  }

  void complete(Operation& operation) {
    if (random_.chance(shape_.crash_percent)) {
      operation.outcome = Outcome::info;
      return;
    }
    operation.returned = position_++;
  }

  /// What is still open has crashed; then one answer may be changed.
  void finish() {
    for (auto& open : open_) {
      if (open) operations_[open->operation].outcome = Outcome::info;
    }
    for (auto& operation : operations_) {
      if (operation.outcome == Outcome::info) operation.result = operation.argument;
    }
    if (!random_.chance(shape_.spoil_percent)) return;
    auto& spoiled = operations_[static_cast<std::size_t>(random_.below(shape_.operations))];
    if (spoiled.outcome != Outcome::info) player_.spoil(spoiled);
  }

  Random& random_;
  const Shape& shape_;
  Player& player_;
  std::vector<Operation> operations_;
  std::vector<std::optional<Open>> open_;
  history::Position position_ = 0;
  std::int64_t next_process_ = 0;
};

class RegisterPlayer final : public Player {
 public:
  RegisterPlayer(Random& random, int domain) : random_(random), domain_(domain) {}

  void ask(Operation& operation) override {
    const int kind = random_.below(10);
    operation.f = kind < 5 ? "read" : kind < 8 ? "write" : "cas";
    if (operation.f == "write") operation.argument = fresh_value();
    if (operation.f == "cas") {
      const Value expected = random_.chance(70) ? state_ : Value(random_.below(4));
      operation.argument = history::List{expected, fresh_value()};
    }
  }

  void answer(Operation& operation) override {
    if (operation.f == "read") {
      operation.result = state_;
    } else if (operation.f == "write") {
      state_ = operation.argument;
    } else if (state_ == Register::expected_by(operation)) {
      state_ = Register::written_by(operation);
    } else {
      operation.outcome = Outcome::fail;
      if (random_.chance(70)) find(operation, state_);
    }
  }

  void spoil(Operation& operation) override {
    if (operation.f == "read" || is_refusal(operation)) {
      operation.result = random_.chance(90) ? Value(random_.below(6)) : Value();
      if (operation.f == "cas") find(operation, operation.result);
    } else {
      operation.outcome = operation.outcome == Outcome::ok ? Outcome::fail : Outcome::ok;
    }
  }

 private:
  static void find(Operation& operation, const Value& value) {
    operation.answer =
        std::make_shared<const history::Answer>(history::Answer{{}, value, {}, {}, {}});
    operation.result = value;
  }

  Value fresh_value() {
    return domain_ == 0 ? Value(next_value_++) : Value(random_.below(domain_));
  }

  Random& random_;
  int domain_;
  Value state_;
  std::int64_t next_value_ = 0;
};

}  // namespace

std::vector<Operation> random_history(Random& random, const Shape& shape, Player& player) {
  return Play(random, shape, player).run();
}

std::vector<Operation> random_register_history(Random& random, const Shape& shape) {
  RegisterPlayer player(random, shape.domain);
  return random_history(random, shape, player);
}

int differential_histories() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int usual = 1'000;
#else
  constexpr int usual = 10'000;
#endif
  const char* given = std::getenv("SUNDER_HISTORIES");
  return given == nullptr ? usual : std::atoi(given);
}

void let_crashed_lapse(Random& random, std::vector<Operation>& operations) {
  // Twice the place, so that there is room between any two events.
  for (auto& operation : operations) {
    operation.invoked *= 2;
    if (operation.returned != history::never) operation.returned *= 2;
  }
  std::vector<history::Position> taken;
  for (auto& operation : operations) {
    if (operation.outcome != Outcome::info) continue;
    operation.outcome = Outcome::ok;
    operation.weakened = true;
    operation.returned = operation.invoked + 1 + history::Position{2} * random.below(8);
    if (std::find(taken.begin(), taken.end(), operation.returned) != taken.end()) {
      operation.returned = history::never;
    }
    taken.push_back(operation.returned);
  }
}

std::string to_text(const std::vector<Operation>& operations) {
  std::string text;
  for (const auto& operation : operations) {
    const char* outcomes[] = {"ok", "fail", "info"};
    text += fmt::format("[{}, {}] {} {} -> {} {}\n", operation.invoked,
                        operation.returned == history::never ? -1 : operation.returned, operation.f,
                        to_json(operation.argument), to_json(operation.result),
                        outcomes[static_cast<int>(operation.outcome)]);
  }
  return text;
}

}  // namespace sunder::checker
