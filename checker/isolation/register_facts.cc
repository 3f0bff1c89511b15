#include "checker/isolation/register_facts.h"

#include <algorithm>
#include <utility>

namespace sunder::checker::isolation {

RegisterFacts::RegisterFacts(const Transactions& transactions, const ListOrders& orders)
    : nodes_(transactions.transactions.size(), nobody), writers_(transactions.keys.size()) {
  for (TransactionId id = 0; id < nodes_.size(); ++id) {
    if (!orders.is_committed(id)) continue;
    nodes_[id] = static_cast<Node>(ids_.size());
    ids_.push_back(id);
  }
  find_writers(transactions);
  find_reads(transactions, orders);
  are_any_ = std::any_of(transactions.keys.begin(), transactions.keys.end(),
                         [](const Key& key) { return !key.is_list; });
}

void RegisterFacts::find_writers(const Transactions& transactions) {
  for (Node node = 0; node < ids_.size(); ++node) {
    for (const Step& step : transactions.steps_of(transactions.transactions[ids_[node]])) {
      if (step.kind != Step::Kind::write) continue;
      std::vector<Node>& writers = writers_[step.key];
      if (writers.empty() || writers.back() != node) writers.push_back(node);
    }
  }
}

void RegisterFacts::find_reads(const Transactions& transactions, const ListOrders& orders) {
  for (Node node = 0; node < ids_.size(); ++node) {
    const Transaction& transaction = transactions.transactions[ids_[node]];
    if (transaction.outcome != history::Outcome::ok) continue;
    for (const Step& step : transactions.steps_of(transaction)) {
      if (step.kind != Step::Kind::read_register) continue;
      RegisterRead read{step.key, 0, node};
      if (step.value != initial) {
        const TransactionId writer = orders.writer_of(step.key, step.value);
        if (writer == nobody || writer == ids_[node] || !orders.is_committed(writer)) continue;
        if (orders.is_intermediate(step.key, step.value)) continue;
        const std::vector<Node>& writers = writers_[step.key];
        const auto at = std::lower_bound(writers.begin(), writers.end(), nodes_[writer]);
        read.version = static_cast<std::uint32_t>(at - writers.begin()) + 1;
      }
      reads_.push_back(read);
    }
  }
}

bool RegisterFacts::writes(Node node, KeyId key) const {
  return std::binary_search(writers_[key].begin(), writers_[key].end(), node);
}

std::vector<OpenKey> RegisterFacts::open_keys_of(std::vector<RegisterRead> reads) const {
  std::sort(reads.begin(), reads.end(), [](const RegisterRead& left, const RegisterRead& right) {
    if (left.key != right.key) return left.key < right.key;
    if (left.version != right.version) return left.version < right.version;
    return left.reader < right.reader;
  });
  std::vector<OpenKey> keys;
  auto read = reads.begin();
  for (KeyId key = 0; key < writers_.size(); ++key) {
    if (writers_[key].empty()) continue;
    while (read != reads.end() && read->key < key) ++read;
    OpenKey& of = keys.emplace_back();
    of.key = key;
    of.writers = writers_[key];
    const auto take_readers = [&](std::uint32_t version, std::vector<Node>& readers) {
      const std::size_t begin = readers.size();
      for (; read != reads.end() && read->key == key && read->version == version; ++read) {
        if (readers.size() == begin || readers.back() != read->reader) {
          readers.push_back(read->reader);
        }
      }
    };
    take_readers(0, of.initial_readers);
    for (std::uint32_t version = 1; version <= of.writers.size(); ++version) {
      take_readers(version, of.readers);
      of.reader_ends.push_back(static_cast<std::uint32_t>(of.readers.size()));
    }
  }
  return keys;
}

OrderProblem RegisterFacts::without_keys(const Transactions& transactions) const {
  OrderProblem problem;
  for (const TransactionId id : ids_) {
    const Transaction& transaction = transactions.transactions[id];
    const bool is_ok = transaction.outcome == history::Outcome::ok;
    problem.nodes.push_back(
        {transaction.invoked, is_ok ? transaction.returned : history::never, transaction.process});
  }
  for (const RegisterRead& read : reads_) {
    if (read.version == 0) continue;
    problem.edges.push_back({EdgeKind::wr, writer_of(read), read.reader, read.key});
  }
  return problem;
}

void add_lists(const Transactions& transactions, const ListOrders& orders, const Graph& graph,
               const RegisterFacts& facts, OrderProblem& problem) {
  std::vector<std::vector<Node>> readers_of_all(transactions.keys.size());
  for (Node node = 0; node < facts.ids().size(); ++node) {
    for (const Arc& arc : graph.arcs(facts.ids()[node])) {
      if (!transactions.keys[arc.key()].is_list) continue;
      if (graph.is_transaction(arc.to)) {
        problem.edges.push_back(
            {static_cast<EdgeKind>(arc.kind()), node, facts.node_of(arc.to), arc.key()});
        continue;
      }
      std::vector<Node>& readers = readers_of_all[arc.key()];
      if (readers.empty() || readers.back() != node) readers.push_back(node);
    }
  }
  for (KeyId key = 0; key < transactions.keys.size(); ++key) {
    if (!transactions.keys[key].is_list || orders.unobserved(key).size() < 2) continue;
    OpenKey& of = problem.keys.emplace_back();
    of.key = key;
    for (const TransactionId id : orders.unobserved(key)) of.writers.push_back(facts.node_of(id));
    of.reader_ends.assign(of.writers.size(), 0);
    of.initial_readers = std::move(readers_of_all[key]);
  }
  std::sort(problem.keys.begin(), problem.keys.end(),
            [](const OpenKey& left, const OpenKey& right) { return left.key < right.key; });
}

}  // namespace sunder::checker::isolation
