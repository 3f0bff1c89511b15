#include "checker/isolation/version_anomalies.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace sunder::checker::isolation {

namespace {

/// A read of a key, by the place of its step.
struct PlacedRead {
  KeyId key = 0;
  std::uint32_t place = 0;
  const Step* step = nullptr;
};

/// A read that saw a transaction, and one that missed another append of it.
struct FracturedRead {
  TransactionId reader = 0;
  TransactionId writer = 0;
  const Step* saw = nullptr;
  const Step* missed = nullptr;
};

class VersionSearch {
 public:
  VersionSearch(const Transactions& transactions, const ListOrders& orders, const Wording& wording,
                Anomalies& found)
      : transactions_(transactions),
        orders_(orders),
        wording_(wording),
        found_(found),
        first_append_(transactions.keys.size(), {nobody, 0}) {}

  VersionAnomalies find(std::span<const TransactionId> suspects) {
    for (const auto id : suspects) {
      if (transactions_.transactions[id].outcome != history::Outcome::ok) continue;
      look_at_updates(id);
      look_at_halves(id);
    }
    for (const auto& [version, writers] : updates_) {
      for (std::size_t i = 1; i < writers.size(); ++i) {
        add_lost_update(version.first, writers[0], writers[i]);
      }
    }
    add_fractured_reads();
    return result_;
  }

 private:
  /// A key, and how long the list was that was read.
  using Version = std::pair<KeyId, std::uint32_t>;

  std::span<const Step> steps_of(TransactionId id) const {
    return transactions_.steps_of(transactions_.transactions[id]);
  }
  const std::string& name(KeyId key) const { return transactions_.keys[key].name; }

  /// Calls take(read, append) for each read of others' versions of a key that the transaction
  /// appends to, with its first append.
  template <typename Take>
  void for_each_update(TransactionId id, Take take) {
    const auto steps = steps_of(id);
    for (const auto& step : steps) {
      if (step.kind != Step::Kind::append || first_append_[step.key].first == id) continue;
      first_append_[step.key] = {id, &step};
    }
    for (const auto& step : steps) {
      const auto [writer, append] = first_append_[step.key];
      const bool is_update = step.kind == Step::Kind::read_list && writer == id;
      if (is_update && orders_.fits(step) && !ends_with_own(id, step)) take(step, *append);
    }
  }

  bool ends_with_own(TransactionId id, const Step& read) const {
    return read.length > 0 && orders_.writer_of(read.key, transactions_.list_of(read).back()) == id;
  }

  void look_at_updates(TransactionId id) {
    std::vector<std::pair<const Step*, TransactionId>> overtaken;
    for_each_update(id, [&](const Step& read, const Step&) {
      const auto behind = orders_.writer_behind(read.key, read.length);
      if (behind == id || (behind == nobody && orders_.is_disputed(read.key))) return;
      auto& writers = updates_[{read.key, read.length}];
      if (writers.empty() || writers.back() != id) writers.push_back(id);
      if (behind != nobody) {
        overtaken.emplace_back(&read, behind);
      } else if (orders_.unobserved(read.key).size() > 1) {
        result_.cursors_are_open = true;
      }
    });
    for (const auto& [read, behind] : overtaken) {
      add_cursor(id, behind, *read);
      bool same_version = false;
      for_each_update(behind,
                      [&, length = read->length, key = read->key](const Step& other, const Step&) {
                        same_version = same_version || (other.key == key && other.length == length);
                      });
      if (!same_version) continue;
      auto& writers = updates_[{read->key, read->length}];
      if (std::find(writers.begin(), writers.end(), behind) == writers.end()) {
        writers.insert(writers.begin(), behind);
      }
    }
  }

  void add_cursor(TransactionId id, TransactionId behind, const Step& read) {
    found_.add("G-cursor", name(read.key), {{Model::cursor_stability, Order::values}}, [&] {
      return cycle({{EdgeKind::rw, id, behind, read.key}, {EdgeKind::ww, behind, id, read.key}},
                   Model::cursor_stability);
    });
  }

