#pragma once
// Orders to the system under test, as its operator gives them: which nodes vote and which one
// leads. Each call is one attempt and ends within about a second. Repeating an order is harmless.

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "nemesis/link.h"

namespace sunder::nemesis {

class Administrator {
 public:
  enum class Outcome {
    done,
    refused,  ///< Certainly not carried out.
    unknown,  ///< No answer, or the leader was deposed meanwhile: it may still be carried out.
  };
  struct Answer {
    Outcome outcome = Outcome::done;
    /// Why it is not done.
    std::string because = {};
  };

  /// What happens to a node after its removal from the voters.
  enum class Outsider {
    waits,  ///< It runs on, and may be added again as it is or with an empty disk.
    ends,   ///< It cannot be added again. Its successor has another identity and an empty disk, and
            ///< is started after it was added.
  };

  virtual ~Administrator() = default;

  virtual Outsider outsider() const { return Outsider::waits; }

  virtual boost::asio::awaitable<Answer> transfer_leadership(NodeId to) = 0;
  /// Done when the change is committed.
  virtual boost::asio::awaitable<Answer> remove_voters(std::vector<NodeId> nodes) = 0;
  virtual boost::asio::awaitable<Answer> add_voters(std::vector<NodeId> nodes) = 0;

  /// Only where outsiders wait: whether no configuration that `witness` knows contains `node`.
  /// False if the witness does not answer.
  virtual boost::asio::awaitable<bool> knows_of_removal(NodeId /*witness*/, NodeId /*node*/) {
    co_return false;
  }

  /// Only where outsiders end: whether a node that was added and started is a member by now. Until
  /// then it may exit, and is started again.
  virtual boost::asio::awaitable<bool> has_come_in(NodeId /*node*/) { co_return true; }
};

}  // namespace sunder::nemesis
