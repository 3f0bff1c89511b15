#include "checker/isolation/direct_anomalies.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

namespace sunder::checker::isolation {

namespace {

using history::Outcome;

/// What a transaction knows of a key at one of its steps.
struct Known {
  TransactionId id = nobody;
  /// Its last read of the key, if any.
  const Step* read = nullptr;
  /// Its appends since then.
  std::vector<ValueId> appended;
};

class DirectAnomalies {
 public:
  DirectAnomalies(const Transactions& transactions, const ListOrders& orders,
                  const Wording& wording, Anomalies& found)
      : transactions_(transactions),
        orders_(orders),
        wording_(wording),
        found_(found),
        known_(transactions.keys.size()),
        shown_(transactions.keys.size(), 0) {}

  void find() {
    const auto& all = transactions_.transactions;
    for (TransactionId id = 0; id < all.size(); ++id) {
      if (all[id].outcome != Outcome::ok) continue;
      const auto steps = transactions_.steps_of(all[id]);
      for (const auto& step : steps) {
        if (step.kind == Step::Kind::append) note_append(id, step);
        if (step.kind == Step::Kind::read_list) look_at_read(id, step, steps);
      }
    }
  }

 private:
  std::string append_of(TransactionId writer, const Step& read, ValueId value) const {
    return fmt::format("{}'s append of {}", transaction_name(writer),
                       wording_.value(read.key, value));
  }

  void add(const char* name, KeyId key, std::vector<Level> rules_out,
           std::vector<TransactionId> ids, const auto& sentence) {
    found_.add(name, transactions_.keys[key].name, std::move(rules_out), [&] {
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      Anomaly anomaly;
      anomaly.transactions = std::move(ids);
      anomaly.sentence = sentence();
      return anomaly;
    });
  }

  void look_at_read(TransactionId id, const Step& read, std::span<const Step> steps) {
    look_at_elements(id, read);
    look_at_last_element(id, read);
    look_at_later_appends(id, read, steps);
    look_at_own_steps(id, read);
  }

  /// Each place of the longest list is looked at once, with the first read that shows it.
  void look_at_elements(TransactionId id, const Step& read) {
    const auto list = transactions_.list_of(read);
    const auto longest = orders_.longest_read(read.key);
    const bool is_prefix =
        list.data() == longest.data() || std::equal(list.begin(), list.end(), longest.begin());
    if (!is_prefix) {
      look_at_misfit(id, read);
      for (std::size_t i = 0; i < list.size(); ++i) look_at_element(id, read, i);
      look_for_duplicates(id, read);
      return;
    }
    auto& shown = shown_[read.key];
    if (read.length <= shown) return;
    for (auto i = shown; i < read.length; ++i) look_at_element(id, read, i);
    if (orders_.is_disputed(read.key)) look_for_duplicates(id, read);
    look_for_dirty_updates(id, read, shown);
    shown = read.length;
  }

  void look_at_element(TransactionId id, const Step& read, std::size_t place) {
    const auto value = transactions_.list_of(read)[place];
    const auto writer = orders_.writer_of(read.key, value);
    if (writer == nobody) {
      add("garbage", read.key, {{Model::read_uncommitted, Order::values}}, {id}, [&] {
        return fmt::format("{} has {}, which nobody appended", wording_.step(id, read),
                           wording_.value(read.key, value));
      });
    } else if (transactions_.transactions[writer].outcome == Outcome::fail) {
      add("G1a", read.key, {{Model::read_committed, Order::values}}, {id, writer}, [&] {
        return fmt::format("{} saw {}, although {} failed", wording_.step(id, read),
                           append_of(writer, read, value), transaction_name(writer));
      });
    } else if (orders_.is_continuation(read.key, value)) {
      look_at_continuation(id, read, place, writer);
    }
  }

  /// The version in which an append is has the ones before it of the same transaction in front.
  void look_at_continuation(TransactionId id, const Step& read, std::size_t place,
                            TransactionId writer) {
    const auto list = transactions_.list_of(read);
    ValueId before = initial;
    const auto& transaction = transactions_.transactions[writer];
    for (const auto& step : transactions_.steps_of(transaction)) {
      if (step.kind != Step::Kind::append || step.key != read.key) continue;
      if (step.value == list[place]) break;
      before = step.value;
    }
    const auto front = list.first(place);
    if (std::find(front.rbegin(), front.rend(), before) != front.rend()) return;
    // An unanswered transaction may have aborted. Reads that disagree show no order of versions.
    const bool is_certain = transaction.outcome == Outcome::ok && !orders_.is_disputed(read.key);
    const auto model = is_certain ? Model::read_uncommitted : Model::read_committed;
    add("misordered-elements", read.key, {{model, Order::values}}, {id, writer}, [&] {
      return fmt::format("{} has {}, but not in front of it {}", wording_.step(id, read),
                         append_of(writer, read, list[place]), append_of(writer, read, before));
    });
  }

  void look_for_duplicates(TransactionId id, const Step& read) {
    std::unordered_set<ValueId> seen;
    for (const auto value : transactions_.list_of(read)) {
      if (seen.insert(value).second) continue;
      add("duplicate-elements", read.key, {{Model::read_uncommitted, Order::values}}, {id}, [&] {
        return fmt::format("{} has {} twice", wording_.step(id, read),
                           wording_.value(read.key, value));
      });
      return;
    }
  }

