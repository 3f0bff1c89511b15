#include "checker/isolation/isolation.h"

#include <algorithm>
#include <array>
#include <future>
#include <numeric>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "checker/isolation/anomalies.h"
#include "checker/isolation/causality.h"
#include "checker/isolation/component.h"
#include "checker/isolation/cycle_search.h"
#include "checker/isolation/direct_anomalies.h"
#include "checker/isolation/execution.h"
#include "checker/isolation/graph.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/open_cursors.h"
#include "checker/isolation/ordered_levels.h"
#include "checker/isolation/register_anomalies.h"
#include "checker/isolation/revision_order.h"
#include "checker/isolation/session_guarantees.h"
#include "checker/isolation/strong_components.h"
#include "checker/isolation/version_anomalies.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

namespace {

constexpr std::uint64_t most_steps_of_a_search = 2'000'000;

/// An order of all committed transactions, as far as it is known: within a component that has
/// cycles, only of weaker orders.
class Sequence {
 public:
  explicit Sequence(std::size_t transactions) { items_.reserve(transactions); }

  void add(TransactionId id) { items_.push_back(id); }
  void add_component(std::vector<Node> nodes) {
    items_.push_back(nobody);
    components_.push_back(std::move(nodes));
  }
  std::vector<std::vector<Node>>& components() { return components_; }

  /// Each component in the place of its mark. The items are in reverse.
  std::vector<TransactionId> with(const std::vector<std::vector<TransactionId>>& parts) const {
    std::vector<TransactionId> order;
    order.reserve(items_.size());
    auto part = parts.size();
    for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
      if (*item != nobody) {
        order.push_back(*item);
      } else {
        const auto& inner = parts[--part];
        order.insert(order.end(), inner.begin(), inner.end());
      }
    }
    return order;
  }

 private:
  std::vector<TransactionId> items_;
  std::vector<std::vector<Node>> components_;
};

class Engine {
 public:
  Engine(const history::History& history, const Transactions& transactions,
         const IsolationOptions& options)
      : history_(history),
        transactions_(transactions),
        clients_are_known_(history.clients_are_known),
        budget_(options.budget),
        threads_(options.threads != 0 ? options.threads : std::thread::hardware_concurrency()),
        orders_(transactions),
        wording_(history, transactions) {}

  IsolationReport judge() {
    try {
      auto direct = begin_with_direct_anomalies();
      const Graph graph(transactions_, orders_);
      auto sequence = sequence_of(graph);
      if (direct.valid()) direct.get();
      reads_are_dirty_ = !anomalies_.empty();
      look_at_components(graph, sequence);
      prove(sequence);
      prove_by_revisions();
      judge_open_orders(graph);
    } catch (const BudgetSpent& spent) {
      spent_ = spent.what();
    }
    return report();
  }

 private:
  /// Finds them on a thread of its own if that is worth it: then they are there once get() returns.
  std::future<void> begin_with_direct_anomalies() {
    constexpr std::size_t small_history = 20'000;
    const auto find = [this] {
      find_direct_anomalies(transactions_, orders_, wording_, anomalies_);
    };
    if (threads_ > 1 && transactions_.transactions.size() > small_history) {
      return std::async(std::launch::async, find);
    }
    find();
    return {};
  }

  Sequence sequence_of(const Graph& graph) {
    Sequence sequence(transactions_.transactions.size());
    const auto next = [&](Node node, std::uint32_t& cursor, Node& to) {
      return graph.next(node, cursor, to);
    };
    find_strong_components(graph.node_count(), next, [&](std::span<const Node> nodes) {
      budget_.spend();
      if (nodes.size() > 1) {
        sequence.add_component({nodes.begin(), nodes.end()});
      } else if (graph.is_transaction(nodes[0]) && orders_.is_committed(nodes[0])) {
        sequence.add(nodes[0]);
      }
    });
    return sequence;
  }

