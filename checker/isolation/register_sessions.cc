#include "checker/isolation/register_sessions.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/isolation/components.h"

namespace sunder::checker::isolation {
namespace {

/// A read or write of a client, in the order of its transactions.
struct SessionStep {
  std::uint32_t process = 0;
  KeyId key = 0;
  TransactionId id = 0;
  /// From 1 on; 0 is the initial state.
  std::uint32_t version = 0;
  bool is_write = false;

  friend auto operator<=>(const SessionStep&, const SessionStep&) = default;
};

/// Two steps of one client: the version of the first is not newer than that of the second.
struct SessionEdge {
  SessionStep earlier;
  SessionStep later;
};

struct SessionEdges {
  std::vector<SessionEdge> edges;
  /// A later read of the initial state.
  std::optional<SessionEdge> miss;
  bool is_complete = true;

  void add(const SessionStep& earlier, const SessionStep& later) {
    constexpr std::size_t most = 20'000'000;
    if (earlier.version == 0) return;
    if (later.version == 0) {
      if (!miss) miss = {earlier, later};
    } else if (edges.size() < most) {
      edges.push_back({earlier, later});
    } else {
      is_complete = false;
    }
  }
};

class RegisterSessions {
 public:
  RegisterSessions(const Transactions& transactions, const ListOrders& orders,
                   const RegisterFacts& facts)
      : transactions_(transactions), facts_(facts) {
    for (KeyId key = 0; key < transactions.keys.size(); ++key) {
      first_version_.push_back(versions_);
      versions_ += static_cast<std::uint32_t>(facts.writers(key).size());
    }
    for (Node node = 0; node < facts.ids().size(); ++node) add_writes(node);
    for (const RegisterRead& read : facts.reads()) {
      const bool is_certain = read.version == 0 || is_ok(facts.writer_of(read));
      add(read.reader, read.key, read.version, false, is_certain);
    }
    add_own_reads(orders);
    std::sort(all_.begin(), all_.end());
    std::sort(certain_.begin(), certain_.end());
  }

  /// Of the steps that count without doubt, or of all that may.
  SessionEdges edges_of(Model model, bool certain) const {
    SessionEdges made;
    const std::vector<SessionStep>& steps = certain ? certain_ : all_;
    for (std::size_t begin = 0; begin < steps.size();) {
      std::size_t end = begin;
      while (end < steps.size() && steps[end].process == steps[begin].process &&
             steps[end].key == steps[begin].key) {
        ++end;
      }
      compare(std::span(steps).subspan(begin, end - begin), model, made);
      begin = end;
    }
    return made;
  }

