#pragma once
// Judges the levels whose answer depends on orders of versions that values do not show: all levels
// of registers, and of lists those that depend on the order of appends that no read shows. Each
// level is asked by itself, because what follows from it holds for no other.
// Invariant: a level is allowed only if an exact procedure ended. Surprise: the strongest levels
// are asked first, since one that is allowed answers for all that it implies.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "checker/isolation/anomalies.h"
#include "checker/isolation/graph.h"
#include "checker/isolation/isolation.h"
#include "checker/isolation/level_problems.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/order_search.h"
#include "checker/isolation/register_facts.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

class OrderedLevels {
 public:
  OrderedLevels(const history::History& history, const Transactions& transactions,
                const ListOrders& orders, const Graph& graph, const Wording& wording,
                const Budget& budget);

  const RegisterFacts& facts() const { return facts_; }
  /// Adds what rules levels out. Levels that `found` rules out, or that `proved` implies, are not
  /// asked.
  void judge(Anomalies& found, std::optional<Level> proved);

  bool allows(Level level) const;
  /// Why a level that was asked is neither ruled out nor allowed. Empty if it was not asked.
  std::string why_open(Level level) const;
  /// The order by which the level was allowed does not explain all reads.
  void withdraw(Level level);
  /// An order that a serializable level allows: to be executed.
  const std::vector<TransactionId>* order_of(Order order) const;

 private:
  struct Asked {
    LevelProblem of;
    OrderAnswer answer;
  };

  bool is_asked(Level level) const;
  const Asked& ask(Level level);
  void take(Level level, const Asked& asked);
  void judge_sessions(Anomalies& found);
  Anomaly anomaly_of(Level level, const Asked& asked) const;
  Anomaly anomaly_of_cycle(const Asked& asked) const;
  Anomaly anomaly_of_miss(const Demand& miss, Level level) const;
  Anomaly anomaly_of_alternatives(const Asked& asked) const;
  std::string because(const ReasonedLink& link, const Asked& asked) const;
  std::string because_demanded(const Link& link, const Asked& asked) const;
  std::string path_text(const std::vector<Link>& path) const;
  std::string undecided_text(const OrderAnswer& answer) const;
  CycleEdge edge_of(const Link& link) const;

  const history::History& history_;
  const Transactions& transactions_;
  const Wording& wording_;
  const ListOrders& orders_;
  RegisterFacts facts_;
  OrderProblem base_;
  bool has_lists_ = false;
  bool has_open_lists_ = false;
  OrderLimits limits_;
  /// By what distinguishes the problems of levels.
  std::map<std::tuple<Model, Order>, std::unique_ptr<Asked>> asked_;
  std::vector<Level> allowed_;
  std::vector<std::pair<Level, const Asked*>> impossible_;
  std::map<Level, std::string> open_;
  std::map<Order, std::vector<TransactionId>> executable_;
};

}  // namespace sunder::checker::isolation
