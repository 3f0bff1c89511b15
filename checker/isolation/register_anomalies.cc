#include "checker/isolation/register_anomalies.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace sunder::checker::isolation {
namespace {

class RegisterAnomalies {
 public:
  RegisterAnomalies(const Transactions& transactions, const ListOrders& orders,
                    const RegisterFacts& facts, const Wording& wording, Anomalies& found)
      : transactions_(transactions),
        orders_(orders),
        facts_(facts),
        wording_(wording),
        found_(found),
        known_(transactions.keys.size()) {}

  void find() {
    const auto& all = transactions_.transactions;
    for (TransactionId id = 0; id < all.size(); ++id) {
      if (all[id].outcome != history::Outcome::ok) continue;
      for (const Step& step : transactions_.steps_of(all[id])) {
        const bool is_read = step.kind == Step::Kind::read_register;
        if (!is_read && step.kind != Step::Kind::write) continue;
        KnownValue& known = known_[step.key];
        if (known.id != id) known = {id, nullptr};
        if (is_read) look_at_read(id, step, known);
        known.step = &step;
      }
    }
    find_lost_updates();
  }

 private:
  /// The last step of a transaction on a key.
  struct KnownValue {
    TransactionId id = nobody;
    const Step* step = nullptr;
  };

  void add(const char* name, KeyId key, Model model, std::vector<TransactionId> ids,
           const auto& sentence) {
    found_.add(name, transactions_.keys[key].name, {{model, Order::values}}, [&] {
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      Anomaly anomaly;
      anomaly.transactions = ids;
      anomaly.sentence = sentence();
      return anomaly;
    });
  }

  std::string write_of(TransactionId writer, const Step& read) const {
    return fmt::format("{}'s write of {}", transaction_name(writer),
                       wording_.value(read.key, read.value));
  }

  void look_at_read(TransactionId id, const Step& read, const KnownValue& known) {
    if (known.step != nullptr && known.step->value != read.value) {
      add("internal", read.key, Model::read_atomic, {id}, [&] {
        const bool is_write = known.step->kind == Step::Kind::write;
        return fmt::format("{} contradicts its {} of {} before", wording_.step(id, read),
                           is_write ? "own write" : "read",
                           wording_.value(read.key, known.step->value));
      });
    }
    if (read.value == initial) return;
    const TransactionId writer = orders_.writer_of(read.key, read.value);
    if (writer == nobody) {
      add("garbage", read.key, Model::read_uncommitted, {id},
          [&] { return fmt::format("{} saw a value that nobody wrote", wording_.step(id, read)); });
    } else if (transactions_.transactions[writer].outcome == history::Outcome::fail) {
      add("G1a", read.key, Model::read_committed, {id, writer}, [&] {
        return fmt::format("{} saw {}, although {} failed", wording_.step(id, read),
                           write_of(writer, read), transaction_name(writer));
      });
    } else if (writer == id) {
      look_for_later_write(id, read);
    } else if (orders_.is_intermediate(read.key, read.value)) {
      add("G1b", read.key, Model::read_committed, {id, writer}, [&] {
        return fmt::format("{} saw {}, after which {} wrote the key once more",
                           wording_.step(id, read), write_of(writer, read),
                           transaction_name(writer));
      });
    }
  }

  void look_for_later_write(TransactionId id, const Step& read) {
    const auto steps = transactions_.steps_of(transactions_.transactions[id]);
    const bool is_later = std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
      return &step > &read && step.kind == Step::Kind::write && step.key == read.key &&
             step.value == read.value;
    });
    if (!is_later) return;
    add("future-read", read.key, Model::read_committed, {id}, [&] {
      return fmt::format("{} saw its own write of {}, which came later", wording_.step(id, read),
                         wording_.value(read.key, read.value));
    });
  }

  /// Two transactions that read one version and both wrote the key.
  void find_lost_updates() {
    const auto keys = facts_.open_keys(
        [&](const RegisterRead& read) { return facts_.writes(read.reader, read.key); });
    for (const OpenKey& key : keys) {
      look_for_lost_updates(key, key.initial_readers, initial);
      for (std::size_t version = 0; version < key.writers.size(); ++version) {
        look_for_lost_updates(key, key.readers_of(version), last_write(key, version));
      }
    }
  }

  ValueId last_write(const OpenKey& key, std::size_t version) const {
    const TransactionId id = facts_.ids()[key.writers[version]];
    ValueId value = initial;
    for (const Step& step : transactions_.steps_of(transactions_.transactions[id])) {
      if (step.kind == Step::Kind::write && step.key == key.key) value = step.value;
    }
    return value;
  }

  void look_for_lost_updates(const OpenKey& key, std::span<const Node> readers, ValueId value) {
    for (std::size_t i = 1; i < readers.size(); ++i) {
      const TransactionId first = facts_.ids()[readers[0]];
      const TransactionId second = facts_.ids()[readers[i]];
      add("lost-update", key.key, Model::cursor_stability, {first, second}, [&] {
        return fmt::format("{} and {} both read {} at key {} and wrote the key",
                           transaction_name(first), transaction_name(second),
                           wording_.value(key.key, value), wording_.key(key.key));
      });
    }
  }

  const Transactions& transactions_;
  const ListOrders& orders_;
  const RegisterFacts& facts_;
  const Wording& wording_;
  Anomalies& found_;
  std::vector<KnownValue> known_;
};

}  // namespace

void find_register_anomalies(const Transactions& transactions, const ListOrders& orders,
                             const RegisterFacts& facts, const Wording& wording, Anomalies& found) {
  RegisterAnomalies(transactions, orders, facts, wording, found).find();
}

}  // namespace sunder::checker::isolation
