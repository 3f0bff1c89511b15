#include "checker/isolation/wording.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/brief.h"

namespace sunder::checker::isolation {

namespace {

/// Where an append is in the order of its key: behind all others if no read shows it.
std::uint32_t rank_of(const Step& append, const ListOrders& orders) {
  const auto place = orders.place_of(append.key, append.value);
  return place == 0 ? std::numeric_limits<std::uint32_t>::max() : place;
}

}  // namespace

std::string Wording::key(KeyId key) const {
  constexpr std::size_t short_name = 40;
  const auto& name = transactions_.keys[key].name;
  return name.size() <= short_name ? history::printable_line(name) : history::brief_text(name);
}

std::string Wording::value(KeyId key, ValueId value) const {
  if (value == initial) return transactions_.keys[key].is_list ? "[]" : "nil";
  return history::brief(transactions_.keys[key].values[value - 1]);
}

std::string Wording::list(KeyId key, std::span<const ValueId> elements) const {
  constexpr std::size_t most = 4;
  const auto last = elements.last(std::min(elements.size(), most));
  std::vector<std::string> texts;
  for (const auto element : last) texts.push_back(value(key, element));
  return fmt::format("[{}{}]", last.size() < elements.size() ? "… " : "", fmt::join(texts, ", "));
}

std::string Wording::step_alone(TransactionId id, const Step& step) const {
  const auto name = transaction_name(id);
  switch (step.kind) {
    case Step::Kind::append:
      return fmt::format("{}'s append of {}", name, value(step.key, step.value));
    case Step::Kind::write:
      return fmt::format("{}'s write of {}", name, value(step.key, step.value));
    case Step::Kind::read_list:
      return fmt::format("{}'s read of {}", name, list(step.key, transactions_.list_of(step)));
    case Step::Kind::read_register:
      return fmt::format("{}'s read of {}", name, value(step.key, step.value));
    case Step::Kind::unanswered_read:
      break;
  }
  return fmt::format("{}'s read", name);
}

std::string Wording::step(TransactionId id, const Step& step) const {
  const bool writes = step.kind == Step::Kind::append || step.kind == Step::Kind::write;
  return fmt::format("{} {} key {}", step_alone(id, step), writes ? "to" : "at", key(step.key));
}

std::string Wording::reason(const CycleEdge& edge, const ListOrders& orders) const {
  const bool is_of_values = edge.kind <= EdgeKind::rw;
  if (is_of_values && !transactions_.keys[edge.key].is_list) {
    return reason_at_register(edge, orders);
  }
  switch (edge.kind) {
    case EdgeKind::ww:
      return reason_of_ww(edge, orders);
    case EdgeKind::wr:
      return reason_of_wr(edge, orders);
    case EdgeKind::rw:
      return reason_of_rw(edge, orders);
    case EdgeKind::process:
    case EdgeKind::real_time:
      break;
  }
  return reason_in_order(edge);
}

std::string Wording::reason_in_order(const CycleEdge& edge) const {
  const auto& from = transactions_.transactions[edge.from];
  const auto& to = transactions_.transactions[edge.to];
  const auto earlier = transaction_name(edge.from);
  const auto later = transaction_name(edge.to);
  if (edge.kind == EdgeKind::process) {
    return fmt::format("the client of {} ({}) ran {} ({}) before it", later,
                       history_.line_name(to.invoked), earlier, history_.line_name(from.invoked));
  }
  return fmt::format("{} had completed ({}) before {} was invoked ({})", earlier,
                     history_.line_name(from.returned), later, history_.line_name(to.invoked));
}

std::string Wording::reason_of_ww(const CycleEdge& edge, const ListOrders& orders) const {
  const Step* before = nullptr;
  for (const auto& step : transactions_.steps_of(transactions_.transactions[edge.from])) {
    const bool counts = step.kind == Step::Kind::append && step.key == edge.key &&
                        orders.place_of(step.key, step.value) != 0;
    if (counts && (before == nullptr || rank_of(step, orders) > rank_of(*before, orders))) {
      before = &step;
    }
  }
  const Step* after = nullptr;
  for (const auto& step : transactions_.steps_of(transactions_.transactions[edge.to])) {
    if (step.kind != Step::Kind::append || step.key != edge.key) continue;
    if (after == nullptr || rank_of(step, orders) < rank_of(*after, orders)) after = &step;
  }
  if (before == nullptr || after == nullptr) return {};
  // A transaction that appends twice can be before and behind the other one.
  if (rank_of(*before, orders) > rank_of(*after, orders)) {
    for (const auto& step : transactions_.steps_of(transactions_.transactions[edge.from])) {
      const bool is_first = step.kind == Step::Kind::append && step.key == edge.key &&
                            rank_of(step, orders) < rank_of(*after, orders);
      if (is_first) before = &step;
    }
  }
  return fmt::format("{} precedes {}", this->step(edge.from, *before), step_alone(edge.to, *after));
}

std::string Wording::reason_of_wr(const CycleEdge& edge, const ListOrders& orders) const {
  for (const auto& read : transactions_.steps_of(transactions_.transactions[edge.to])) {
    if (read.kind != Step::Kind::read_list || read.key != edge.key || read.length == 0) continue;
    const auto last = transactions_.list_of(read).back();
    if (orders.writer_of(read.key, last) != edge.from) continue;
    return fmt::format("{} saw {}'s append of {}", step(edge.to, read), transaction_name(edge.from),
                       value(read.key, last));
  }
  return {};
}

std::string Wording::reason_of_rw(const CycleEdge& edge, const ListOrders& orders) const {
  const Step* read = nullptr;
  for (const auto& step : transactions_.steps_of(transactions_.transactions[edge.from])) {
    if (step.kind != Step::Kind::read_list || step.key != edge.key || !orders.fits(step)) continue;
    if (read == nullptr || step.length < read->length) read = &step;
  }
  const Step* missed = nullptr;
  for (const auto& step : transactions_.steps_of(transactions_.transactions[edge.to])) {
    if (step.kind != Step::Kind::append || step.key != edge.key || read == nullptr) continue;
    if (rank_of(step, orders) <= read->length) continue;
    if (missed == nullptr || rank_of(step, orders) < rank_of(*missed, orders)) missed = &step;
  }
  if (missed == nullptr) return {};
  return fmt::format("{} did not see {}", step(edge.from, *read), step_alone(edge.to, *missed));
}

const Step* Wording::last_write(TransactionId id, KeyId key) const {
  const Step* last = nullptr;
  for (const auto& step : transactions_.steps_of(transactions_.transactions[id])) {
    if (step.kind == Step::Kind::write && step.key == key) last = &step;
  }
  return last;
}

std::string Wording::reason_at_register(const CycleEdge& edge, const ListOrders& orders) const {
  const Step* from = last_write(edge.from, edge.key);
  const Step* to = last_write(edge.to, edge.key);
  if (edge.kind == EdgeKind::ww) {
    if (from == nullptr || to == nullptr) return {};
    return fmt::format("{} precedes {}", step(edge.from, *from), step_alone(edge.to, *to));
  }
  const auto reader = edge.kind == EdgeKind::wr ? edge.to : edge.from;
  for (const auto& read : transactions_.steps_of(transactions_.transactions[reader])) {
    if (read.kind != Step::Kind::read_register || read.key != edge.key) continue;
    const auto writer = read.value == initial ? nobody : orders.writer_of(read.key, read.value);
    if (edge.kind == EdgeKind::wr && writer == edge.from) {
      return fmt::format("{} saw {}'s write", step(reader, read), transaction_name(writer));
    }
    if (edge.kind == EdgeKind::rw && writer != reader && writer != edge.to && to != nullptr) {
      return fmt::format("{} did not see {}", step(reader, read), step_alone(edge.to, *to));
    }
  }
  return {};
}

Anomaly Wording::anomaly_of(const Cycle& cycle, const ListOrders& orders) const {
  Anomaly anomaly;
  const auto found = class_of(cycle);
  anomaly.name = name_of(found);
  anomaly.rules_out = ruled_out_by(found);
  auto turned = cycle;
  const auto is_rw = [](const CycleEdge& edge) { return edge.kind == EdgeKind::rw; };
  const auto first = std::find_if(turned.begin(), turned.end(), is_rw);
  if (first != turned.end()) std::rotate(turned.begin(), first, turned.end());
  for (const auto& edge : turned) {
    anomaly.cycle.push_back({edge.kind, edge.from, edge.to, edge.key, reason(edge, orders)});
    anomaly.transactions.push_back(edge.from);
  }
  std::sort(anomaly.transactions.begin(), anomaly.transactions.end());
  if (found.shape == Shape::g0 && !is_certain(cycle, transactions_, orders)) {
    anomaly.rules_out = {{Model::read_committed, found.order}};
  }
  anomaly.sentence = sentence_of(anomaly.cycle);
  return anomaly;
}

std::string sentence_of(const std::vector<Edge>& cycle) {
  constexpr std::size_t most = 6;
  std::vector<std::string> reasons;
  for (const auto& edge : cycle) {
    if (reasons.size() == most) {
      reasons.push_back(fmt::format("and {} more edges lead back to {}", cycle.size() - most,
                                    transaction_name(cycle.front().from)));
      break;
    }
    reasons.push_back(edge.reason);
  }
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace sunder::checker::isolation
