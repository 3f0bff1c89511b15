#include "checker/isolation/order_search.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "checker/isolation/clauses.h"
#include "checker/isolation/level_graph.h"

namespace sunder::checker::isolation::order_search_test {

using history::Position;

constexpr Forbidden all_forbidden[] = {Forbidden::only_ww, Forbidden::no_rw, Forbidden::one_rw,
                                       Forbidden::no_adjacent_rw, Forbidden::any};
constexpr Order all_orders[] = {Order::values, Order::session, Order::real_time};

/// A relation between at most eight nodes: of each node the set of those that it leads to.
struct Relation {
  std::array<std::uint8_t, 8> rows{};

  void put(Node from, Node to) { rows[from] |= static_cast<std::uint8_t>(1U << to); }
  bool has(Node from, Node to) const { return ((rows[from] >> to) & 1U) != 0; }
  Relation with(const Relation& other) const {
    Relation both = *this;
    for (std::size_t i = 0; i < rows.size(); ++i) both.rows[i] |= other.rows[i];
    return both;
  }
  Relation then(const Relation& other) const {
    Relation joined;
    for (Node i = 0; i < rows.size(); ++i) {
      for (Node j = 0; j < rows.size(); ++j) {
        if (has(i, j)) joined.rows[i] |= other.rows[j];
      }
    }
    return joined;
  }
  Relation closed() const {
    Relation closure = *this;
    for (Node through = 0; through < rows.size(); ++through) {
      for (Node i = 0; i < rows.size(); ++i) {
        if (closure.has(i, through)) closure.rows[i] |= closure.rows[through];
      }
    }
    return closure;
  }
  bool has_loop() const {
    for (Node i = 0; i < rows.size(); ++i) {
      if (has(i, i)) return true;
    }
    return false;
  }
  bool has_cycle() const { return closed().has_loop(); }
};

/// The orders that do not depend on the orders of versions.
struct Relations {
  Relation ww;
  Relation wr;
  Relation rw;
  Relation time;
};

Relation time_of(const OrderProblem& problem, Order order) {
  Relation time;
  for (Node i = 0; i < problem.nodes.size(); ++i) {
    for (Node j = 0; j < problem.nodes.size(); ++j) {
      const OrderNode& left = problem.nodes[i];
      const OrderNode& right = problem.nodes[j];
      if (left.returned >= right.invoked) continue;
      if (order == Order::real_time || (order == Order::session && left.process == right.process)) {
        time.put(i, j);
      }
    }
  }
  return time;
}

bool is_forbidden(const Relations& all, Forbidden forbidden) {
  const Relation dependencies = all.ww.with(all.wr).with(all.time);
  switch (forbidden) {
    case Forbidden::only_ww:
      return all.ww.with(all.time).has_cycle();
    case Forbidden::no_rw:
      return dependencies.has_cycle();
    case Forbidden::one_rw: {
      if (dependencies.has_cycle()) return true;
      return dependencies.closed().then(all.rw).has_loop();
    }
    case Forbidden::no_adjacent_rw:
      return dependencies.with(dependencies.then(all.rw)).has_cycle();
    case Forbidden::any:
      return dependencies.with(all.rw).has_cycle();
  }
  return true;
}

/// Tries the orders of the keys from `key` on.
bool some_order_is_allowed(const OrderProblem& problem, Forbidden forbidden, std::size_t key,
                           const Relations& before) {
  if (key == problem.keys.size()) return !is_forbidden(before, forbidden);
  const OpenKey& of = problem.keys[key];
  std::vector<std::size_t> order(of.writers.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  do {
    Relations all = before;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (const Node reader : of.initial_readers) {
        if (reader != of.writers[order[i]]) all.rw.put(reader, of.writers[order[i]]);
      }
      for (std::size_t j = i + 1; j < order.size(); ++j) {
        all.ww.put(of.writers[order[i]], of.writers[order[j]]);
      }
      if (i + 1 == order.size()) continue;
      for (const Node reader : of.readers_of(order[i])) {
        const Node next = of.writers[order[i + 1]];
        if (reader != next) all.rw.put(reader, next);
      }
    }
    // The initial state's readers precede the first version; those behind it follow by ww.
    if (some_order_is_allowed(problem, forbidden, key + 1, all)) return true;
  } while (std::next_permutation(order.begin(), order.end()));
  return false;
}

bool some_order_is_allowed(const OrderProblem& problem, Forbidden forbidden, Order order) {
  Relations all{{}, {}, {}, time_of(problem, order)};
  for (const OrderEdge& edge : problem.edges) {
    Relation& relation = edge.kind == EdgeKind::ww   ? all.ww
                         : edge.kind == EdgeKind::wr ? all.wr
                                                     : all.rw;
    relation.put(edge.from, edge.to);
  }
  return some_order_is_allowed(problem, forbidden, 0, all);
}

/// Nodes that overlap in time, with a few writers of each key.
OrderProblem random_problem(std::mt19937_64& random) {
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  OrderProblem problem;
  const std::size_t nodes = 2 + below(5);
  Position position = 0;
  std::vector<Position> free_from(1 + below(4), 0);
  for (std::size_t i = 0; i < nodes; ++i) {
    OrderNode node;
    node.process = static_cast<std::uint32_t>(below(free_from.size()));
    position = std::max(position, free_from[node.process]) + 10;
    node.invoked = position;
    node.returned = position + 1 + static_cast<Position>(below(40)) * 10 / 2;
    if (node.returned % 10 == 0) ++node.returned;
    free_from[node.process] = node.returned;
    if (below(10) == 0) node.returned = history::never;
    problem.nodes.push_back(node);
  }
  const std::size_t keys = 1 + below(3);
  for (KeyId key = 0; key < keys; ++key) {
    OpenKey of;
    of.key = key;
    for (Node node = 0; node < nodes && of.writers.size() < 3; ++node) {
      if (below(2) == 0) of.writers.push_back(node);
    }
    std::vector<std::vector<Node>> readers(of.writers.size() + 1);
    for (Node node = 0; node < nodes; ++node) {
      if (below(2) == 0) continue;
      const std::size_t version = below(readers.size());
      if (version > 0 && of.writers[version - 1] == node) continue;
      readers[version].push_back(node);
    }
    of.initial_readers = readers[0];
    for (std::size_t i = 0; i < of.writers.size(); ++i) {
      for (const Node reader : readers[i + 1]) {
        of.readers.push_back(reader);
        problem.edges.push_back({EdgeKind::wr, of.writers[i], reader, key});
      }
      of.reader_ends.push_back(static_cast<std::uint32_t>(of.readers.size()));
    }
    problem.keys.push_back(std::move(of));
  }
  // Known edges of other keys.
  for (std::size_t i = below(3); i > 0; --i) {
    const Node from = static_cast<Node>(below(nodes));
    const Node to = static_cast<Node>(below(nodes));
    if (from != to) problem.edges.push_back({static_cast<EdgeKind>(below(3)), from, to, 9});
  }
  return problem;
}

std::string text_of(const OrderProblem& problem) {
  std::string text;
  for (const OrderNode& node : problem.nodes) {
    text += fmt::format("[{} {} p{}] ", node.invoked, node.returned, node.process);
  }
  for (const OrderEdge& edge : problem.edges) {
    text += fmt::format("{}-{}->{}@{} ", edge.from, static_cast<int>(edge.kind), edge.to, edge.key);
  }
  for (const OpenKey& key : problem.keys) {
    text += fmt::format("\nkey {}: nil read by", key.key);
    for (const Node reader : key.initial_readers) text += fmt::format(" {}", reader);
    for (std::size_t i = 0; i < key.writers.size(); ++i) {
      text += fmt::format("; {} read by", key.writers[i]);
      for (const Node reader : key.readers_of(i)) text += fmt::format(" {}", reader);
    }
  }
  return text;
}

/// A key of which each version has the given readers.
OpenKey open_key(KeyId key, const std::vector<std::pair<Node, std::vector<Node>>>& versions,
                 std::vector<Node> initial_readers = {}) {
  OpenKey made;
  made.key = key;
  made.initial_readers = std::move(initial_readers);
  for (const auto& [writer, readers] : versions) {
    made.writers.push_back(writer);
    made.readers.insert(made.readers.end(), readers.begin(), readers.end());
    made.reader_ends.push_back(static_cast<std::uint32_t>(made.readers.size()));
  }
  return made;
}

/// Nodes that all overlap, and the edges from versions to readers.
OrderProblem overlapping(std::size_t nodes, std::vector<OpenKey> keys) {
  OrderProblem problem;
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto at = static_cast<Position>(i);
    problem.nodes.push_back({at, at + 1000, static_cast<std::uint32_t>(i)});
  }
  for (const OpenKey& key : keys) {
    for (std::size_t i = 0; i < key.writers.size(); ++i) {
      for (const Node reader : key.readers_of(i)) {
        problem.edges.push_back({EdgeKind::wr, key.writers[i], reader, key.key});
      }
    }
  }
  problem.keys = std::move(keys);
  return problem;
}

