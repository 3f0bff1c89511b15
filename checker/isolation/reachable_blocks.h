#pragma once
// Reachability in a LevelGraph without cycles, from blocks of 512 states at a time, over those
// states only that lie between the first source and the last place that is asked about. So memory
// is bounded, and where time sorts the states the work is linear.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/isolation/level_graph.h"
#include "checker/isolation/steps.h"

namespace sunder::checker::isolation {

/// Where a search begins, and the last place in the sorted states that is asked about.
struct ReachSource {
  State state = 0;
  std::uint32_t last = 0;
};

class ReachableBlocks {
 public:
  static constexpr std::size_t words = 8;
  static constexpr std::size_t block_bits = words * 64;

  ReachableBlocks(const LevelGraph& graph, const std::vector<State>& sorted)
      : graph_(graph), sorted_(sorted), place_(sorted.size()) {
    for (std::uint32_t i = 0; i < sorted.size(); ++i) place_[sorted[i]] = i;
  }

  std::uint32_t place(State state) const { return place_[state]; }
  /// Whether the block's source with that number leads to the state, or is it.
  bool reaches(std::size_t source, State state) const {
    const std::uint32_t at = place_[state];
    return at >= first_ && at <= last_ &&
           ((rows_[at - first_][source / 64] >> (source % 64)) & 1U) != 0;
  }

  /// At most block_bits sources. False if the steps ran out.
  bool search(std::span<const ReachSource> block, Steps& steps) {
    first_ = UINT32_MAX;
    last_ = 0;
    for (const ReachSource& source : block) {
      first_ = std::min(first_, place_[source.state]);
      last_ = std::max({last_, source.last, place_[source.state]});
    }
    rows_.assign(last_ - first_ + 1, Row{});
    for (std::size_t i = 0; i < block.size(); ++i) {
      rows_[place_[block[i].state] - first_][i / 64] |= std::uint64_t{1} << (i % 64);
    }
    for (std::uint32_t at = first_; at <= last_; ++at) {
      const Row& row = rows_[at - first_];
      if (!steps.spend(words)) return false;
      if (std::all_of(row.begin(), row.end(), [](std::uint64_t word) { return word == 0; })) {
        continue;
      }
      graph_.for_each_next(sorted_[at], [&](State next, std::uint32_t) {
        const std::uint32_t to = place_[next];
        if (to > last_) return;
        Row& reached = rows_[to - first_];
        for (std::size_t i = 0; i < words; ++i) reached[i] |= row[i];
      });
    }
    return true;
  }

 private:
  /// The block's sources that lead to a state.
  using Row = std::array<std::uint64_t, words>;

  const LevelGraph& graph_;
  const std::vector<State>& sorted_;
  std::vector<std::uint32_t> place_;
  std::uint32_t first_ = 0;
  std::uint32_t last_ = 0;
  std::vector<Row> rows_;
};

}  // namespace sunder::checker::isolation
