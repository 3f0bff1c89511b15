#include "checker/isolation/ordered_levels.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/isolation/cycle.h"
#include "checker/isolation/register_sessions.h"

namespace sunder::checker::isolation {
namespace {

/// Of each level but the first that is asked. Time keeps the orders of the strongest one local;
/// what others search can be as large as the history.
constexpr std::uint64_t steps_of_weaker_levels = 60'000'000;

/// The name of what the level forbids and read committed does not.
std::string anomaly_name(Level level) {
  switch (level.model) {
    case Model::cursor_stability:
      return "G-cursor";
    case Model::monotonic_atomic_view:
    case Model::read_atomic:
      return "fractured-read";
    case Model::causal:
      return "causality-violation";
    case Model::consistent_view:
      return name_of(CycleClass{Shape::g_single, level.order});
    case Model::snapshot_isolation:
      return name_of(CycleClass{Shape::g_nonadjacent, level.order});
    case Model::repeatable_read:
    case Model::serializable:
      return name_of(CycleClass{Shape::g2_item, level.order});
    default:
      break;
  }
  return name_of(CycleClass{Shape::g1c, level.order});
}

}  // namespace

OrderedLevels::OrderedLevels(const history::History& history, const Transactions& transactions,
                             const ListOrders& orders, const Graph& graph, const Wording& wording,
                             const Budget& budget)
    : history_(history),
      transactions_(transactions),
      wording_(wording),
      orders_(orders),
      facts_(transactions, orders) {
  limits_.budget = budget;
  // A list that nobody saw an element of orders nothing.
  has_lists_ =
      std::any_of(transactions.steps.begin(), transactions.steps.end(), [](const Step& step) {
        return step.kind == Step::Kind::append ||
               (step.kind == Step::Kind::read_list && step.length > 0);
      });
  has_open_lists_ = orders.first_open_key() < transactions.keys.size();
  if (!facts_.are_any() && !has_open_lists_) return;
  base_ = facts_.without_keys(transactions);
  base_.keys = facts_.open_keys([](const RegisterRead&) { return true; });
  if (has_lists_) add_lists(transactions, orders, graph, facts_, base_);
}

bool OrderedLevels::is_asked(Level level) const {
  if (!history_.clients_are_known &&
      (level.order == Order::session || level.model == Model::causal)) {
    return false;
  }
  switch (level.model) {
    case Model::consistent_view:
    case Model::snapshot_isolation:
      return facts_.are_any() || has_open_lists_;
    case Model::read_committed:
    case Model::repeatable_read:
    case Model::serializable:
      return facts_.are_any();
    case Model::cursor_stability:
    case Model::monotonic_atomic_view:
    case Model::read_atomic:
    case Model::causal:
      return facts_.are_any() && !has_lists_;
    default:
      return false;
  }
}

void OrderedLevels::judge(Anomalies& found, std::optional<Level> proved) {
  if (proved) allowed_.push_back(*proved);
  // Aborted writes that registers do not show are no cycle, and neither are those that overwrite.
  if (facts_.are_any() && !has_lists_)
    allowed_.push_back({Model::read_uncommitted, Order::real_time});
  const std::vector<Level>& all = all_levels();
  for (auto level = all.rbegin(); level != all.rend(); ++level) {
    if (!is_asked(*level) || found.rules_out(*level) || allows(*level)) continue;
    take(*level, ask(*level));
  }
  judge_sessions(found);
  // The weakest first: it rules out those that imply it.
  for (auto each = impossible_.rbegin(); each != impossible_.rend(); ++each) {
    if (!found.rules_out(each->first)) {
      found.add(anomaly_of(each->first, *each->second), std::map<std::string, std::size_t>{});
    }
  }
}

void OrderedLevels::judge_sessions(Anomalies& found) {
  if (!facts_.are_any() || !history_.clients_are_known) return;
  // They imply all session guarantees.
  if (allows({Model::pram, Order::values}) && allows({Model::writes_follow_reads, Order::values})) {
    return;
  }
  const std::vector<Level> kept =
      judge_register_sessions(transactions_, orders_, facts_, wording_, found);
  if (!has_lists_) allowed_.insert(allowed_.end(), kept.begin(), kept.end());
}

const OrderedLevels::Asked& OrderedLevels::ask(Level level) {
  const Model model = level.model == Model::serializable ? Model::repeatable_read : level.model;
  std::unique_ptr<Asked>& place = asked_[{model, level.order}];
  if (place) return *place;
  Steps steps(limits_.steps, limits_.budget);
  place = std::make_unique<Asked>();
  place->of = problem_of(level, facts_, base_, steps);
  if (place->of.miss) {
    place->answer.kind = OrderAnswer::Kind::impossible;
  } else {
    place->answer = find_order(place->of.problem, place->of.forbidden, place->of.order, limits_);
    if (place->of.is_incomplete && place->answer.kind == OrderAnswer::Kind::possible) {
      place->answer.kind = OrderAnswer::Kind::open;
    }
  }
  limits_.steps = std::min(limits_.steps, steps_of_weaker_levels);
  return *place;
}

void OrderedLevels::take(Level level, const Asked& asked) {
  switch (asked.answer.kind) {
    case OrderAnswer::Kind::impossible:
      impossible_.emplace_back(level, &asked);
      break;
    case OrderAnswer::Kind::open:
      open_[level] = undecided_text(asked.answer);
      break;
    case OrderAnswer::Kind::possible:
      allowed_.push_back(level);
      if (level.model != Model::serializable) break;
      std::vector<TransactionId>& order = executable_[level.order];
      for (const Node node : asked.answer.order) order.push_back(facts_.ids()[node]);
      break;
  }
}

bool OrderedLevels::allows(Level level) const {
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [&](Level stronger) { return implies(stronger, level); });
}

