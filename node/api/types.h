#pragma once
// The types that every room uses for a Raft cluster: node, term, log index. They are distinct, so
// that a term cannot be passed as an index.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace sunder {

/// A server's number, from 1. Shown to people as "n1", "n2", ...
struct NodeId {
  std::int64_t value = 0;
  auto operator<=>(const NodeId&) const = default;
};

/// A Raft term. 0 is before the first election.
struct Term {
  std::uint64_t value = 0;
  auto operator<=>(const Term&) const = default;
  Term next() const { return {value + 1}; }
};

/// A position in the log, from 1. 0 is the position before the first entry.
struct Index {
  std::uint64_t value = 0;
  auto operator<=>(const Index&) const = default;
  Index next() const { return {value + 1}; }
  /// The position before this one; 0 stays 0.
  Index previous() const { return {value == 0 ? 0 : value - 1}; }
};

/// Where a list with one element for each node keeps that of `node`.
inline std::size_t position_of(NodeId node) {
  return static_cast<std::size_t>(node.value - 1);
}

inline std::string name_of(NodeId node) {
  return "n" + std::to_string(node.value);
}

}  // namespace sunder

template <>
struct std::hash<sunder::NodeId> {
  std::size_t operator()(sunder::NodeId node) const noexcept {
    return std::hash<std::int64_t>{}(node.value);
  }
};