TEST(OrderSearch, finds_what_trying_all_orders_finds) {
  std::mt19937_64 random(21);
  std::map<std::tuple<Forbidden, OrderAnswer::Kind>, std::size_t> seen;
  for (int round = 0; round < 600; ++round) {
    const OrderProblem problem = random_problem(random);
    for (const Forbidden forbidden : all_forbidden) {
      for (const Order order : all_orders) {
        const OrderAnswer answer = find_order(problem, forbidden, order);
        const OrderAnswer::Kind expected = some_order_is_allowed(problem, forbidden, order)
                                               ? OrderAnswer::Kind::possible
                                               : OrderAnswer::Kind::impossible;
        ++seen[{forbidden, answer.kind}];
        ASSERT_EQ(static_cast<int>(answer.kind), static_cast<int>(expected))
            << "round " << round << ", forbidden " << static_cast<int>(forbidden) << ", order "
            << static_cast<int>(order) << "\n"
            << text_of(problem);
      }
    }
  }
  for (const Forbidden forbidden : all_forbidden) {
    EXPECT_GT((seen[{forbidden, OrderAnswer::Kind::possible}]), 100U);
    EXPECT_GT((seen[{forbidden, OrderAnswer::Kind::impossible}]), 30U);
  }
}

TEST(OrderSearch, a_cycle_leads_from_each_node_to_the_next) {
  std::mt19937_64 random(22);
  std::size_t cycles = 0;
  for (int round = 0; round < 300; ++round) {
    const OrderProblem problem = random_problem(random);
    for (const Forbidden forbidden : all_forbidden) {
      const OrderAnswer answer = find_order(problem, forbidden, Order::real_time);
      if (answer.cycle.empty()) continue;
      ++cycles;
      std::size_t rw = 0;
      for (std::size_t i = 0; i < answer.cycle.size(); ++i) {
        const std::size_t next = (i + 1) % answer.cycle.size();
        ASSERT_EQ(answer.cycle[i].link.to, answer.cycle[next].link.from) << text_of(problem);
        const bool is_rw = answer.cycle[i].link.kind == EdgeKind::rw;
        rw += is_rw ? 1 : 0;
        if (forbidden == Forbidden::no_adjacent_rw) {
          ASSERT_FALSE(is_rw && answer.cycle[next].link.kind == EdgeKind::rw) << text_of(problem);
        }
      }
      if (forbidden <= Forbidden::no_rw) {
        ASSERT_EQ(rw, 0U);
      }
      if (forbidden == Forbidden::one_rw) {
        ASSERT_LE(rw, 1U);
      }
    }
  }
  EXPECT_GT(cycles, 200U);
}