std::string OrderedLevels::why_open(Level level) const {
  const auto found = open_.find(level);
  if (found != open_.end()) return found->second;
  // A level between was asked in its place.
  for (const auto& [asked, why] : open_) {
    if (implies(level, asked) || implies(asked, level)) return why;
  }
  return {};
}

void OrderedLevels::withdraw(Level level) {
  std::erase(allowed_, level);
  open_[level] = "no order was found that explains all reads";
}

const std::vector<TransactionId>* OrderedLevels::order_of(Order order) const {
  const auto found = executable_.find(order);
  return found == executable_.end() ? nullptr : &found->second;
}

std::string OrderedLevels::undecided_text(const OrderAnswer& answer) const {
  constexpr std::size_t most = 5;
  std::string text = "the search for an order ended at its limit";
  if (!answer.undecided.empty()) {
    const WritersOfKey& first = answer.undecided.front();
    std::vector<std::string> names;
    for (const Node node : first.writers) {
      if (names.size() == most) break;
      names.push_back(transaction_name(facts_.ids()[node]));
    }
    text = fmt::format("the order of {} writes of key {} ({}{}) is open", first.writers.size(),
                       wording_.key(first.key), fmt::join(names, ", "),
                       names.size() < first.writers.size() ? ", …" : "");
    if (answer.undecided.size() > 1) {
      text += fmt::format(", and of {} more keys", answer.undecided.size() - 1);
    }
  }
  if (answer.lacks_solver) text += "; this build has no solver (CaDiCaL) that might decide it";
  return text;
}

Anomaly OrderedLevels::anomaly_of(Level level, const Asked& asked) const {
  Anomaly anomaly = asked.of.miss                ? anomaly_of_miss(*asked.of.miss, level)
                    : asked.answer.cycle.empty() ? anomaly_of_alternatives(asked)
                                                 : anomaly_of_cycle(asked);
  anomaly.name = anomaly_name(level);
  anomaly.rules_out = {level};
  std::sort(anomaly.transactions.begin(), anomaly.transactions.end());
  anomaly.transactions.erase(std::unique(anomaly.transactions.begin(), anomaly.transactions.end()),
                             anomaly.transactions.end());
  return anomaly;
}

CycleEdge OrderedLevels::edge_of(const Link& link) const {
  return {link.kind, facts_.ids()[link.from], facts_.ids()[link.to], link.key};
}

Anomaly OrderedLevels::anomaly_of_cycle(const Asked& asked) const {
  Anomaly anomaly;
  std::vector<ReasonedLink> cycle = asked.answer.cycle;
  const auto first = std::find_if(cycle.begin(), cycle.end(), [](const ReasonedLink& link) {
    return link.link.kind == EdgeKind::rw;
  });
  if (first != cycle.end()) std::rotate(cycle.begin(), first, cycle.end());
  for (const ReasonedLink& link : cycle) {
    const CycleEdge edge = edge_of(link.link);
    anomaly.cycle.push_back({edge.kind, edge.from, edge.to, edge.key,
                             wording_.reason(edge, orders_) + because(link, asked)});
    anomaly.transactions.push_back(edge.from);
  }
  anomaly.sentence = sentence_of(anomaly.cycle);
  return anomaly;
}