  void look_at_components(const Graph& graph, Sequence& sequence) {
    auto& components = sequence.components();
    for (auto& parts : parts_) parts.resize(components.size());
    std::vector<std::size_t> by_size(components.size());
    for (std::size_t i = 0; i < by_size.size(); ++i) by_size[i] = i;
    std::stable_sort(by_size.begin(), by_size.end(), [&](std::size_t left, std::size_t right) {
      return components[left].size() < components[right].size();
    });
    std::vector<Node> numbers(components.empty() ? 0 : graph.node_count(), nobody);
    const auto suspects = suspects_of(components);
    cursors_are_open_ =
        find_version_anomalies(transactions_, orders_, suspects, wording_, anomalies_)
            .cursors_are_open;
    look_at_sessions(suspects);
    FoundCycles cycles;
    for (const auto i : by_size) {
      const Component component(graph, transactions_, components[i], clients_are_known_, numbers);
      cycles.add(find_cycles(component, transactions_, orders_, most_steps_of_a_search, budget_));
      for (const auto order : {Order::values, Order::session}) {
        auto& part = parts_[static_cast<std::size_t>(order)];
        if (auto inner = order_within(component, order)) {
          part[i] = std::move(*inner);
        } else {
          is_cyclic_[static_cast<std::size_t>(order)] = true;
        }
      }
      if (cursors_are_open_) {
        find_open_cursors(component, transactions_, orders_, wording_, anomalies_);
      }
      if (!clients_are_known_) continue;
      find_causality_violations(component, transactions_, orders_, wording_, budget_, anomalies_);
    }
    if (!clients_are_known_) is_cyclic_[static_cast<std::size_t>(Order::session)] = true;
    is_cyclic_[static_cast<std::size_t>(Order::real_time)] = !components.empty();
    gave_up_ = cycles.gave_up;
    for (const auto& [cycle_class, found] : cycles.classes) {
      if (cycle_class.shape == Shape::g0) g0_.push_back(cycle_class.order);
    }
    for (const auto& [cycle_class, found] : cycles.classes) {
      std::map<std::string, std::size_t> counts;
      for (const auto& [key, count] : found.counts) counts[transactions_.keys[key].name] += count;
      anomalies_.add(wording_.anomaly_of(found.shortest, orders_), counts);
    }
  }

  /// The transactions that are on cycles, sorted.
  std::vector<TransactionId> suspects_of(const std::vector<std::vector<Node>>& components) const {
    std::vector<TransactionId> suspects;
    for (const auto& nodes : components) {
      for (const auto node : nodes) {
        if (node < transactions_.transactions.size()) suspects.push_back(node);
      }
    }
    std::sort(suspects.begin(), suspects.end());
    return suspects;
  }

  /// A read that ends with an append that never committed has no wr edge, so it may be on no cycle.
  void look_at_sessions(std::vector<TransactionId> suspects) {
    if (!clients_are_known_) return;
    if (reads_are_dirty_) {
      suspects.resize(transactions_.transactions.size());
      std::iota(suspects.begin(), suspects.end(), TransactionId{0});
    }
    find_broken_sessions(transactions_, orders_, suspects, wording_, anomalies_);
  }

  /// None if it has cycles by that order.
  static std::optional<std::vector<TransactionId>> order_within(const Component& component,
                                                                Order order) {
    const auto kinds = value_arcs() | arcs_of(order);
    bool cyclic = false;
    std::vector<TransactionId> found;
    const auto next = [&](Node node, std::uint32_t& cursor, Node& to) {
      return component.next(node, kinds, cursor, to);
    };
    find_strong_components(component.node_count(), next, [&](std::span<const Node> nodes) {
      cyclic = cyclic || nodes.size() > 1;
      if (nodes[0] < component.transaction_count()) found.push_back(component.id_of(nodes[0]));
    });
    if (cyclic) return std::nullopt;
    std::reverse(found.begin(), found.end());
    return found;
  }

