#pragma once
// Orders of versions that are open, apart from transactions and values: nodes, edges that are known
// between them, and keys of which the order of the writers is not known. order_search.h answers
// whether an order exists at which a level forbids no cycle.
// Invariant: nodes are sorted by invocation; the writers of a key are ascending, each once, and no
// node reads the version that it wrote itself. Surprise: what follows from an order depends on the
// level, because a level forbids only some cycles.

#include <cstdint>
#include <span>
#include <vector>

#include "checker/history/operation.h"
#include "checker/isolation/account.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

/// The cycles that a level forbids. Each value forbids all that the ones before it do.
enum class Forbidden : std::uint8_t {
  only_ww,         ///< Cycles of ww.
  no_rw,           ///< Cycles of ww and wr.
  one_rw,          ///< Also those with one rw.
  no_adjacent_rw,  ///< Also those in which no rw follows another one.
  any,
};

using Node = std::uint32_t;

struct OrderNode {
  history::Position invoked = 0;
  /// `never`: it may take effect at any time, so that no other node has to be after it.
  history::Position returned = history::never;
  std::uint32_t process = 0;
};

/// Known from values: ww, wr or rw.
struct OrderEdge {
  EdgeKind kind = EdgeKind::ww;
  Node from = 0;
  Node to = 0;
  KeyId key = 0;
};

/// A key whose writers are in no known order. Each of them wrote one version.
struct OpenKey {
  KeyId key = 0;
  std::vector<Node> writers;
  /// The readers of the versions one after the other; version i's end at reader_ends[i].
  std::vector<Node> readers;
  std::vector<std::uint32_t> reader_ends;
  /// Those that read the state before all of these versions.
  std::vector<Node> initial_readers;

  std::span<const Node> readers_of(std::size_t version) const {
    const std::size_t begin = version == 0 ? 0 : reader_ends[version - 1];
    return std::span(readers).subspan(begin, reader_ends[version] - begin);
  }
};

struct OrderProblem {
  std::vector<OrderNode> nodes;
  /// Those that follow from `keys` (a version to its readers) are among them.
  std::vector<OrderEdge> edges;
  std::vector<OpenKey> keys;
};

}  // namespace sunder::checker::isolation
