#include "node/raft/configuration.h"

#include "node/api/bytes.h"
#include "node/check.h"

namespace sunder::raft {
namespace {

bool is_majority(const std::set<NodeId>& voters, const std::function<bool(NodeId)>& agrees) {
  const auto agreeing =
      static_cast<std::size_t>(std::count_if(voters.begin(), voters.end(), agrees));
  return agreeing > voters.size() / 2;
}

/// The greatest value that a majority of `voters` has reached.
std::uint64_t majority_value(const std::set<NodeId>& voters,
                             const std::function<std::uint64_t(NodeId)>& value_of) {
  std::vector<std::uint64_t> values;
  values.reserve(voters.size());
  for (const auto node : voters) values.push_back(value_of(node));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end(), std::greater<>());
  return *middle;
}

void write_nodes(ByteWriter& out, const std::set<NodeId>& nodes) {
  out.number(static_cast<std::uint32_t>(nodes.size()));
  for (const auto node : nodes) out.number(node.value);
}

std::set<NodeId> read_nodes(ByteReader& in) {
  std::set<NodeId> nodes;
  for (auto left = in.number<std::uint32_t>(); left > 0; --left) {
    nodes.insert(NodeId{in.number<std::int64_t>()});
  }
  return nodes;
}

}  // namespace

std::set<NodeId> Configuration::members() const {
  std::set<NodeId> all = voters;
  all.insert(outgoing.begin(), outgoing.end());
  all.insert(learners.begin(), learners.end());
  return all;
}

// §6: a joint configuration needs a majority of each set, for elections and for commitment. With
// either one alone, the old and the new voters could decide differently.
bool is_quorum(const Configuration& configuration, const std::function<bool(NodeId)>& agrees) {
  return is_majority(configuration.voters, agrees) &&
         (!configuration.is_joint() || is_majority(configuration.outgoing, agrees));
}

std::uint64_t quorum_value(const Configuration& configuration,
                           const std::function<std::uint64_t(NodeId)>& value_of) {
  CHECK(!configuration.voters.empty());
  const auto value = majority_value(configuration.voters, value_of);
  if (!configuration.is_joint()) return value;
  return std::min(value, majority_value(configuration.outgoing, value_of));
}

trace::Configuration traced(Index index, const Configuration& configuration) {
  const auto list = [](const std::set<NodeId>& nodes) {
    return std::vector<NodeId>(nodes.begin(), nodes.end());
  };
  return {index, list(configuration.voters), list(configuration.outgoing),
          list(configuration.learners)};
}

std::string encode(const Configuration& configuration) {
  std::string data;
  ByteWriter out(data);
  write_nodes(out, configuration.voters);
  write_nodes(out, configuration.outgoing);
  write_nodes(out, configuration.learners);
  return data;
}

Configuration decode_configuration(std::string_view data) {
  ByteReader in(data);
  Configuration configuration;
  configuration.voters = read_nodes(in);
  configuration.outgoing = read_nodes(in);
  configuration.learners = read_nodes(in);
  in.expect_end();
  if (configuration.voters.empty()) throw std::runtime_error("a configuration without voters");
  return configuration;
}

}  // namespace sunder::raft
