#include "checker/bench/client_objects_bench.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "checker/history/jsonl.h"

namespace sunder::checker::bench {

namespace {

using history::Event;
using history::EventType;
using history::Value;
using Dice = std::mt19937_64;

struct BenchClient {
  std::int64_t process = 0;
  std::string name;
  enum class Phase { idle, open, done } phase = Phase::idle;
  bool crashes = false;
  bool took_effect = false;
  /// Of a lock: it holds it, or may hold it.
  bool holds = false;
  Event event;
};

int below(Dice& dice, int bound) {
  return static_cast<int>(dice() % static_cast<std::uint64_t>(bound));
}

/// One object that the clients call.
class Benched {
 public:
  virtual ~Benched() = default;
  /// Sets `f` and the argument.
  virtual void ask(BenchClient& client, Dice& dice) = 0;
  /// Sets the type and the answer.
  virtual void take_effect(BenchClient& client) = 0;
  /// Whether the operation may crash, and whether it then may take effect.
  virtual bool may_crash(const BenchClient&, bool /*broken*/) const { return true; }
  virtual bool may_crash_with_effect(const BenchClient&) const { return true; }
  /// Whether it takes effect even if it crashes.
  virtual bool always_happens(const BenchClient&) const { return false; }
  virtual void completed(BenchClient&) {}
  /// Makes the answer wrong. False if this one cannot be made wrong.
  virtual bool spoil(BenchClient& client) = 0;
};

class BenchedLock final : public Benched {
 public:
  BenchedLock(bool is_owned, bool has_tokens) : is_owned_(is_owned), has_tokens_(has_tokens) {}

  void ask(BenchClient& client, Dice&) override {
    client.event.f = client.holds ? "release" : "acquire";
    if (is_owned_) client.event.value = Value(client.name);
  }
  void take_effect(BenchClient& client) override {
    auto& event = client.event;
    const bool acquires = event.f == "acquire";
    if (acquires && is_taken_) {
      event.type = EventType::fail;
      return;
    }
    is_taken_ = acquires;
    if (acquires && has_tokens_) event.value = ++token_;
    event.type = EventType::ok;
  }
  /// An acquire that took effect without an answer would hold the lock for ever; a crashed release
  /// of a lock without owners excuses every wrong answer behind it.
  bool may_crash(const BenchClient& client, bool broken) const override {
    return is_owned_ || !broken || client.event.f == "acquire";
  }
  bool may_crash_with_effect(const BenchClient& client) const override {
    return client.event.f == "release";
  }
  void completed(BenchClient& client) override {
    if (client.event.f == "release") {
      client.holds = client.event.type != EventType::ok && !client.took_effect;
    } else {
      client.holds = client.took_effect && client.event.type == EventType::ok;
    }
  }
  /// An acquire that was refused claims to have succeeded.
  bool spoil(BenchClient& client) override {
    auto& event = client.event;
    if (event.f != "acquire" || event.type != EventType::fail) return false;
    event.type = EventType::ok;
    if (has_tokens_) event.value = token_;
    return true;
  }

 private:
  bool is_owned_;
  bool has_tokens_;
  bool is_taken_ = false;
  std::int64_t token_ = 0;
};

class BenchedCounter final : public Benched {
 public:
  explicit BenchedCounter(std::vector<int> amounts) : amounts_(std::move(amounts)) {}

  void ask(BenchClient& client, Dice& dice) override {
    client.event.f = below(dice, 2) == 0 ? "read" : "add";
    if (client.event.f == "add") {
      client.event.value =
          amounts_[static_cast<std::size_t>(below(dice, static_cast<int>(amounts_.size())))];
    }
  }
  void take_effect(BenchClient& client) override {
    auto& event = client.event;
    event.type = EventType::ok;
    if (event.f == "add") {
      sum_ += *event.value.integer();
    } else {
      event.value = sum_;
    }
  }
  bool spoil(BenchClient& client) override {
    if (client.event.f != "read") return false;
    const bool goes_down =
        std::any_of(amounts_.begin(), amounts_.end(), [](int amount) { return amount < 0; });
    if (!goes_down && sum_ < 20) return false;
    // Below what all adds could give.
    client.event.value = goes_down ? -largest_sum : sum_ / 2;
    return true;
  }