  void add_lost_update(KeyId key, TransactionId one, TransactionId other) {
    found_.add("lost-update", name(key), {{Model::cursor_stability, Order::values}}, [&] {
      const Step* read = nullptr;
      std::vector<std::string> appends;
      for (const auto id : {one, other}) {
        for_each_update(id, [&](const Step& each, const Step& append) {
          if (each.key != key) return;
          read = &each;
          appends.push_back(wording_.step_alone(id, append));
        });
      }
      Anomaly anomaly;
      anomaly.transactions = {std::min(one, other), std::max(one, other)};
      anomaly.sentence =
          fmt::format("{} and {} both read {} at key {}, and both appended to it: {}, {}",
                      transaction_name(one), transaction_name(other),
                      wording_.list(key, transactions_.list_of(*read)), wording_.key(key),
                      appends.front(), appends.back());
      return anomaly;
    });
  }

  Anomaly cycle(const Cycle& edges, Model model) const {
    auto anomaly = wording_.anomaly_of(edges, orders_);
    anomaly.rules_out = {{model, Order::values}};
    return anomaly;
  }

  void look_at_halves(TransactionId id) {
    std::vector<PlacedRead> reads;
    std::uint32_t place = 0;
    for (const auto& step : steps_of(id)) {
      if (step.kind == Step::Kind::read_list) reads.push_back({step.key, place, &step});
      ++place;
    }
    if (reads.size() < 2) return;
    std::sort(reads.begin(), reads.end(), [](const PlacedRead& left, const PlacedRead& right) {
      return std::pair(left.key, left.place) < std::pair(right.key, right.place);
    });
    for (const auto& saw : reads) {
      if (saw.step->length == 0) continue;
      const auto last = transactions_.list_of(*saw.step).back();
      const auto writer = orders_.writer_of(saw.key, last);
      if (writer == nobody || writer == id || !orders_.is_committed(writer)) continue;
      for (const auto& append : steps_of(writer)) {
        if (append.kind != Step::Kind::append) continue;
        if (append.key == saw.key && append.value != last) continue;
        look_for_missed(id, writer, append, saw, reads);
      }
    }
  }

  void look_for_missed(TransactionId id, TransactionId writer, const Step& append,
                       const PlacedRead& saw, const std::vector<PlacedRead>& reads) {
    const auto is_less = [](const PlacedRead& read, KeyId key) { return read.key < key; };
    auto read = std::lower_bound(reads.begin(), reads.end(), append.key, is_less);
    for (; read != reads.end() && read->key == append.key; ++read) {
      if (!misses(*read->step, append)) continue;
      auto& kept = read->place > saw.place ? later_ : earlier_;
      if (!kept) kept = FracturedRead{id, writer, saw.step, read->step};
      ++fractured_[append.key];
    }
  }

  bool misses(const Step& read, const Step& append) const {
    if (!orders_.fits(read)) return false;
    const auto place = orders_.place_of(append.key, append.value);
    return place == 0 ? !orders_.is_disputed(append.key) : place > read.length;
  }

  /// The one that rules out more is shown.
  void add_fractured_reads() {
    const auto& shown = later_ ? later_ : earlier_;
    if (!shown) return;
    auto anomaly = cycle({{EdgeKind::wr, shown->writer, shown->reader, shown->saw->key},
                          {EdgeKind::rw, shown->reader, shown->writer, shown->missed->key}},
                         later_ ? Model::monotonic_atomic_view : Model::read_atomic);
    anomaly.name = "fractured-read";
    std::map<std::string, std::size_t> counts;
    for (const auto& [key, count] : fractured_) counts[name(key)] += count;
    found_.add(std::move(anomaly), counts);
  }

  const Transactions& transactions_;
  const ListOrders& orders_;
  const Wording& wording_;
  Anomalies& found_;
  VersionAnomalies result_;
  /// Of each key: the first append of the transaction that is looked at.
  std::vector<std::pair<TransactionId, const Step*>> first_append_;
  /// Those that read a version, wrote its key, and are not known to be directly behind it.
  std::map<Version, std::vector<TransactionId>> updates_;
  std::optional<FracturedRead> earlier_;
  /// Where the read that missed the append came after the one that saw the transaction.
  std::optional<FracturedRead> later_;
  std::map<KeyId, std::size_t> fractured_;
};

}  // namespace

VersionAnomalies find_version_anomalies(const Transactions& transactions, const ListOrders& orders,
                                        std::span<const TransactionId> suspects,
                                        const Wording& wording, Anomalies& found) {
  return VersionSearch(transactions, orders, wording, found).find(suspects);
}

}  // namespace sunder::checker::isolation