// T0 writes x and T1 too; T2 read T0's version after it saw T1's write of y.
TEST(OrderSearch, a_version_that_was_seen_before_another_one_was_read_is_before_it) {
  OrderProblem problem =
      overlapping(4, {open_key(0, {{0, {2}}, {1, {}}}), open_key(1, {{1, {2}}}, {3})});
  // T3 read y before T1 wrote it, and it read T1's x.
  problem.keys[0] = open_key(0, {{0, {2}}, {1, {3}}});
  problem.edges = {{EdgeKind::wr, 0, 2, 0}, {EdgeKind::wr, 1, 3, 0}, {EdgeKind::wr, 1, 2, 1}};
  const OrderAnswer answer = find_order(problem, Forbidden::one_rw, Order::values);
  ASSERT_EQ(answer.kind, OrderAnswer::Kind::impossible);
  ASSERT_EQ(answer.cycle.size(), 2U);
}

TEST(OrderSearch, the_reason_of_an_order_names_the_reader_who_saw_it_late) {
  // T1 leads to T2, who read T0's version, so T1's version is before T0's. T3 read T1's version,
  // and T0 leads to it: what T0 wrote is not behind it either.
  OrderProblem problem = overlapping(4, {open_key(0, {{0, {2}}, {1, {3}}})});
  problem.edges.push_back({EdgeKind::wr, 1, 2, 7});
  problem.edges.push_back({EdgeKind::wr, 0, 3, 8});
  const OrderAnswer answer = find_order(problem, Forbidden::any, Order::values);
  ASSERT_EQ(answer.kind, OrderAnswer::Kind::impossible);
  const auto reasoned =
      std::find_if(answer.cycle.begin(), answer.cycle.end(),
                   [](const ReasonedLink& link) { return link.reason.has_value(); });
  ASSERT_NE(reasoned, answer.cycle.end());
  EXPECT_EQ(reasoned->reason->kind, OrderReason::Kind::seen_late);
  EXPECT_FALSE(reasoned->reason->path.empty());
}

