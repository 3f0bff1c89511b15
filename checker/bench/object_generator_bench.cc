#include "checker/bench/object_generator_bench.h"

#include <deque>
#include <fstream>
#include <stdexcept>
#include <string>

#include "checker/bench/client_objects_bench.h"
#include "checker/history/jsonl.h"

namespace sunder::checker::bench {

namespace {

using history::Event;
using history::EventType;
using history::List;
using history::Value;
using Calls = std::vector<BenchObject::Call>;

bool comes_up(Random& random, unsigned percent) {
  return random() % 100 < percent;
}

/// Unique elements; few reads, because each of them has all elements.
class Collection final : public BenchObject {
 public:
  explicit Collection(std::string_view update) : update_(update) {}
  void ask(Random& random, Event& event) override {
    event.f = random() % 10'000 == 0 ? "read" : std::string(update_);
    if (event.f != "read") event.value = next_++;
  }
  void answer(Random&, Event& event) override {
    if (event.f == "read") {
      event.value = elements_;
    } else {
      elements_.push_back(event.value);
    }
  }
  Calls flaw() override {
    const Value lost = next_++;
    return {{update_, lost, lost}, {"read", {}, elements_}};
  }
  Calls finish() override { return {{"read", {}, elements_}}; }

 private:
  std::string_view update_;
  std::int64_t next_ = 0;
  List elements_;
};

/// Elements that repeat.
class Repeating final : public BenchObject {
 public:
  void ask(Random& random, Event& event) override {
    event.f = random() % 10'000 == 0 ? "read" : "append";
    if (event.f != "read") event.value = static_cast<std::int64_t>(random() % 1'000);
  }
  void answer(Random&, Event& event) override {
    if (event.f == "read") {
      event.value = elements_;
    } else {
      elements_.push_back(event.value);
    }
  }
  Calls flaw() override { return {{"append", -1, -1}, {"read", {}, elements_}}; }
  Calls finish() override { return {{"read", {}, elements_}}; }

 private:
  List elements_;
};

class Text final : public BenchObject {
 public:
  void ask(Random& random, Event& event) override {
    event.f = comes_up(random, 40) ? "read" : comes_up(random, 80) ? "append" : "write";
    if (event.f != "read") event.value = next();
  }
  void answer(Random&, Event& event) override {
    if (event.f == "read") {
      event.value = text_;
    } else if (event.f == "write") {
      text_ = *event.value.text();
    } else {
      text_ += *event.value.text();
    }
  }
  Calls flaw() override {
    const auto written = next();
    const auto lost = next();
    text_ = written;
    return {{"write", written, written}, {"append", lost, lost}, {"read", {}, written}};
  }

 private:
  std::string next() { return std::to_string(next_++) + ","; }
  std::int64_t next_ = 0;
  std::string text_;
};

class Messages final : public BenchObject {
 public:
  explicit Messages(bool is_ordered) : is_ordered_(is_ordered) {}
  void ask(Random& random, Event& event) override {
    event.f = comes_up(random, 50) ? "dequeue" : "enqueue";
    if (event.f == "enqueue") event.value = next_++;
  }
  void answer(Random& random, Event& event) override {
    if (event.f == "enqueue") {
      waiting_.push_back(event.value);
    } else if (!waiting_.empty()) {
      if (!is_ordered_) std::swap(waiting_.front(), waiting_[random() % waiting_.size()]);
      event.value = waiting_.front();
      waiting_.pop_front();
    }
  }
  /// A message that comes out twice.
  Calls flaw() override {
    const Value twice = next_++;
    Calls calls = {{"enqueue", twice, twice}};
    for (; !waiting_.empty(); waiting_.pop_front()) {
      calls.push_back({"dequeue", {}, waiting_.front()});
    }
    calls.push_back({"dequeue", {}, twice});
    calls.push_back({"dequeue", {}, twice});
    return calls;
  }
  Calls finish() override {
    if (is_ordered_) return {};
    return {{"drain", {}, List(waiting_.begin(), waiting_.end())}};
  }

