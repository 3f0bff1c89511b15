#include "node/administration.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace sunder {
namespace {

using admin_protocol::Action;
using client_protocol::Reply;
using client_protocol::Status;

Reply reply_to(std::uint64_t request, Status status, std::string message = {}) {
  Reply reply;
  reply.request = request;
  reply.status = status;
  reply.message = std::move(message);
  return reply;
}

nlohmann::json list_of(const std::set<NodeId>& nodes) {
  auto list = nlohmann::json::array();
  for (const auto node : nodes) list.push_back(node.value);
  return list;
}

}  // namespace

void Administration::begin(Clients::Connection connection, const admin_protocol::Request& request,
                           const std::optional<std::string>& leader_address) {
  if (request.action == Action::show) {
    auto reply = reply_to(request.request, Status::ok);
    reply.value = description();
    return clients_.answer(connection, reply);
  }
  if (raft_.role() != raft::Role::leader) {
    auto reply = reply_to(request.request, Status::not_leader);
    reply.leader = leader_address;
    return clients_.answer(connection, reply);
  }
  Waiting waiting{connection, request.request, {}, {}};
  std::optional<std::string_view> refusal;
  if (request.action == Action::transfer) {
    waiting.heir = *request.nodes.begin();
    refusal = raft_.transfer_leadership(*waiting.heir);
  } else {
    waiting.goal = raft_.configuration().voters;
    for (const auto node : request.nodes) {
      if (request.action == Action::add) {
        waiting.goal->insert(node);
      } else {
        waiting.goal->erase(node);
      }
    }
    refusal = raft_.change_voters(*waiting.goal);
  }
  if (refusal) {
    return clients_.answer(connection,
                           reply_to(request.request, Status::bad_request, std::string(*refusal)));
  }
  waiting_.push_back(std::move(waiting));
}

void Administration::answer_finished() {
  std::erase_if(waiting_, [this](const Waiting& waiting) {
    const auto outcome = outcome_of(waiting);
    if (outcome) clients_.answer(waiting.connection, *outcome);
    return outcome.has_value();
  });
}

std::string Administration::description() const {
  const auto& configuration = raft_.configuration();
  nlohmann::ordered_json value{{"voters", list_of(configuration.voters)},
                               {"outgoing", list_of(configuration.outgoing)},
                               {"learners", list_of(configuration.learners)}};
  if (raft_.leader()) value["leader"] = raft_.leader()->value;
  value["term"] = raft_.term().value;
  return value.dump();
}

/// Absent while the transfer is under way.
std::optional<Reply> Administration::outcome_of(const Waiting& waiting) const {
  const bool leads = raft_.role() == raft::Role::leader;
  if (waiting.goal) {
    const bool is_committed = raft_.configuration_index() <= raft_.commit_index();
    if (leads && (raft_.is_changing_voters() || !is_committed)) return std::nullopt;
    return outcome_of_change(waiting);
  }
  if (leads ? raft_.is_transferring() : !raft_.leader()) return std::nullopt;
  return outcome_of_transfer(waiting);
}

/// A leader that removed itself steps down when the change is committed, which is a success.
Reply Administration::outcome_of_change(const Waiting& waiting) const {
  const bool is_committed = raft_.configuration_index() <= raft_.commit_index();
  const bool is_done = is_committed && !raft_.configuration().is_joint() &&
                       raft_.configuration().voters == *waiting.goal;
  return is_done ? reply_to(waiting.request, Status::ok)
                 : reply_to(waiting.request, Status::unknown, "leadership was lost on the way");
}

Reply Administration::outcome_of_transfer(const Waiting& waiting) const {
  return raft_.leader() == waiting.heir
             ? reply_to(waiting.request, Status::ok)
             : reply_to(waiting.request, Status::unknown, "the target did not take over");
}

}  // namespace sunder