 private:
  static constexpr std::int64_t largest_sum = 10'000'000;
  std::vector<int> amounts_;
  std::int64_t sum_ = 0;
};

/// Some 20 elements are in at any time.
class BenchedSet final : public Benched {
 public:
  void ask(BenchClient& client, Dice& dice) override {
    auto& event = client.event;
    const bool reads = below(dice, 2) == 0;
    if (reads) {
      event.f = "read";
    } else if (next_ - removed_ < 20) {
      event.f = "add";
      event.value = next_++;
    } else {
      event.f = "remove";
      event.value = removed_++;
    }
  }
  void take_effect(BenchClient& client) override {
    auto& event = client.event;
    event.type = EventType::ok;
    if (event.f == "add") {
      elements_.push_back(event.value);
    } else if (event.f == "remove") {
      std::erase(elements_, event.value);
    } else {
      event.value = elements_;
    }
  }
  /// An element whose only remove had no effect would stay for ever.
  bool always_happens(const BenchClient& client) const override {
    return client.event.f == "remove";
  }
  bool spoil(BenchClient& client) override {
    const auto* seen = client.event.value.list();
    if (client.event.f != "read" || seen == nullptr || seen->size() < 10) return false;
    auto lost = *seen;
    lost.erase(lost.begin() + 9);
    client.event.value = std::move(lost);
    return true;
  }

 private:
  history::List elements_;
  std::int64_t next_ = 0;
  std::int64_t removed_ = 0;
};

class BenchedBank final : public Benched {
 public:
  void ask(BenchClient& client, Dice& dice) override {
    auto& event = client.event;
    event.f = below(dice, 2) == 0 ? "read" : "transfer";
    if (event.f == "read") return;
    const int from = below(dice, accounts);
    const int to = (from + 1 + below(dice, accounts - 1)) % accounts;
    event.value = history::Object{{"from", from}, {"to", to}, {"amount", 1 + below(dice, 5)}};
  }
  void take_effect(BenchClient& client) override {
    auto& event = client.event;
    event.type = EventType::ok;
    if (event.f == "read") {
      history::Object seen;
      for (int i = 0; i < accounts; ++i) {
        seen.emplace_back(std::to_string(i), balances_[static_cast<std::size_t>(i)]);
      }
      event.value = std::move(seen);
      return;
    }
    auto& from = balances_[static_cast<std::size_t>(*event.value.integer("from"))];
    const auto amount = *event.value.integer("amount");
    if (from < amount) {
      event.type = EventType::fail;
      return;
    }
    from -= amount;
    balances_[static_cast<std::size_t>(*event.value.integer("to"))] += amount;
  }
  bool spoil(BenchClient& client) override {
    if (client.event.f != "read") return false;
    client.event.value.edit_object()->back().second = std::int64_t{1000};
    return true;
  }

 private:
  static constexpr int accounts = 5;
  std::array<std::int64_t, accounts> balances_{100, 100, 100, 100, 100};
};

class BenchedVersions final : public Benched {
 public:
  void ask(BenchClient& client, Dice& dice) override {
    client.event.f = below(dice, 2) == 0 ? "read" : "write";
    if (client.event.f == "write") client.event.value = next_++;
  }
  void take_effect(BenchClient& client) override {
    auto& event = client.event;
    event.type = EventType::ok;
    if (event.f == "write") {
      value_ = event.value;
      ++version_;
    } else {
      event.value = value_;
    }
    if (version_ == 0) return;
    event.answer.emplace();
    event.answer->revision = version_;
  }
  bool spoil(BenchClient& client) override {
    auto& event = client.event;
    if (event.f != "read" || version_ < 100) return false;
    event.answer->revision = version_ / 2;
    return true;
  }

 private:
  Value value_;
  std::int64_t version_ = 0;
  std::int64_t next_ = 0;
};

using MakeBenched = std::unique_ptr<Benched> (*)();

struct ClientShape {
  std::int64_t operations;
  int clients;
  int crash_percent;
  bool is_broken;
  std::uint64_t seed;
};

class ClientGenerator {
 public:
  ClientGenerator(std::ostream& out, const ClientShape& shape, std::unique_ptr<Benched> object)
      : out_(out),
        shape_(shape),
        dice_(shape.seed),
        object_(std::move(object)),
        clients_(static_cast<std::size_t>(shape.clients)) {
    for (auto& client : clients_) rename(client);
  }

  void run() {
    while (completed_ < shape_.operations) {
      auto& client = clients_[dice_() % clients_.size()];
      if (client.phase == BenchClient::Phase::idle) {
        if (invoked_ < shape_.operations) invoke(client);
      } else if (client.phase == BenchClient::Phase::open) {
        client.phase = BenchClient::Phase::done;
        const bool happens = !client.crashes || object_->always_happens(client) ||
                             (object_->may_crash_with_effect(client) && below(dice_, 2) == 0);
        client.took_effect = happens;
        if (happens) object_->take_effect(client);
      } else {
        complete(client);
      }
    }
    out_ << buffer_;
  }

