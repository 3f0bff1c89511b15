#include "checker/isolation/list_orders.h"

#include <algorithm>
#include <utility>

namespace sunder::checker::isolation {

using history::Outcome;

ListOrders::ListOrders(const Transactions& transactions)
    : transactions_(&transactions), keys_(transactions.keys.size()) {
  std::uint32_t values = 0;
  for (KeyId key = 0; key < keys_.size(); ++key) {
    keys_[key].first_value = values;
    values += static_cast<std::uint32_t>(transactions.keys[key].values.size());
  }
  writers_.resize(values, nobody);
  places_.resize(values, 0);
  intermediate_.resize(values, false);
  continuations_.resize(values, false);
  find_longest_reads();
  find_writers();
  compare_reads();
  place_elements();
  find_committed();
  find_unobserved();
  find_writers_behind();
}

bool ListOrders::fits(const Step& read) const {
  const auto& order = keys_[read.key];
  if (read.length > order.length) return false;
  if (read.value == order.begin || read.length == 0) return true;
  const auto list = transactions_->list_of(read);
  return std::equal(list.begin(), list.end(), spine(read.key).begin());
}

KeyId ListOrders::first_open_key() const {
  const auto is_open = [](const KeyOrder& order) { return order.unobserved_count > 1; };
  return static_cast<KeyId>(std::find_if(keys_.begin(), keys_.end(), is_open) - keys_.begin());
}

void ListOrders::find_longest_reads() {
  for (const auto& step : transactions_->steps) {
    if (step.kind != Step::Kind::read_list) continue;
    auto& order = keys_[step.key];
    if (step.length <= order.longest) continue;
    order.begin = step.value;
    order.longest = step.length;
  }
  for (auto& order : keys_) order.length = order.longest;
}

void ListOrders::find_writers() {
  const auto& all = transactions_->transactions;
  // Of each key: the last append so far.
  std::vector<std::uint32_t> last(keys_.size(), nobody);
  for (TransactionId id = 0; id < all.size(); ++id) {
    for (const auto& step : transactions_->steps_of(all[id])) {
      if (step.kind != Step::Kind::append && step.kind != Step::Kind::write) continue;
      const auto value = keys_[step.key].first_value + step.value - 1;
      writers_[value] = id;
      const auto before = last[step.key];
      if (before != nobody && writers_[before] == id) {
        intermediate_[before] = true;
        continuations_[value] = true;
      }
      last[step.key] = value;
    }
  }
}

void ListOrders::compare_reads() {
  const auto& steps = transactions_->steps;
  for (const auto& step : steps) {
    if (step.kind != Step::Kind::read_list || step.value == keys_[step.key].begin) continue;
    compare(step);
  }
}

void ListOrders::compare(const Step& read) {
  auto& order = keys_[read.key];
  const auto list = transactions_->list_of(read);
  const auto longest = longest_read(read.key);
  const auto differs = std::mismatch(list.begin(), list.end(), longest.begin()).first;
  if (differs == list.end()) return;
  order.disputed = true;
  order.length = std::min(order.length, static_cast<std::uint32_t>(differs - list.begin()));
  misfits_.push_back(static_cast<std::uint32_t>(&read - transactions_->steps.data()));
}

void ListOrders::place_elements() {
  for (KeyId key = 0; key < keys_.size(); ++key) {
    auto& order = keys_[key];
    const auto list = spine(key);
    for (std::uint32_t i = 0; i < list.size(); ++i) {
      auto& place = places_[order.first_value + list[i] - 1];
      if (place != 0) {
        order.disputed = true;
        order.length = i;
        break;
      }
      place = i + 1;
    }
  }
}

void ListOrders::find_committed() {
  const auto& all = transactions_->transactions;
  committed_.resize(all.size());
  bool has_info = false;
  for (TransactionId id = 0; id < all.size(); ++id) {
    committed_[id] = all[id].outcome == Outcome::ok;
    has_info = has_info || all[id].outcome == Outcome::info;
  }
  if (!has_info) return;
  const auto note = [&](KeyId key, std::span<const ValueId> list) {
    for (const auto value : list) {
      const auto writer = writer_of(key, value);
      if (writer != nobody && all[writer].outcome == Outcome::info) committed_[writer] = true;
    }
  };
  for (KeyId key = 0; key < keys_.size(); ++key) note(key, longest_read(key));
  for (const auto misfit : misfits_) {
    const auto& step = transactions_->steps[misfit];
    note(step.key, transactions_->list_of(step));
  }
  for (const auto& step : transactions_->steps) {
    if (step.kind != Step::Kind::read_register || step.value == initial) continue;
    const ValueId value = step.value;
    note(step.key, {&value, 1});
  }
}

void ListOrders::find_unobserved() {
  const auto& all = transactions_->transactions;
  std::vector<std::pair<KeyId, TransactionId>> found;
  for (TransactionId id = 0; id < all.size(); ++id) {
    if (!committed_[id]) continue;
    for (const auto& step : transactions_->steps_of(all[id])) {
      if (step.kind != Step::Kind::append || keys_[step.key].disputed) continue;
      if (place_of(step.key, step.value) == 0) found.emplace_back(step.key, id);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (const auto& [key, id] : found) {
    auto& order = keys_[key];
    if (order.unobserved_count == 0) {
      order.first_unobserved = static_cast<std::uint32_t>(unobserved_.size());
    }
    ++order.unobserved_count;
    unobserved_.push_back(id);
  }
}

void ListOrders::find_writers_behind() {
  std::uint32_t places = 0;
  for (auto& order : keys_) {
    order.first_place = places;
    places += order.length;
  }
  writers_behind_.resize(places);
  for (KeyId key = 0; key < keys_.size(); ++key) {
    auto& order = keys_[key];
    const auto list = spine(key);
    auto behind = nobody;
    for (auto i = order.length; i-- > 0;) {
      const auto writer = writer_of(key, list[i]);
      if (writer != nobody && committed_[writer]) {
        if (behind == nobody) order.last_writer = writer;
        behind = writer;
      }
      writers_behind_[order.first_place + i] = behind;
    }
  }
}

}  // namespace sunder::checker::isolation
