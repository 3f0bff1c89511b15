#pragma once
// What happens now to the traffic of each directed link. Faults add rules under their id and take
// them away again, so overlapping faults never undo each other: a link is open only when no fault
// blocks it. The proxy asks here for every message and is told of changes.

#include <cstdint>
#include <map>
#include <set>

#include "nemesis/network/message_fates.h"
#include "nemesis/node_number.h"

namespace sunder::nemesis {

class LinkRules {
 public:
  /// The proxy.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual Framing framing() const = 0;
    virtual void rules_changed(Link link) = 0;
    /// The link's connections are to be torn down by RST, now.
    virtual void reset(Link link) = 0;
  };

  /// Nothing passes; connections stay.
  void block(int fault_id, const std::set<Link>& links);
  /// There are no connections, and none can be made.
  void cut(int fault_id, const std::set<Link>& links);
  void add(int fault_id, const std::set<Link>& links, const MessageFault& fault,
           std::uint64_t seed);
  /// Once, now: nothing to release.
  void reset(const std::set<Link>& links);

  /// Takes away everything the fault put in.
  void release(int fault_id);

  /// Whether single messages can be told apart. True without a listener.
  bool carry_frames() const {
    return listener_ == nullptr || listener_->framing() == Framing::frames;
  }
  bool is_blocked(Link link) const { return holds(&State::blockers, link); }
  bool is_cut(Link link) const { return holds(&State::cutters, link); }
  /// Null while no message fault is active on the link: the common case, which costs little.
  MessageFates* fates(Link link);

  /// At most one; null for none.
  void listen(Listener* listener) { listener_ = listener; }

 private:
  struct State {
    std::set<int> blockers;
    std::set<int> cutters;
    MessageFates fates;
  };

  bool holds(std::set<int> State::*faults, Link link) const;
  void changed(const std::set<Link>& links);

  std::map<Link, State> links_;
  Listener* listener_ = nullptr;
};

}  // namespace sunder::nemesis
