#include "checker/isolation/random_transactions_test.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace sunder::checker::isolation::random_transactions_test {

namespace {

using history::Outcome;
using history::Position;
using small_history_test::Micro;
using small_history_test::Small;
using small_history_test::SmallHistory;
using stores_test::Kind;

bool is_list(Kind kind, int key) {
  return kind == Kind::lists || (kind == Kind::mixed && key % 2 == 1);
}

void forget_answers(Small& small) {
  for (auto& step : small.steps) {
    if (step.reads()) step = {Micro::Kind::unanswered, step.key, 0, {}};
  }
}

/// All written values of each key, in a random order.
std::map<int, std::vector<int>> shuffled_values(Random& random, const SmallHistory& history) {
  std::map<int, std::vector<int>> values;
  for (const auto& small : history) {
    for (const auto& step : small.steps) {
      if (step.writes()) values[step.key].push_back(step.value);
    }
  }
  const bool in_order = random.chance(50);
  for (auto& [key, all] : values) {
    for (std::size_t i = all.size(); i > 1 && !in_order; --i) {
      std::swap(all[i - 1], all[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
    }
  }
  return values;
}

void make_up(Random& random, Micro& step, std::vector<int> values) {
  if (step.kind == Micro::Kind::read_register) {
    const auto choice = static_cast<std::size_t>(random.below(static_cast<int>(values.size()) + 1));
    step.value = choice == 0 ? 0 : values[choice - 1];
    return;
  }
  if (!values.empty() && random.chance(10)) {
    values.erase(values.begin() + random.below(static_cast<int>(values.size())));
  }
  values.resize(static_cast<std::size_t>(random.below(static_cast<int>(values.size()) + 1)));
  step.list = std::move(values);
}

/// Each client one transaction after the other.
void set_times(Random& random, SmallHistory& history, int clients) {
  std::vector<Small*> open(static_cast<std::size_t>(clients), nullptr);
  Position now = 0;
  std::size_t next = 0;
  int next_process = clients;
  std::vector<int> processes;
  for (int i = 0; i < clients; ++i) processes.push_back(i);
  while (next < history.size() ||
         std::any_of(open.begin(), open.end(), [](const Small* each) { return each != nullptr; })) {
    const auto client = static_cast<std::size_t>(random.below(clients));
    if (open[client] != nullptr) {
      if (open[client]->outcome == Outcome::info) {
        processes[client] = next_process++;
      } else {
        open[client]->returned = now++;
      }
      open[client] = nullptr;
    } else if (next < history.size()) {
      open[client] = &history[next++];
      open[client]->process = processes[client];
      open[client]->invoked = now++;
    }
  }
}

SmallHistory garbage(Random& random, Kind kind) {
  SmallHistory history(static_cast<std::size_t>(2 + random.below(5)));
  const int keys = 1 + random.below(3);
  const int most_steps = 1 + random.below(4);
  const int info_percent = random.below(40);
  std::map<int, int> written;
  for (auto& small : history) {
    small.outcome = random.chance(info_percent) ? Outcome::info
                    : random.chance(8)          ? Outcome::fail
                                                : Outcome::ok;
    const int steps = 1 + random.below(most_steps);
    for (int i = 0; i < steps; ++i) {
      const int key = 1 + random.below(keys);
      if (random.chance(45)) {
        const auto f = is_list(kind, key) ? Micro::Kind::append : Micro::Kind::write;
        small.steps.push_back({f, key, ++written[key], {}});
      } else {
        const auto f = is_list(kind, key) ? Micro::Kind::read_list : Micro::Kind::read_register;
        small.steps.push_back({f, key, 0, {}});
      }
    }
  }
  const auto values = shuffled_values(random, history);
  for (auto& small : history) {
    if (small.outcome != Outcome::ok) forget_answers(small);
    for (auto& step : small.steps) {
      if (!step.reads()) continue;
      const auto all = values.find(step.key);
      make_up(random, step, all == values.end() ? std::vector<int>() : all->second);
    }
  }
  set_times(random, history, 1 + random.below(3));
  return history;
}

/// Changes one answer, or makes an answered transaction an unanswered or failed one.
void spoil(Random& random, SmallHistory& history) {
  auto& small = history[static_cast<std::size_t>(random.below(static_cast<int>(history.size())))];
  if (small.outcome != Outcome::ok) return;
  if (random.chance(25)) {
    small.outcome = Outcome::fail;
    forget_answers(small);
    return;
  }
  auto& step =
      small.steps[static_cast<std::size_t>(random.below(static_cast<int>(small.steps.size())))];
  if (step.kind == Micro::Kind::read_list && !step.list.empty()) step.list.pop_back();
  if (step.kind == Micro::Kind::read_register && step.value > 0) --step.value;
}

}  // namespace

SmallHistory random_transactions(Random& random, Kind kind) {
  if (random.chance(45)) return garbage(random, kind);
  stores_test::PlayShape shape;
  shape.transactions = 2 + random.below(5);
  shape.clients = 1 + random.below(3);
  shape.keys = 1 + random.below(3);
  shape.steps = 1 + random.below(4);
  shape.kind = kind;
  shape.info_percent = random.below(40);
  const auto store = random.below(static_cast<int>(stores_test::store_count));
  auto history = stores_test::play(random, static_cast<stores_test::Store>(store), shape);
  if (random.chance(40)) spoil(random, history);
  return history;
}

}  // namespace sunder::checker::isolation::random_transactions_test
