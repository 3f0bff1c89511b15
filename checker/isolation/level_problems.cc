#include "checker/isolation/level_problems.h"

#include <algorithm>
#include <map>
#include <utility>

#include "checker/isolation/level_graph.h"
#include "checker/isolation/reachable_blocks.h"

namespace sunder::checker::isolation {
namespace {

void demand(LevelProblem& made, const RegisterFacts& facts, Node seen, const RegisterRead& read) {
  if (read.version == 0) {
    if (!made.miss) made.miss = Demand{read.key, seen, read.reader, read.reader};
    return;
  }
  const Node writer = facts.writer_of(read);
  if (writer == seen) return;
  made.demands.push_back({read.key, seen, writer, read.reader});
  made.problem.edges.push_back({EdgeKind::ww, seen, writer, read.key});
}

/// Bailis et al. (2013): a read does not miss a write of a transaction that was seen, by the reads
/// in front of it or by all reads.
void demand_what_was_seen(LevelProblem& made, const RegisterFacts& facts, bool by_all_reads) {
  const std::vector<RegisterRead>& reads = facts.reads();
  for (std::size_t begin = 0; begin < reads.size();) {
    std::size_t end = begin;
    while (end < reads.size() && reads[end].reader == reads[begin].reader) ++end;
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t j = begin; j < (by_all_reads ? end : i); ++j) {
        if (reads[j].version == 0) continue;
        const Node seen = facts.writer_of(reads[j]);
        if (facts.writes(seen, reads[i].key)) demand(made, facts, seen, reads[i]);
      }
    }
    begin = end;
  }
}

/// A read does not miss what led to its transaction by reads and by the order of clients.
void demand_causes(LevelProblem& made, const RegisterFacts& facts, Steps& steps) {
  const LevelGraph graph(made.problem, Forbidden::no_rw, Order::session);
  const std::optional<std::vector<State>> sorted = graph.sorted();
  // Without an order the level is ruled out anyway.
  if (!sorted) return;
  ReachableBlocks blocks(graph, *sorted);
  std::map<KeyId, std::vector<RegisterRead>> reads_of;
  for (const RegisterRead& read : facts.reads()) reads_of[read.key].push_back(read);
  std::vector<std::pair<ReachSource, KeyId>> sources;
  for (const auto& [key, reads] : reads_of) {
    std::uint32_t last = 0;
    for (const RegisterRead& read : reads) {
      last = std::max(last, blocks.place(graph.start(read.reader)));
    }
    for (const Node writer : facts.writers(key)) {
      sources.push_back({{graph.start(writer), last}, key});
    }
  }
  std::sort(sources.begin(), sources.end(), [&](const auto& left, const auto& right) {
    return blocks.place(left.first.state) < blocks.place(right.first.state);
  });
  for (std::size_t begin = 0; begin < sources.size(); begin += ReachableBlocks::block_bits) {
    const std::size_t end = std::min(begin + ReachableBlocks::block_bits, sources.size());
    std::vector<ReachSource> block;
    for (std::size_t i = begin; i < end; ++i) block.push_back(sources[i].first);
    made.is_incomplete = !blocks.search(block, steps);
    if (made.is_incomplete) return;
    for (std::size_t i = begin; i < end; ++i) {
      const Node seen = sources[i].first.state;
      const std::vector<RegisterRead>& reads = reads_of.at(sources[i].second);
      steps.spend(reads.size());
      for (const RegisterRead& read : reads) {
        if (read.reader == seen || !blocks.reaches(i - begin, graph.start(read.reader))) continue;
        // What leads to the version that was read is before it anyway.
        const bool is_led =
            read.version != 0 && blocks.reaches(i - begin, graph.start(facts.writer_of(read)));
        if (!is_led) demand(made, facts, seen, read);
      }
    }
  }
}

}  // namespace

LevelProblem problem_of(Level level, const RegisterFacts& facts, const OrderProblem& base,
                        Steps& steps) {
  LevelProblem made;
  made.order = level.order;
  made.problem.nodes = base.nodes;
  made.problem.edges = base.edges;
  made.forbidden = Forbidden::no_rw;
  switch (level.model) {
    case Model::cursor_stability:
      // Adya (1999), PL-CS: only who wrote the key must have read the version directly before.
      made.forbidden = Forbidden::any;
      made.problem.keys = facts.open_keys(
          [&](const RegisterRead& read) { return facts.writes(read.reader, read.key); });
      break;
    case Model::monotonic_atomic_view:
      demand_what_was_seen(made, facts, false);
      break;
    case Model::read_atomic:
      demand_what_was_seen(made, facts, true);
      break;
    case Model::causal:
      made.order = Order::session;
      demand_causes(made, facts, steps);
      break;
    case Model::consistent_view:
      made.forbidden = Forbidden::one_rw;
      made.problem.keys = base.keys;
      break;
    case Model::snapshot_isolation:
      made.forbidden = Forbidden::no_adjacent_rw;
      made.problem.keys = base.keys;
      break;
    case Model::repeatable_read:
    case Model::serializable:
      made.forbidden = Forbidden::any;
      made.problem.keys = base.keys;
      break;
    default:
      break;
  }
  return made;
}

}  // namespace sunder::checker::isolation
