#include "checker/bench/generator_bench.h"

#include <algorithm>
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
          if (is_due()) {
            break_promise(client);
          } else if (invoked_ < shape_.operations) {
            invoke(client);
          }
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
  struct Client {
    std::int64_t process = 0;
    Phase phase = Phase::idle;
    Event event;
    bool crashes = false;
  };

  /// The value that the flaw is about: a new one, or of few the last one, which no crashed
  /// operation writes, so that none can explain the flaw.
  bool is_reserved(std::int64_t value) const { return value == shape_.domain - 1; }

  Value new_value(bool reserve) {
    if (shape_.domain == 0) return next_value_++;
    return static_cast<std::int64_t>(random_() % (shape_.domain - (reserve ? 1 : 0)));
  }

  void invoke(Client& client) {
    const auto crashes_so_far = invoked_ * shape_.crashed / shape_.operations;
    ++invoked_;
    client.crashes = invoked_ * shape_.crashed / shape_.operations > crashes_so_far;
    const bool reserve = client.crashes || is_waiting();
    const auto kind = random_() % 10;
    if (kind < 5) {
      begin(client, "read", {});
    } else if (kind < 8) {
      begin(client, "write", new_value(reserve));
    } else {
      begin(client, "cas", history::List{state_, new_value(reserve)});
    }
  }

  void begin(Client& client, std::string_view f, Value value) {
    auto& event = client.event;
    event = {};
    event.process = history::ProcessId{client.process};
    event.key = "k";
    event.f = f;
    event.value = std::move(value);
    write(event);
    client.phase = Phase::open;
  }

  void take_effect(Client& client) {
    auto& event = client.event;
    event.type = EventType::ok;
    if (event.f == "read") {
      event.value = state_;
    } else if (event.f == "write") {
      state_ = event.value;
    } else if (const auto& pair = *event.value.list(); pair[0] == state_) {
      state_ = Value(pair[1]);
    } else {
      event.type = EventType::fail;
    }
    client.phase = Phase::done;
  }

  void complete(Client& client) {
    ++completed_;
    client.phase = Phase::idle;
    if (!client.crashes) return write(client.event);
    // The process is never heard of again.
    client.process = next_process_++;
  }

  /// The flaw comes as soon as nobody has a write of the reserved value open.
  bool is_waiting() const {
    return shape_.flaw != Flaw::none && !is_flawed_ && completed_ > shape_.operations / 2;
  }

  bool is_due() const {
    return is_waiting() &&
           std::none_of(clients_.begin(), clients_.end(), [this](const Client& client) {
             return client.phase != Phase::idle && writes_reserved(client.event);
           });
  }

  bool writes_reserved(const Event& event) const {
    if (event.f == "read") return false;
    const auto* pair = event.value.list();
    return is_reserved(*(pair == nullptr ? event.value : (*pair)[1]).integer());
  }

  /// One client writes the reserved value, then another value, and reads the first: among whatever
  /// the others have open, and nobody else wrote the value that is read.
  void break_promise(Client& client) {
    client.crashes = false;
    const Value kept = shape_.domain == 0 ? Value(next_value_++) : Value(shape_.domain - 1);
    const Value lost = shape_.domain == 0 ? Value(next_value_++) : Value(0);
    for (const auto& value : {kept, lost}) {
      begin(client, "write", value);
      take_effect(client);
      complete(client);
    }
    const auto state = shape_.flaw == Flaw::lost_write ? kept : lost;
    state_ = kept;
    begin(client, "read", {});
    take_effect(client);
    complete(client);
    state_ = state;
    is_flawed_ = true;
  }

  void write(Event& event) {
    event.index = index_;
    event.time = history::Time{index_ * 1000};
    ++index_;
    history::append_json_line(buffer_, event);
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
  std::int64_t next_process_ = 0;
  std::int64_t next_value_ = 0;
  std::int64_t invoked_ = 0;
  std::int64_t completed_ = 0;
  std::int64_t index_ = 0;
  bool is_flawed_ = false;
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