Anomaly OrderedLevels::anomaly_of_miss(const Demand& miss, Level level) const {
  Anomaly anomaly;
  const TransactionId reader = facts_.ids()[miss.reader];
  const TransactionId seen = facts_.ids()[miss.seen];
  anomaly.transactions = {reader, seen};
  const CycleEdge missed{EdgeKind::rw, reader, seen, miss.key};
  std::string other = fmt::format("{} led to {}", transaction_name(seen), transaction_name(reader));
  for (const RegisterRead& read : facts_.reads()) {
    if (read.reader != miss.reader || read.version == 0) continue;
    if (facts_.writer_of(read) != miss.seen || level.model == Model::causal) continue;
    const CycleEdge back{EdgeKind::wr, seen, reader, read.key};
    other = wording_.reason(back, orders_);
    anomaly.cycle = {{EdgeKind::rw, reader, seen, miss.key, wording_.reason(missed, orders_)},
                     {EdgeKind::wr, seen, reader, read.key, other}};
    break;
  }
  anomaly.sentence = fmt::format("{}; {}", wording_.reason(missed, orders_), other);
  return anomaly;
}

Anomaly OrderedLevels::anomaly_of_alternatives(const Asked& asked) const {
  Anomaly anomaly;
  std::vector<std::string> cycles;
  for (const std::vector<Link>& cycle : asked.answer.alternatives) {
    for (const Link& link : cycle) anomaly.transactions.push_back(facts_.ids()[link.from]);
    cycles.push_back(path_text(cycle));
  }
  std::vector<std::string> keys;
  for (const WritersOfKey& open : asked.answer.undecided) keys.push_back(wording_.key(open.key));
  anomaly.sentence =
      fmt::format("Each order of the writes of key{} {} closes a forbidden cycle, such as {}",
                  keys.size() == 1 ? "" : "s", fmt::join(keys, ", "), fmt::join(cycles, " or "));
  return anomaly;
}

std::string OrderedLevels::path_text(const std::vector<Link>& path) const {
  constexpr std::size_t most = 6;
  if (path.empty()) return {};
  std::string text = transaction_name(facts_.ids()[path.front().from]);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i == most && path.size() > most + 1) {
      text += " → …";
      i = path.size() - 1;
    }
    text +=
        fmt::format(" →{} {}", name_of(path[i].kind), transaction_name(facts_.ids()[path[i].to]));
  }
  return text;
}

std::string OrderedLevels::because(const ReasonedLink& link, const Asked& asked) const {
  if (!link.reason) return because_demanded(link.link, asked);
  const OrderReason& reason = *link.reason;
  const std::string earlier = transaction_name(facts_.ids()[reason.earlier]);
  const std::string later = transaction_name(facts_.ids()[reason.later]);
  std::string what = link.link.kind == EdgeKind::rw ? fmt::format(" (behind {}'s)", earlier) : "";
  switch (reason.kind) {
    case OrderReason::Kind::read:
      return fmt::format("{}, because {} read {}'s write", what, later, earlier);
    case OrderReason::Kind::time:
      return fmt::format("{}, because {} had completed before {} was invoked", what, earlier,
                         later);
    case OrderReason::Kind::leads:
      return fmt::format("{}, because {}", what, path_text(reason.path));
    case OrderReason::Kind::seen_late:
      return fmt::format("{}, because {}, and {} read {}'s write", what, path_text(reason.path),
                         transaction_name(facts_.ids()[reason.reader]), later);
  }
  return what;
}

std::string OrderedLevels::because_demanded(const Link& link, const Asked& asked) const {
  if (link.kind != EdgeKind::ww) return {};
  for (const Demand& demand : asked.of.demands) {
    if (demand.seen != link.from || demand.writer != link.to || demand.key != link.key) continue;
    const std::string reader = transaction_name(facts_.ids()[demand.reader]);
    return fmt::format(", because {} read {}'s write and had {} before it", reader,
                       transaction_name(facts_.ids()[demand.writer]),
                       transaction_name(facts_.ids()[demand.seen]));
  }
  return {};
}

}  // namespace sunder::checker::isolation
