#include "checker/bench/generator_bench.h"

#include <deque>
#include <fstream>
#include <random>
#include <stdexcept>
#include <vector>

#include "checker/history/jsonl.h"

namespace sunder::checker::bench {

namespace {

using history::Event;
using history::EventType;
using history::Value;

/// How many overwritten values a stale read goes back.
constexpr std::size_t stale_by = 3;

class Generator {
 public:
  Generator(std::ostream& out, const Shape& shape)
      : out_(out), shape_(shape), random_(shape.seed), clients_(shape.clients) {
    for (auto& client : clients_) client.process = next_process_++;
  }

  void run() {
    while (completed_ < shape_.operations) {
      auto& client = clients_[random_() % clients_.size()];
      switch (client.phase) {
        case Phase::idle:
          if (invoked_ < shape_.operations) invoke(client);
          break;
        case Phase::open:
          take_effect(client);
          break;
        case Phase::done:
          complete(client);
          break;
      }
    }
    flush();
  }

 private:
  enum class Phase { idle, open, done };
  /// Where the lost write is, until a read has noticed.
  enum class Lost { no, unanswered, answered };
  struct Client {
    std::int64_t process = 0;
    Phase phase = Phase::idle;
    Event event;
    bool crashes = false;
    /// Invoked after the lost write was answered.
    bool could_notice = false;
  };

  Value new_value() {
    return shape_.domain == 0 ? Value(next_value_++)
                              : Value(static_cast<std::int64_t>(random_() % shape_.domain));
  }

  void invoke(Client& client) {
    auto& event = client.event;
    event = {};
    event.process = history::ProcessId{client.process};
    event.key = "k";
    client.could_notice = lost_ == Lost::answered;
    const auto kind = random_() % 10;
    if (kind < 5) {
      event.f = "read";
    } else if (kind < 8) {
      event.f = "write";
      event.value = new_value();
    } else {
      event.f = "cas";
      event.value = history::List{state_, new_value()};
    }
    const auto crashes_so_far = invoked_ * shape_.crashed / shape_.operations;
    ++invoked_;
    client.crashes = invoked_ * shape_.crashed / shape_.operations > crashes_so_far;
    write(client, EventType::invoke);
    client.phase = Phase::open;
  }

  void take_effect(Client& client) {
    auto& event = client.event;
    auto type = EventType::ok;
    if (event.f == "read") {
      event.value = is_due(Flaw::stale_read) && past_.size() > stale_by ? past_.front() : state_;
      if (event.value != state_) is_flawed_ = true;
      if (client.could_notice && !client.crashes) lost_ = Lost::no;
    } else if (event.f == "write") {
      if (is_due(Flaw::lost_write) && !client.crashes && event.index > settled_at_) {
        is_flawed_ = true;
        lost_ = Lost::unanswered;
        losing_ = &client;
      } else {
        change_to(event.value, client);
      }
    } else if (const auto& pair = *event.value.list(); pair[0] == state_) {
      change_to(Value(pair[1]), client);
    } else {
      type = EventType::fail;
    }
    event.type = type;
    client.phase = Phase::done;
  }

  void complete(Client& client) {
    ++completed_;
    client.phase = Phase::idle;
    if (&client == changed_by_) {
      settled_at_ = client.crashes ? unsettled : index_;
      changed_by_ = nullptr;
    }
    if (&client == losing_ && lost_ == Lost::unanswered) lost_ = Lost::answered;
    if (!client.crashes) return write(client, client.event.type);
    // The process is never heard of again.
    client.process = next_process_++;
  }

  void change_to(Value value, const Client& client) {
    changed_by_ = &client;
    settled_at_ = unsettled;
    past_.push_back(std::move(state_));
    if (past_.size() > 1 + static_cast<std::size_t>(shape_.clients) * stale_by) past_.pop_front();
    state_ = std::move(value);
  }

  /// Nothing overwrites what a lost write should have left, until a read has noticed the loss.
  bool is_held_back(const Client& client) {
    if (lost_ == Lost::no || client.event.f == "read") return false;
    constexpr int patience = 100'000;  // for the case that all clients wait
    if (++held_back_ > patience) lost_ = Lost::no;
    return lost_ != Lost::no;
  }

  bool is_due(Flaw flaw) const {
    return shape_.flaw == flaw && !is_flawed_ && completed_ > shape_.operations / 2;
  }

  void write(Client& client, EventType type) {
    const auto answer = client.event.type;
    client.event.type = type;
    client.event.index = index_;
    client.event.time = history::Time{index_ * 1000};
    ++index_;
    history::append_json_line(buffer_, client.event);
    client.event.type = answer;
    if (buffer_.size() > (1U << 20)) flush();
  }

  void flush() {
    out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }

  std::ostream& out_;
  const Shape& shape_;
  std::mt19937_64 random_;
  std::vector<Client> clients_;
  std::string buffer_;
  Value state_;
  /// The values before the present one, oldest first.
  std::deque<Value> past_;
  std::int64_t next_process_ = 0;
  std::int64_t next_value_ = 0;
  std::int64_t invoked_ = 0;
  std::int64_t completed_ = 0;
  std::int64_t index_ = 0;
  /// Who made the present value, while that call is open, and when it was answered: a write that is
  /// invoked later can only come behind it.
  static constexpr std::int64_t unsettled = INT64_MAX;
  const Client* changed_by_ = nullptr;
  std::int64_t settled_at_ = unsettled;
  int held_back_ = 0;
  bool is_flawed_ = false;
  Lost lost_ = Lost::no;
  const Client* losing_ = nullptr;
};

}  // namespace

std::string_view name_of(Flaw flaw) {
  switch (flaw) {
    case Flaw::none:
      return "none";
    case Flaw::stale_read:
      return "stale read";
    case Flaw::lost_write:
      return "lost write";
  }
  return "";
}

void write_history(const std::filesystem::path& path, const Shape& shape) {
  std::ofstream out(path, std::ios::binary);
  Generator(out, shape).run();
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace sunder::checker::bench