 private:
  /// The name stays the process's, so that no owner goes on after a crash.
  void rename(BenchClient& client) {
    client.process = next_process_++;
    client.name = fmt::format("c{}", client.process);
  }

  void invoke(BenchClient& client) {
    ++invoked_;
    client.event = {};
    client.event.process = history::ProcessId{client.process};
    object_->ask(client, dice_);
    client.crashes =
        below(dice_, 100) < shape_.crash_percent && object_->may_crash(client, shape_.is_broken);
    write(client.event);
    client.phase = BenchClient::Phase::open;
  }

  void complete(BenchClient& client) {
    ++completed_;
    client.phase = BenchClient::Phase::idle;
    object_->completed(client);
    if (client.crashes) {
      // A lock whose holder is gone would never be free again.
      const bool still_holds = client.event.f == "release" && !client.took_effect;
      if (still_holds) object_->take_effect(client);
      client.holds = false;
      return rename(client);
    }
    const bool is_due = shape_.is_broken && !is_broken_ && completed_ > shape_.operations / 2;
    if (is_due) is_broken_ = object_->spoil(client);
    write(client.event);
  }

  void write(Event& event) {
    event.index = index_;
    event.time = history::Time{index_ * 1000};
    ++index_;
    history::append_json_line(buffer_, event);
    if (buffer_.size() < (1U << 20)) return;
    out_ << buffer_;
    buffer_.clear();
  }

  std::ostream& out_;
  const ClientShape& shape_;
  Dice dice_;
  std::unique_ptr<Benched> object_;
  std::vector<BenchClient> clients_;
  std::string buffer_;
  std::int64_t next_process_ = 0;
  std::int64_t invoked_ = 0;
  std::int64_t completed_ = 0;
  std::int64_t index_ = 0;
  bool is_broken_ = false;
};

template <MakeBenched make>
void write_of(const std::filesystem::path& path, std::int64_t operations, int clients,
              bool is_broken, std::uint64_t seed) {
  constexpr int crash_percent = 5;
  std::ofstream out(path, std::ios::binary);
  ClientGenerator(out, {operations, clients, crash_percent, is_broken, seed}, make()).run();
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::unique_ptr<Benched> make_mutex() {
  return std::make_unique<BenchedLock>(false, false);
}
std::unique_ptr<Benched> make_owned_mutex() {
  return std::make_unique<BenchedLock>(true, false);
}
std::unique_ptr<Benched> make_fenced_mutex() {
  return std::make_unique<BenchedLock>(true, true);
}
std::unique_ptr<Benched> make_counter() {
  return std::make_unique<BenchedCounter>(std::vector{1});
}
std::unique_ptr<Benched> make_mixed_counter() {
  return std::make_unique<BenchedCounter>(std::vector{1, 2, 3, 4, 5});
}
std::unique_ptr<Benched> make_signed_counter() {
  return std::make_unique<BenchedCounter>(std::vector{1, 2, 3, -1, -2});
}
std::unique_ptr<Benched> make_set_with_remove() {
  return std::make_unique<BenchedSet>();
}
std::unique_ptr<Benched> make_bank() {
  return std::make_unique<BenchedBank>();
}
std::unique_ptr<Benched> make_versions() {
  return std::make_unique<BenchedVersions>();
}

}  // namespace

std::vector<ObjectRow> client_objects() {
  return {
      {"mutex", "mutex", 50, nullptr, write_of<make_mutex>},
      {"semaphore", "semaphore", 50, nullptr, write_of<make_mutex>},
      {"owned-mutex", "owned-mutex", 50, nullptr, write_of<make_owned_mutex>},
      {"fenced-mutex", "fenced-mutex", 50, nullptr, write_of<make_fenced_mutex>},
      {"counter", "counter", 50, nullptr, write_of<make_counter>},
      {"counter", "mixed-counter", 50, nullptr, write_of<make_mixed_counter>},
      {"counter", "signed-counter", 50, nullptr, write_of<make_signed_counter>},
      {"set", "set-with-remove", 50, nullptr, write_of<make_set_with_remove>},
      {"bank", "bank", 50, nullptr, write_of<make_bank>},
      {"versioned-register", "versions", 50, nullptr, write_of<make_versions>},
  };
}

}  // namespace sunder::checker::bench