TEST(OrderSearch, real_time_orders_versions_only_at_levels_of_real_time) {
  // T1 wrote after T0 had returned, and T2, later still, read T0's version.
  OrderProblem problem = overlapping(3, {open_key(0, {{0, {2}}, {1, {}}})});
  problem.nodes = {{0, 1, 0}, {2, 3, 1}, {4, 5, 2}};
  EXPECT_EQ(find_order(problem, Forbidden::any, Order::real_time).kind,
            OrderAnswer::Kind::impossible);
  EXPECT_EQ(find_order(problem, Forbidden::any, Order::session).kind, OrderAnswer::Kind::possible);
  EXPECT_EQ(find_order(problem, Forbidden::any, Order::values).kind, OrderAnswer::Kind::possible);
}

TEST(OrderSearch, too_many_pairs_are_left_open_with_their_writers) {
  // A cycle of rw that needs the order of versions, and no room for their pairs.
  OrderProblem problem = overlapping(4, {open_key(0, {{0, {2}}, {1, {3}}})});
  problem.edges.push_back({EdgeKind::wr, 1, 2, 7});
  problem.edges.push_back({EdgeKind::wr, 0, 3, 8});
  OrderLimits limits;
  limits.pairs = 0;
  const OrderAnswer answer = find_order(problem, Forbidden::any, Order::values, limits);
  ASSERT_EQ(answer.kind, OrderAnswer::Kind::open);
  ASSERT_EQ(answer.undecided.size(), 1U);
  EXPECT_EQ(answer.undecided[0].writers, (std::vector<Node>{0, 1}));
}

/// Transactions of four clients on three keys, three at once. Each takes effect at one moment, and
/// the reads of the last client see the state of thirty effects before.
OrderProblem of_a_store_with_a_late_replica(std::size_t transactions) {
  constexpr std::uint32_t clients = 4;
  constexpr std::size_t keys = 3;
  constexpr std::size_t lag = 30;
  struct Client {
    bool is_open = false;
    Node node = 0;
  };
  std::mt19937_64 random(3);
  OrderProblem problem;
  std::vector<std::vector<std::pair<Node, std::vector<Node>>>> written(keys);
  std::vector<std::vector<Node>> initial_readers(keys);
  // After each effect: how many versions each key has.
  std::vector<std::array<std::size_t, keys>> states(1);
  std::array<Client, clients> open{};
  Position position = 0;
  while (problem.nodes.size() < transactions) {
    Client& client = open[random() % clients];
    const bool is_replica = &client == &open.back();
    if (!client.is_open) {
      client = {true, static_cast<Node>(problem.nodes.size())};
      const auto process = static_cast<std::uint32_t>(&client - open.data());
      problem.nodes.push_back({position++, history::never, process});
      continue;
    }
    client.is_open = false;
    const auto seen =
        is_replica ? states[states.size() - std::min(states.size(), lag)] : states.back();
    const std::size_t read = random() % keys;
    if (seen[read] == 0) {
      initial_readers[read].push_back(client.node);
    } else {
      auto& [writer, readers] = written[read][seen[read] - 1];
      readers.push_back(client.node);
      problem.edges.push_back({EdgeKind::wr, writer, client.node, static_cast<KeyId>(read)});
    }
    states.push_back(states.back());
    if (!is_replica) {
      const std::size_t key = (read + 1) % keys;
      written[key].push_back({client.node, {}});
      ++states.back()[key];
    }
    problem.nodes[client.node].returned = position++;
  }
  for (std::size_t key = 0; key < keys; ++key) {
    std::sort(written[key].begin(), written[key].end());
    for (auto& [writer, readers] : written[key]) std::sort(readers.begin(), readers.end());
    std::sort(initial_readers[key].begin(), initial_readers[key].end());
    problem.keys.push_back(
        open_key(static_cast<KeyId>(key), written[key], std::move(initial_readers[key])));
  }
  return problem;
}

