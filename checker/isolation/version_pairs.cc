#include "checker/isolation/version_pairs.h"

#include <algorithm>

namespace sunder::checker::isolation {
namespace {

/// How many of the writers behind `index` may be before it.
std::size_t partner_count(const OrderProblem& problem, const OpenKey& key, std::size_t index,
                          Order order) {
  const auto behind = key.writers.begin() + static_cast<std::ptrdiff_t>(index) + 1;
  if (order != Order::real_time) return static_cast<std::size_t>(key.writers.end() - behind);
  const history::Position returned = problem.nodes[key.writers[index]].returned;
  const auto end = std::partition_point(behind, key.writers.end(), [&](Node writer) {
    return problem.nodes[writer].invoked < returned;
  });
  return static_cast<std::size_t>(end - behind);
}

}  // namespace

std::uint64_t VersionPairs::count_of(const OrderProblem& problem, Order order) {
  std::uint64_t count = 0;
  for (const OpenKey& key : problem.keys) {
    for (std::size_t i = 0; i < key.writers.size(); ++i) {
      count += partner_count(problem, key, i, order);
    }
  }
  return count;
}

VersionPairs::VersionPairs(const OrderProblem& problem) : problem_(&problem) {
  first_of_key_.push_back(0);
  for (std::uint32_t k = 0; k < problem.keys.size(); ++k) {
    for (const Node writer : problem.keys[k].writers) {
      writers_.push_back(writer);
      keys_.push_back(k);
    }
    first_of_key_.push_back(static_cast<Version>(writers_.size()));
  }
}

VersionPairs::VersionPairs(const OrderProblem& problem, Order order) : VersionPairs(problem) {
  by_time_ = order == Order::real_time;
  first_cell_.push_back(0);
  for (Version version = 0; version < versions(); ++version) {
    const Version first = first_of_key(key(version));
    first_partner_.push_back(order == Order::real_time ? version : first);
    const OpenKey& of = problem.keys[key(version)];
    first_cell_.push_back(first_cell_.back() + partner_count(problem, of, version - first, order));
  }
  if (order == Order::real_time) {
    // From the last one on, so that the earliest partner is the one that stays.
    for (Version version = static_cast<Version>(versions()); version-- > 0;) {
      for (Version other = version + 1; other <= version + partners(version); ++other) {
        first_partner_[other] = version;
      }
    }
  }
  cells_.resize(first_cell_.back(), unknown);
  open_ = cells_.size();
  open_of_.assign(versions(), 0);
  for (Version version = 0; version < versions(); ++version) {
    open_of_[version] += partners(version);
    for (Version other = version + 1; other <= version + partners(version); ++other) {
      ++open_of_[other];
    }
  }
  successors_.resize(versions());
  is_changed_.assign(versions(), 1);
}

std::uint32_t VersionPairs::round_of(Version left, Version right) const {
  if (left > right) std::swap(left, right);
  return is_stored(left, right) ? cell(left, right) >> 2U : 0;
}

void VersionPairs::put_before(Version left, Version right, std::uint32_t round) {
  if (is_before(left, right) && round_of(left, right) <= round) return;
  const Version earlier = left;
  const std::uint16_t state = left < right ? first_is_before : second_is_before;
  if (left > right) std::swap(left, right);
  std::uint16_t& found = cells_[first_cell_[left] + (right - left - 1)];
  if (found == unknown) {
    --open_;
    --open_of_[left];
    --open_of_[right];
  } else if ((found & 3U) != state) {
    take_back(earlier == left ? right : left, earlier);
  }
  is_changed_[left] = is_changed_[right] = 1;
  found = static_cast<std::uint16_t>(state | (std::min(round, last_round) << 2U));
}

/// Those that have the earlier one directly behind them left the later one out because of it.
void VersionPairs::take_back(Version earlier, Version later) {
  const Version end = end_of_key(key(later));
  for (Version version = first_of_key(key(later)); version < end; ++version) {
    const std::vector<Version>& behind = successors_[version];
    if (std::find(behind.begin(), behind.end(), earlier) != behind.end()) is_changed_[version] = 1;
  }
}

std::vector<Version> VersionPairs::successors(Version version, std::uint32_t round) const {
  std::vector<Version> found;
  find_successors(version, round, found);
  return found;
}

void VersionPairs::find_successors(Version version, std::uint32_t round,
                                   std::vector<Version>& found) const {
  found.clear();
  const auto take = [&](Version to) {
    for (const Version other : found) {
      if (is_before(other, to, round)) return;
    }
    found.push_back(to);
  };
  const Version stored_end = version + partners(version) + 1;
  for (Version other = first_partner(version); other < stored_end; ++other) {
    if (other != version && is_before(version, other, round)) take(other);
  }
  // Behind them time says the order, until one of the successors returned before the others.
  history::Position returned = history::never;
  for (const Version other : found) {
    returned = std::min(returned, problem_->nodes[writer(other)].returned);
  }
  for (Version other = stored_end; other < end_of_key(key(version)); ++other) {
    const OrderNode& of = problem_->nodes[writer(other)];
    if (of.invoked > returned) break;
    take(other);
    returned = std::min(returned, of.returned);
  }
}

const std::vector<std::vector<Version>>& VersionPairs::all_successors() {
  for (Version version = 0; version < versions(); ++version) {
    if (is_changed_[version] != 0) find_successors(version, last_round, successors_[version]);
    is_changed_[version] = 0;
  }
  return successors_;
}

}  // namespace sunder::checker::isolation
