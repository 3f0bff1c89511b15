#include "checker/bench/isolation/transactions_bench.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace sunder::checker::bench {

namespace {

constexpr std::int64_t tangled_transactions = 2'000;

class TransactionWriter {
 public:
  TransactionWriter(std::ostream& out, const TransactionShape& shape)
      : out_(out), shape_(shape), random_(shape.seed), clients_(shape.clients) {
    for (auto& client : clients_) client.process = next_process_++;
    for (std::size_t slot = 0; slot < active_keys; ++slot) renew_key(slot);
  }

  void run() {
    while (completed_ < shape_.transactions) {
      auto& client = clients_[random_() % clients_.size()];
      if (client.phase == Phase::idle) {
        if (invoked_ < shape_.transactions) invoke(client);
      } else if (client.phase == Phase::open) {
        advance(client);
      } else {
        complete(client);
      }
    }
    flush();
  }

 private:
  enum class Phase { idle, open, done };
  enum class StepKind { read, write };
  static constexpr std::size_t active_keys = 10;
  static constexpr std::int64_t most_writes = 32;

  struct BenchStep {
    StepKind kind = StepKind::read;
    std::size_t key = 0;
    std::int64_t value = 0;
    /// What a read found.
    std::string found;
  };
  struct Client {
    std::int64_t process = 0;
    Phase phase = Phase::idle;
    std::vector<BenchStep> steps;
    std::size_t next_step = 0;
    bool is_odd = false;
    bool crashes = false;
  };
  struct StoredKey {
    std::int64_t writes = 0;
    /// As JSON without brackets; of a register, its value.
    std::string now;
    std::string before;
  };

  void renew_key(std::size_t slot) {
    slots_.resize(active_keys);
    slots_[slot] = keys_.size();
    keys_.emplace_back();
  }

  /// Mostly an active key, sometimes one that is written no more.
  std::size_t key_to_read() {
    if (random_() % 10 != 0) return slots_[random_() % active_keys];
    const auto recent = std::min<std::size_t>(keys_.size(), 3 * active_keys);
    return keys_.size() - 1 - random_() % recent;
  }

  bool is_odd_one() {
    switch (shape_.disorder) {
      case Disorder::none:
        return false;
      case Disorder::tangled: {
        const auto first = shape_.transactions / 2;
        return invoked_ >= first && invoked_ < first + tangled_transactions;
      }
      default:
        return random_() % 1000 == 0;
    }
  }

  void invoke(Client& client) {
    client.is_odd = is_odd_one();
    client.crashes = !client.is_odd && random_() % 1000 == 0;
    ++invoked_;
    client.steps.assign(static_cast<std::size_t>(shape_.steps), {});
    for (auto& step : client.steps) {
      if (random_() % 2 == 0) {
        step.key = key_to_read();
        continue;
      }
      const auto slot = random_() % active_keys;
      step.kind = StepKind::write;
      step.key = slots_[slot];
      step.value = ++keys_[step.key].writes;
      if (step.value >= most_writes) renew_key(slot);
    }
    client.next_step = 0;
    client.phase = Phase::open;
    write_event(client, "invoke");
    if (client.is_odd && shape_.disorder == Disorder::snapshot) read_early(client);
  }

  void read_early(Client& client) {
    for (auto& step : client.steps) {
      if (step.kind == StepKind::read) step.found = keys_[step.key].now;
    }
  }

  void advance(Client& client) {
    const bool alone = client.is_odd && shape_.disorder == Disorder::interleaved;
    do {
      perform(client, client.steps[client.next_step++]);
    } while (!alone && client.next_step < client.steps.size());
    if (client.next_step == client.steps.size()) client.phase = Phase::done;
  }

  void perform(const Client& client, BenchStep& step) {
    auto& key = keys_[step.key];
    if (step.kind == StepKind::write) {
      key.before = key.now;
      if (shape_.registers || key.now.empty()) {
        key.now = std::to_string(step.value);
      } else {
        fmt::format_to(std::back_inserter(key.now), ",{}", step.value);
      }
      return;
    }
    if (!client.is_odd) {
      step.found = key.now;
    } else if (shape_.disorder == Disorder::stale || shape_.disorder == Disorder::tangled) {
      step.found = random_() % 2 == 0 ? key.before : key.now;
    } else if (shape_.disorder != Disorder::snapshot) {
      step.found = key.now;
    }
  }

  void complete(Client& client) {
    const bool fails = client.is_odd && shape_.disorder == Disorder::aborted;
    write_event(client, client.crashes ? "info" : fails ? "fail" : "ok");
    if (client.crashes) client.process = next_process_++;
    client.phase = Phase::idle;
    ++completed_;
  }

  void write_event(const Client& client, std::string_view type) {
    fmt::format_to(std::back_inserter(text_),
                   R"({{"index":{},"time":{},"process":{},"type":"{}","f":"txn","value":[)", index_,
                   index_ * 1000, client.process, type);
    ++index_;
    for (const auto& step : client.steps) {
      if (&step != client.steps.data()) text_ += ',';
      write_step(step, type == "ok");
    }
    text_ += "]}\n";
    if (text_.size() > (1U << 20)) flush();
  }

  void write_step(const BenchStep& step, bool is_answered) {
    auto out = std::back_inserter(text_);
    if (step.kind == StepKind::write) {
      fmt::format_to(out, R"(["{}",{},{}])", shape_.registers ? "w" : "append", step.key,
                     step.value);
    } else if (!is_answered || (shape_.registers && step.found.empty())) {
      fmt::format_to(out, R"(["r",{},null])", step.key);
    } else if (shape_.registers) {
      fmt::format_to(out, R"(["r",{},{}])", step.key, step.found);
    } else {
      fmt::format_to(out, R"(["r",{},[{}]])", step.key, step.found);
    }
  }

  void flush() {
    out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    text_.clear();
  }

  std::ostream& out_;
  const TransactionShape& shape_;
  std::mt19937_64 random_;
  std::vector<Client> clients_;
  std::vector<StoredKey> keys_;
  /// The keys that are written.
  std::vector<std::size_t> slots_;
  std::int64_t next_process_ = 0;
  std::int64_t invoked_ = 0;
  std::int64_t completed_ = 0;
  std::int64_t index_ = 0;
  std::string text_;
};

}  // namespace

std::string_view name_of(Disorder disorder) {
  switch (disorder) {
    case Disorder::none:
      return "strict";
    case Disorder::stale:
      return "stale";
    case Disorder::aborted:
      return "aborted";
    case Disorder::interleaved:
      return "interleaved";
    case Disorder::snapshot:
      return "snapshot";
    case Disorder::tangled:
      return "tangled";
  }
  return "";
}

void write_transactions(const std::filesystem::path& path, const TransactionShape& shape) {
  std::ofstream out(path, std::ios::binary);
  TransactionWriter(out, shape).run();
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace sunder::checker::bench