TEST(OrderSearch, a_late_replica_is_found_serializable_though_its_keys_have_too_many_pairs) {
  const OrderProblem problem = of_a_store_with_a_late_replica(600);
  OrderLimits limits;
  limits.pairs = VersionPairs::count_of(problem, Order::real_time);
  ASSERT_GT(VersionPairs::count_of(problem, Order::values), 10 * limits.pairs);
  EXPECT_EQ(find_order(problem, Forbidden::any, Order::real_time, limits).kind,
            OrderAnswer::Kind::impossible);
  for (const Order order : {Order::session, Order::values}) {
    const OrderAnswer answer = find_order(problem, Forbidden::any, order, limits);
    ASSERT_EQ(answer.kind, OrderAnswer::Kind::possible);
    std::vector<std::size_t> place(problem.nodes.size());
    for (std::size_t i = 0; i < answer.order.size(); ++i) place[answer.order[i]] = i;
    for (const OrderEdge& edge : problem.edges) {
      ASSERT_LT(place[edge.from], place[edge.to]);
      // Nobody overwrites the version before it is read.
      for (const Node other : problem.keys[edge.key].writers) {
        ASSERT_TRUE(place[other] <= place[edge.from] || place[other] >= place[edge.to]);
      }
    }
  }
}

TEST(VersionPairs, successors_are_found_again_when_an_order_is_turned_round) {
  const OrderProblem problem = overlapping(3, {open_key(0, {{0, {}}, {1, {}}, {2, {}}})});
  VersionPairs pairs(problem, Order::values);
  pairs.put_before(0, 1, 1);
  pairs.put_before(0, 2, 1);
  pairs.put_before(1, 2, 1);
  ASSERT_EQ(pairs.all_successors()[0], (std::vector<Version>{1}));
  pairs.put_before(2, 1, 1);
  const std::vector<Version>& successors = pairs.all_successors()[0];
  EXPECT_NE(std::find(successors.begin(), successors.end(), 2U), successors.end());
}

TEST(VersionPairs, successors_lead_to_all_that_is_behind_however_orders_are_turned_round) {
  constexpr Version versions = 12;
  std::vector<std::pair<Node, std::vector<Node>>> written;
  for (Node node = 0; node < versions; ++node) written.push_back({node, {}});
  const OrderProblem problem = overlapping(versions, {open_key(0, written)});
  VersionPairs pairs(problem, Order::values);
  std::vector<Version> order(versions);
  std::iota(order.begin(), order.end(), Version{0});
  std::mt19937_64 random(7);
  for (int turn = 0; turn < 200; ++turn) {
    // Neighbours change their places, several before the successors are asked for.
    for (int i = 0; i < 3; ++i) {
      const std::size_t at = random() % (versions - 1);
      std::swap(order[at], order[at + 1]);
    }
    for (std::size_t i = 0; i < versions; ++i) {
      for (std::size_t j = i + 1; j < versions; ++j) pairs.put_before(order[i], order[j], 1);
    }
    const std::vector<std::vector<Version>>& successors = pairs.all_successors();
    for (std::size_t i = 0; i + 1 < versions; ++i) {
      const std::vector<Version>& behind = successors[order[i]];
      EXPECT_NE(std::find(behind.begin(), behind.end(), order[i + 1]), behind.end());
    }
  }
}

TEST(Clauses, finds_values_or_shows_that_there_are_none) {
  Clauses clauses(1000);
  const Literal a = clauses.new_variable();
  const Literal b = clauses.new_variable();
  clauses.add({-a, -b});
  ASSERT_EQ(clauses.solve(), Clauses::Answer::satisfied);
  EXPECT_FALSE(clauses.is_true(a) && clauses.is_true(b));
  clauses.add({a});
  ASSERT_EQ(clauses.solve(), Clauses::Answer::satisfied);
  EXPECT_TRUE(clauses.is_true(a));
  EXPECT_FALSE(clauses.is_true(b));
  clauses.add({b});
  EXPECT_EQ(clauses.solve(), Clauses::Answer::contradictory);
}

TEST(Clauses, without_a_solver_many_pigeons_are_given_up) {
  // Nine pigeons in eight holes: a search without learning tries very many ways.
  constexpr int pigeons = 9;
  constexpr int holes = 8;
  Clauses clauses(1000);
  for (int i = 0; i < pigeons * holes; ++i) clauses.new_variable();
  for (int pigeon = 0; pigeon < pigeons; ++pigeon) {
    std::vector<Literal> somewhere;
    for (int hole = 0; hole < holes; ++hole) somewhere.push_back(pigeon * holes + hole + 1);
    clauses.add(std::move(somewhere));
  }
  for (int hole = 0; hole < holes; ++hole) {
    for (int left = 0; left < pigeons; ++left) {
      for (int right = left + 1; right < pigeons; ++right) {
        clauses.add({-(left * holes + hole + 1), -(right * holes + hole + 1)});
      }
    }
  }
  EXPECT_EQ(clauses.solve(),
            Clauses::has_solver() ? Clauses::Answer::contradictory : Clauses::Answer::gave_up);
}

}  // namespace sunder::checker::isolation::order_search_test