  /// Executes the orders, the strongest first.
  void prove(const Sequence& sequence) {
    if (!anything_ok()) return;
    for (const auto order : {Order::real_time, Order::session, Order::values}) {
      const auto place = static_cast<std::size_t>(order);
      if (is_cyclic_[place]) continue;
      if (explains_all_reads(transactions_, orders_, sequence.with(parts_[place]))) {
        proved_ = Level{Model::serializable, order};
      }
      return;
    }
  }

  /// Executes the order that the answers claim.
  void prove_by_revisions() {
    if (!anything_ok() || proved_ == Level{Model::serializable, Order::real_time}) return;
    const auto claimed = revision_order_of(transactions_, orders_);
    if (!claimed) return;
    claim_ = claimed->contradiction;
    if (!claimed->proves || (proved_ && implies(*proved_, *claimed->proves))) return;
    if (claimed->proves->order == Order::session && !clients_are_known_) return;
    proved_ = claimed->proves;
  }

  /// Of registers, and of lists with several appends that no read shows.
  void judge_open_orders(const Graph& graph) {
    const bool are_lists = std::all_of(transactions_.keys.begin(), transactions_.keys.end(),
                                       [](const Key& key) { return key.is_list; });
    const bool is_proved = proved_ == Level{Model::serializable, Order::real_time};
    if (are_lists && (is_proved || orders_.first_open_key() == transactions_.keys.size())) return;
    levels_.emplace(history_, transactions_, orders_, graph, wording_, budget_);
    if (levels_->facts().are_any()) {
      find_register_anomalies(transactions_, orders_, levels_->facts(), wording_, anomalies_);
    }
    levels_->judge(anomalies_, proved_);
    for (const auto order : {Order::real_time, Order::session, Order::values}) {
      const auto* found = levels_->order_of(order);
      if (found != nullptr && !explains_all_reads(transactions_, orders_, *found)) {
        levels_->withdraw({Model::serializable, order});
      }
    }
  }

  bool anything_ok() const {
    const auto& all = transactions_.transactions;
    return std::any_of(all.begin(), all.end(), [](const Transaction& transaction) {
      return transaction.outcome == history::Outcome::ok;
    });
  }

  IsolationReport report() {
    IsolationReport report;
    report.counts = anomalies_.counts();
    const auto reason = open_reasons();
    report.anomalies = anomalies_.take();
    std::stable_sort(report.anomalies.begin(), report.anomalies.end(),
                     [](const Anomaly& left, const Anomaly& right) {
                       return left.rules_out.front() < right.rules_out.front();
                     });
    for (const auto level : all_levels()) {
      report.levels.push_back(finding_on(level, report.anomalies, reason));
    }
    prove_implied(report.levels);
    for (const auto& each : report.levels) {
      const auto is_stronger = [&](const LevelFinding& other) {
        return other.finding != Finding::ruled_out && other.level != each.level &&
               implies(other.level, each.level);
      };
      if (each.finding != Finding::ruled_out &&
          std::none_of(report.levels.begin(), report.levels.end(), is_stronger)) {
        report.strongest.push_back(each.level);
      }
    }
    return report;
  }

  static void prove_implied(std::vector<LevelFinding>& levels) {
    for (const auto& stronger : levels) {
      if (stronger.finding != Finding::proved) continue;
      for (auto& weaker : levels) {
        if (!implies(stronger.level, weaker.level)) continue;
        weaker.finding = Finding::proved;
        weaker.open.clear();
      }
    }
  }

  struct OpenReasons {
    std::string nothing_ok;
    std::string disputed;
    std::string unobserved;
    std::string registers;
  };

  OpenReasons open_reasons() const {
    OpenReasons reasons;
    if (!anything_ok()) reasons.nothing_ok = "no transaction was answered ok";
    for (KeyId key = 0; key < transactions_.keys.size(); ++key) {
      if (!transactions_.keys[key].is_list) reasons.registers = "it is not decided for registers";
      if (!orders_.is_disputed(key) || !reasons.disputed.empty()) continue;
      reasons.disputed = fmt::format("the reads of key {} disagree", wording_.key(key));
    }
    const auto open = orders_.first_open_key();
    if (open < transactions_.keys.size()) {
      reasons.unobserved =
          fmt::format("the order of {} appends to key {}, which no read shows, is open",
                      orders_.unobserved(open).size(), wording_.key(open));
    }
    return reasons;
  }