  /// An append of a transaction that failed, and behind it one of a transaction that did not.
  void look_for_dirty_updates(TransactionId id, const Step& read, std::uint32_t from) {
    const auto list = transactions_.list_of(read);
    for (auto i = std::max(from, 1U); i < read.length; ++i) {
      const auto before = orders_.writer_of(read.key, list[i - 1]);
      const auto writer = orders_.writer_of(read.key, list[i]);
      if (before == nobody || writer == nobody) continue;
      if (transactions_.transactions[before].outcome != Outcome::fail) continue;
      if (transactions_.transactions[writer].outcome == Outcome::fail) continue;
      add("dirty-update", read.key, {{Model::read_committed, Order::values}}, {id, before, writer},
          [&] {
            return fmt::format("{} shows that {} was built on {}, although {} failed",
                               wording_.step(id, read), append_of(writer, read, list[i]),
                               append_of(before, read, list[i - 1]), transaction_name(before));
          });
    }
  }

  void look_at_misfit(TransactionId id, const Step& read) {
    add("incompatible-order", read.key, {{Model::read_committed, Order::values}},
        {id, reader_of_longest(read.key)}, [&] {
          const auto other = reader_of_longest(read.key);
          return fmt::format("{} and {}'s read of {} are no prefixes of one list",
                             wording_.step(id, read), transaction_name(other),
                             wording_.list(read.key, orders_.longest_read(read.key)));
        });
  }

  TransactionId reader_of_longest(KeyId key) const {
    const auto longest = orders_.longest_read(key);
    const auto& all = transactions_.transactions;
    for (TransactionId id = 0; id < all.size(); ++id) {
      for (const auto& step : transactions_.steps_of(all[id])) {
        if (step.kind != Step::Kind::read_list || step.key != key) continue;
        const auto list = transactions_.list_of(step);
        if (list.data() == longest.data() && list.size() == longest.size()) return id;
      }
    }
    return nobody;
  }

  void look_at_last_element(TransactionId id, const Step& read) {
    if (read.length == 0) return;
    const auto last = transactions_.list_of(read).back();
    const auto writer = orders_.writer_of(read.key, last);
    if (writer == nobody || writer == id || !orders_.is_intermediate(read.key, last)) return;
    add("G1b", read.key, {{Model::read_committed, Order::values}}, {id, writer}, [&] {
      return fmt::format("{} ends with {}, which appends to the key once more",
                         wording_.step(id, read), append_of(writer, read, last));
    });
  }

  void look_at_later_appends(TransactionId id, const Step& read, std::span<const Step> steps) {
    if (read.length == 0) return;
    const auto list = transactions_.list_of(read);
    for (const auto* later = &read + 1; later != steps.data() + steps.size(); ++later) {
      if (later->kind != Step::Kind::append || later->key != read.key) continue;
      // Most lists end with somebody else's append.
      const auto place = orders_.place_of(later->key, later->value);
      const bool sees = orders_.fits(read)
                            ? place != 0 && place <= read.length
                            : std::find(list.begin(), list.end(), later->value) != list.end();
      if (!sees) continue;
      add("future-read", read.key, {{Model::read_committed, Order::values}}, {id}, [&] {
        return fmt::format("{} has {}, which the transaction appends after the read",
                           wording_.step(id, read), wording_.value(read.key, later->value));
      });
      return;
    }
  }

  Known& known_of(TransactionId id, KeyId key) {
    auto& known = known_[key];
    if (known.id == id) return known;
    known.id = id;
    known.read = nullptr;
    known.appended.clear();
    return known;
  }

  void note_append(TransactionId id, const Step& append) {
    known_of(id, append.key).appended.push_back(append.value);
  }

  void look_at_own_steps(TransactionId id, const Step& read) {
    auto& known = known_of(id, read.key);
    if (!agrees(known, read)) {
      add("internal", read.key, {{Model::read_atomic, Order::values}}, {id},
          [&] { return contradiction(id, known, read); });
    }
    known.read = &read;
    known.appended.clear();
  }

  bool agrees(const Known& known, const Step& read) const {
    const auto list = transactions_.list_of(read);
    const auto& own = known.appended;
    if (list.size() < own.size()) return false;
    if (!std::equal(own.begin(), own.end(), list.end() - static_cast<std::ptrdiff_t>(own.size()))) {
      return false;
    }
    if (known.read == nullptr) return true;
    const auto before = transactions_.list_of(*known.read);
    if (before.size() + own.size() != list.size()) return false;
    return before.data() == list.data() || std::equal(before.begin(), before.end(), list.begin());
  }

  std::string contradiction(TransactionId id, const Known& known, const Step& read) const {
    if (known.appended.empty()) {
      return fmt::format("{} contradicts its read of {} before", wording_.step(id, read),
                         wording_.list(read.key, transactions_.list_of(*known.read)));
    }
    return fmt::format("{} contradicts its own append of {} before", wording_.step(id, read),
                       wording_.value(read.key, known.appended.back()));
  }

  const Transactions& transactions_;
  const ListOrders& orders_;
  const Wording& wording_;
  Anomalies& found_;
  std::vector<Known> known_;
  /// Of each key: how many places of its longest list were looked at.
  std::vector<std::uint32_t> shown_;
};

}  // namespace

void find_direct_anomalies(const Transactions& transactions, const ListOrders& orders,
                           const Wording& wording, Anomalies& found) {
  DirectAnomalies(transactions, orders, wording, found).find();
}

}  // namespace sunder::checker::isolation