  /// The edges of a short cycle, or none.
  std::vector<SessionEdge> cycle_of(const SessionEdges& made) const {
    for (const SessionEdge& edge : made.edges) {
      if (edge.earlier.version == edge.later.version) return {edge};
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> by_source;
    for (std::uint32_t i = 0; i < made.edges.size(); ++i) {
      by_source.emplace_back(number_of(made.edges[i].earlier), i);
    }
    std::sort(by_source.begin(), by_source.end());
    StateArcs arcs;
    std::size_t next = 0;
    for (std::uint32_t version = 0; version < versions_; ++version) {
      for (; next < by_source.size() && by_source[next].first == version; ++next) {
        arcs.next.push_back(number_of(made.edges[by_source[next].second].later));
      }
      arcs.end.push_back(arcs.next.size());
    }
    const Components components = components_of(arcs);
    for (const SessionEdge& edge : made.edges) {
      if (components.of[number_of(edge.earlier)] != components.of[number_of(edge.later)]) continue;
      return path_back(made, by_source, arcs, edge);
    }
    return {};
  }

 private:
  bool is_ok(Node node) const {
    return transactions_.transactions[facts_.ids()[node]].outcome == history::Outcome::ok;
  }

  void add(Node node, KeyId key, std::uint32_t version, bool is_write, bool is_certain) {
    const TransactionId id = facts_.ids()[node];
    const SessionStep step{transactions_.transactions[id].process, key, id, version, is_write};
    all_.push_back(step);
    if (is_certain) certain_.push_back(step);
  }

  void add_writes(Node node) {
    for (const Step& step :
         transactions_.steps_of(transactions_.transactions[facts_.ids()[node]])) {
      if (step.kind == Step::Kind::write)
        add(node, step.key, version_of(node, step.key), true, is_ok(node));
    }
  }

  std::uint32_t version_of(Node node, KeyId key) const {
    const std::vector<Node>& writers = facts_.writers(key);
    return static_cast<std::uint32_t>(std::lower_bound(writers.begin(), writers.end(), node) -
                                      writers.begin()) +
           1;
  }

  void add_own_reads(const ListOrders& orders) {
    for (Node node = 0; node < facts_.ids().size(); ++node) {
      const TransactionId id = facts_.ids()[node];
      for (const Step& step : transactions_.steps_of(transactions_.transactions[id])) {
        if (step.kind != Step::Kind::read_register || step.value == initial) continue;
        if (orders.writer_of(step.key, step.value) != id) continue;
        if (orders.is_intermediate(step.key, step.value)) continue;
        add(node, step.key, version_of(node, step.key), false, false);
      }
    }
  }

  std::uint32_t number_of(const SessionStep& step) const {
    return first_version_[step.key] + step.version - 1;
  }

  /// The steps of one client on one key.
  static void compare(std::span<const SessionStep> steps, Model model, SessionEdges& made) {
    const bool pram = model == Model::pram;
    std::vector<SessionStep> written;
    std::vector<SessionStep> read;
    std::vector<SessionStep> last_read;
    for (std::size_t begin = 0; begin < steps.size();) {
      std::size_t end = begin;
      while (end < steps.size() && steps[end].id == steps[begin].id) ++end;
      const std::span<const SessionStep> own = steps.subspan(begin, end - begin);
      bool is_first_write = true;
      for (const SessionStep& step : own) {
        if (step.is_write && std::exchange(is_first_write, false)) {
          // Each write follows the one before, so it follows all before.
          if ((pram || model == Model::monotonic_writes) && !written.empty()) {
            made.add(written.back(), step);
          }
          for (const SessionStep& seen : read) {
            if (model == Model::writes_follow_reads) made.add(seen, step);
          }
        } else if (!step.is_write) {
          for (const SessionStep& before : written) {
            const bool counts = pram || model == Model::read_your_writes;
            if (counts && before.version != step.version) made.add(before, step);
          }
          for (const SessionStep& before : last_read) {
            const bool counts = pram || model == Model::monotonic_reads;
            if (counts && before.version != step.version) made.add(before, step);
          }
        }
      }
      remember(own, written, read, last_read);
      begin = end;
    }
  }

  static void remember(std::span<const SessionStep> own, std::vector<SessionStep>& written,
                       std::vector<SessionStep>& read, std::vector<SessionStep>& last_read) {
    bool has_read = false;
    bool has_written = false;
    for (const SessionStep& step : own) {
      if (step.is_write) {
        if (!std::exchange(has_written, true)) written.push_back(step);
        continue;
      }
      if (!std::exchange(has_read, true)) last_read.clear();
      last_read.push_back(step);
      const bool is_new = read.empty() || read.back().version != step.version;
      if (is_new) read.push_back(step);
    }
  }

  std::vector<SessionEdge> path_back(
      const SessionEdges& made, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges,
      const StateArcs& arcs, const SessionEdge& first) const {
    constexpr std::uint32_t none = UINT32_MAX;
    const std::uint32_t from = number_of(first.later);
    const std::uint32_t to = number_of(first.earlier);
    std::vector<std::uint32_t> by(versions_, none);
    std::vector<std::uint32_t> queue = {from};
    for (std::size_t i = 0; i < queue.size() && by[to] == none; ++i) {
      const std::size_t begin = queue[i] == 0 ? 0 : arcs.end[queue[i] - 1];
      for (std::size_t arc = begin; arc < arcs.end[queue[i]]; ++arc) {
        if (by[arcs.next[arc]] != none || arcs.next[arc] == from) continue;
        by[arcs.next[arc]] = edges[arc].second;
        queue.push_back(arcs.next[arc]);
      }
    }
    std::vector<SessionEdge> cycle;
    for (std::uint32_t at = to; at != from; at = number_of(cycle.back().earlier)) {
      cycle.push_back(made.edges[by[at]]);
    }
    cycle.push_back(first);
    std::reverse(cycle.begin(), cycle.end());
    return cycle;
  }

  const Transactions& transactions_;
  const RegisterFacts& facts_;
  std::vector<std::uint32_t> first_version_;
  std::uint32_t versions_ = 0;
  std::vector<SessionStep> all_;
  std::vector<SessionStep> certain_;
};

/// "T3 read 1, and then T5 of its client wrote 2"
std::string text_of(const SessionEdge& edge, const Transactions& transactions,
                    const RegisterFacts& facts, const Wording& wording) {
  const auto of = [&](const SessionStep& step) {
    std::string value = "nil";
    if (step.version != 0) {
      const TransactionId writer = facts.ids()[facts.writers(step.key)[step.version - 1]];
      for (const Step& each : transactions.steps_of(transactions.transactions[writer])) {
        if (each.kind == Step::Kind::write && each.key == step.key) {
          value = wording.value(step.key, each.value);
        }
      }
    }
    return fmt::format("{} {}", step.is_write ? "wrote" : "read", value);
  };
  return fmt::format("{} {}, and then {} of its client {}", transaction_name(edge.earlier.id),
                     of(edge.earlier), transaction_name(edge.later.id), of(edge.later));
}

}  // namespace

std::vector<Level> judge_register_sessions(const Transactions& transactions,
                                           const ListOrders& orders, const RegisterFacts& facts,
                                           const Wording& wording, Anomalies& found) {
  const RegisterSessions sessions(transactions, orders, facts);
  std::vector<Level> kept;
  for (const Model model : {Model::monotonic_reads, Model::monotonic_writes,
                            Model::read_your_writes, Model::writes_follow_reads, Model::pram}) {
    const Level level{model, Order::values};
    if (found.rules_out(level)) continue;
    const SessionEdges certain = sessions.edges_of(model, true);
    const std::vector<SessionEdge> cycle =
        certain.miss ? std::vector<SessionEdge>{*certain.miss} : sessions.cycle_of(certain);
    if (cycle.empty()) {
      const SessionEdges all = sessions.edges_of(model, false);
      if (all.is_complete && !all.miss && sessions.cycle_of(all).empty()) kept.push_back(level);
      continue;
    }
    const KeyId key = cycle.front().earlier.key;
    found.add(name_of(level), transactions.keys[key].name, {level}, [&] {
      Anomaly anomaly;
      std::vector<std::string> texts;
      for (const SessionEdge& edge : cycle) {
        texts.push_back(text_of(edge, transactions, facts, wording));
        anomaly.transactions.push_back(edge.earlier.id);
        anomaly.transactions.push_back(edge.later.id);
      }
      std::sort(anomaly.transactions.begin(), anomaly.transactions.end());
      anomaly.transactions.erase(
          std::unique(anomaly.transactions.begin(), anomaly.transactions.end()),
          anomaly.transactions.end());
      anomaly.sentence = fmt::format("At key {}: {}", wording.key(key), fmt::join(texts, "; "));
      return anomaly;
    });
  }
  return kept;
}

}  // namespace sunder::checker::isolation