  LevelFinding finding_on(Level level, const std::vector<Anomaly>& anomalies,
                          const OpenReasons& reasons) const {
    LevelFinding finding{level, Finding::not_ruled_out, 0, {}};
    for (std::size_t i = 0; i < anomalies.size(); ++i) {
      const auto& rules_out = anomalies[i].rules_out;
      const bool breaks = std::any_of(rules_out.begin(), rules_out.end(),
                                      [&](Level weaker) { return implies(level, weaker); });
      if (!breaks) continue;
      const bool is_smaller =
          finding.finding != Finding::ruled_out ||
          anomalies[i].transactions.size() < anomalies[finding.anomaly].transactions.size();
      finding.finding = Finding::ruled_out;
      if (is_smaller) finding.anomaly = i;
    }
    if (finding.finding == Finding::ruled_out) return finding;
    finding.open = why_open(level, reasons);
    if (finding.open.empty()) {
      finding.finding = Finding::proved;
    } else if (!claim_.empty()) {
      finding.open += "; " + claim_;
    }
    return finding;
  }

  /// Why a level that nothing rules out is not proved; empty if it is.
  std::string why_open(Level level, const OpenReasons& reasons) const {
    if (!reasons.nothing_ok.empty()) return reasons.nothing_ok;
    if (proved_ && implies(*proved_, level)) return {};
    if (!spent_.empty()) return spent_;
    if (levels_ && levels_->allows(level)) return {};
    const bool needs_clients =
        level.order == Order::session || level.model == Model::causal || level.model <= Model::pram;
    if (needs_clients && !clients_are_known_) {
      return "the history does not say which client ran a transaction";
    }
    if (levels_) {
      if (auto why = levels_->why_open(level); !why.empty()) return why;
    }
    if (!reasons.registers.empty()) return reasons.registers;
    if (!reasons.disputed.empty()) return reasons.disputed;
    switch (level.model) {
      case Model::serializable:
        return "no order was found that explains all reads";
      case Model::consistent_view:
        if (gave_up_.contains(level.order)) return "the search for G-single ended at its limit";
        return reasons.unobserved;
      case Model::snapshot_isolation:
        return reasons.unobserved;
      case Model::read_uncommitted:
        return has_g0(level.order) ? "a transaction of a cycle of writes was not answered" : "";
      default:
        return {};
    }
  }

  bool has_g0(Order order) const {
    return std::any_of(g0_.begin(), g0_.end(), [&](Order each) { return each <= order; });
  }

  const history::History& history_;
  const Transactions& transactions_;
  bool clients_are_known_;
  Budget budget_;
  unsigned threads_;
  ListOrders orders_;
  Wording wording_;
  Anomalies anomalies_;
  /// By Order: the order within each component, and whether there is none.
  std::array<std::vector<std::vector<TransactionId>>, 3> parts_;
  std::array<bool, 3> is_cyclic_{};
  std::map<Order, bool> gave_up_;
  /// The orders of the cycles of ww edges.
  std::vector<Order> g0_;
  std::optional<Level> proved_;
  bool cursors_are_open_ = false;
  std::optional<OrderedLevels> levels_;
  /// What contradicts the order that the answers claim.
  std::string claim_;
  bool reads_are_dirty_ = false;
  /// Why not all was looked at.
  std::string spent_;
};

}  // namespace

IsolationReport find_isolation(const history::History& history, const Transactions& transactions,
                               const IsolationOptions& options) {
  return Engine(history, transactions, options).judge();
}

CheckResult check_isolation(const history::History& history, Level claimed,
                            const IsolationOptions& options) {
  const auto transactions = transactions_of(history);
  const auto report = find_isolation(history, transactions, options);
  return result_of(account_of(history, transactions, report, claimed));
}

}  // namespace sunder::checker::isolation