 private:
  bool is_ordered_;
  std::int64_t next_ = 0;
  std::deque<Value> waiting_;
};

class ObjectGenerator {
 public:
  ObjectGenerator(std::ostream& out, const ObjectRow& row, std::int64_t operations, int clients,
                  bool is_broken, std::uint64_t seed)
      : out_(out),
        row_(row),
        operations_(operations),
        is_broken_(is_broken),
        random_(seed),
        object_(row.make()),
        clients_(static_cast<std::size_t>(clients)) {
    for (auto& client : clients_) client.process = next_process_++;
  }

  void run() {
    while (completed_ < operations_) {
      auto& client = clients_[random_() % clients_.size()];
      if (client.phase == Phase::idle) {
        begin(client);
      } else if (client.phase == Phase::open) {
        client.event.type = EventType::ok;
        object_->answer(random_, client.event);
        client.phase = Phase::done;
      } else {
        complete(client);
      }
    }
    perform(object_->finish());
    flush();
  }

 private:
  enum class Phase { idle, open, done };
  struct Client {
    std::int64_t process = 0;
    Phase phase = Phase::idle;
    bool crashes = false;
    Event event;
  };

  void begin(Client& client) {
    if (invoked_ == operations_) return;
    if (is_broken_ && completed_ > operations_ / 2) {
      is_broken_ = false;
      return perform(object_->flaw());
    }
    const auto crashes_so_far = invoked_ * row_.crashed_per_mille / 1000;
    ++invoked_;
    client.crashes = invoked_ * row_.crashed_per_mille / 1000 > crashes_so_far;
    client.event = {};
    client.event.process = history::ProcessId{client.process};
    object_->ask(random_, client.event);
    write(client.event);
    client.phase = Phase::open;
  }

  void complete(Client& client) {
    ++completed_;
    client.phase = Phase::idle;
    if (!client.crashes) return write(client.event);
    // The process is never heard of again.
    client.process = next_process_++;
  }

  /// By a client of its own.
  void perform(const Calls& calls) {
    for (const auto& call : calls) {
      Event event;
      event.process = history::ProcessId{next_process_};
      event.f = call.f;
      event.value = call.value;
      write(event);
      event.type = EventType::ok;
      event.value = call.answer;
      write(event);
    }
    ++next_process_;
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
  const ObjectRow& row_;
  std::int64_t operations_;
  bool is_broken_;
  Random random_;
  std::unique_ptr<BenchObject> object_;
  std::vector<Client> clients_;
  std::string buffer_;
  std::int64_t next_process_ = 0;
  std::int64_t invoked_ = 0;
  std::int64_t completed_ = 0;
  std::int64_t index_ = 0;
};

std::unique_ptr<BenchObject> make_set() {
  return std::make_unique<Collection>("add");
}
std::unique_ptr<BenchObject> make_list() {
  return std::make_unique<Collection>("append");
}
std::unique_ptr<BenchObject> make_repeating() {
  return std::make_unique<Repeating>();
}
std::unique_ptr<BenchObject> make_text() {
  return std::make_unique<Text>();
}
std::unique_ptr<BenchObject> make_queue() {
  return std::make_unique<Messages>(true);
}
std::unique_ptr<BenchObject> make_bag() {
  return std::make_unique<Messages>(false);
}

}  // namespace

const std::vector<ObjectRow>& bench_objects() {
  static const auto rows = [] {
    std::vector<ObjectRow> all = {
        {"set", "set", 50, make_set},
        {"list-append", "list-append", 50, make_list},
        {"list-append", "repeating-list", 50, make_repeating},
        {"kv", "kv", 50, make_text},
        {"queue", "queue", 20, make_queue},
        {"unordered-queue", "unordered-queue", 50, make_bag},
    };
    const auto more = client_objects();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return rows;
}

void write_object_history(const std::filesystem::path& path, const ObjectRow& row,
                          std::int64_t operations, int clients, bool is_broken,
                          std::uint64_t seed) {
  if (row.write != nullptr) return row.write(path, operations, clients, is_broken, seed);
  std::ofstream out(path, std::ios::binary);
  ObjectGenerator(out, row, operations, clients, is_broken, seed).run();
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace sunder::checker::bench
