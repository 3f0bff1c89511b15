#pragma once
// Orders to the system under test, as its operator gives them: who votes and who leads. Each order
// is one attempt and ends within a second or so. Repeating one that was carried out is harmless.

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "nemesis/node_number.h"

namespace sunder::nemesis {

class Administrator {
 public:
  enum class Outcome {
    done,
    refused,  ///< Certainly not carried out.
    unknown,  ///< Not answered, or leadership was lost on the way: it may still be carried out.
  };
  struct Answer {
    Outcome outcome = Outcome::done;
    /// Why it is not done.
    std::string because = {};
  };

  /// What becomes of a node that is no voter any more.
  enum class Outsider {
    waits,  ///< It runs on, and may be added again as it is or with an empty disk.
    ends,  ///< It will never be of use again. In its place comes one of another identity, which has
           ///< an empty disk and is started once it was added.
  };

  virtual ~Administrator() = default;

  virtual Outsider outsider() const { return Outsider::waits; }

  virtual boost::asio::awaitable<Answer> transfer_leadership(NodeNumber to) = 0;
  /// Done when the change is committed.
  virtual boost::asio::awaitable<Answer> remove_voters(std::vector<NodeNumber> nodes) = 0;
  virtual boost::asio::awaitable<Answer> add_voters(std::vector<NodeNumber> nodes) = 0;

  /// Where outsiders wait: whether `witness`, asked itself, knows of no configuration that `node`
  /// has a part in. False if it does not answer.
  virtual boost::asio::awaitable<bool> knows_of_removal(NodeNumber /*witness*/,
                                                        NodeNumber /*node*/) {
    co_return false;
  }

  /// Where outsiders end: whether a node that was added and started takes part by now. Until then
  /// it may give up, and is started again.
  virtual boost::asio::awaitable<bool> has_come_in(NodeNumber /*node*/) { co_return true; }
};

}  // namespace sunder::nemesis
