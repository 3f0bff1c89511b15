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

  virtual ~Administrator() = default;

  virtual boost::asio::awaitable<Answer> transfer_leadership(NodeNumber to) = 0;
  /// Done when the change is committed.
  virtual boost::asio::awaitable<Answer> remove_voters(std::vector<NodeNumber> nodes) = 0;
  virtual boost::asio::awaitable<Answer> add_voters(std::vector<NodeNumber> nodes) = 0;

  /// Whether `witness`, asked itself, knows of no configuration that `node` has a part in. False if
  /// it does not answer.
  virtual boost::asio::awaitable<bool> knows_of_removal(NodeNumber witness, NodeNumber node) = 0;
};

}  // namespace sunder::nemesis
