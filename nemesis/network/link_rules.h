#pragma once
// The rules that faults have put on each directed link. A fault adds rules under its id and
// releases them with it, so overlapping faults do not undo each other: a link is open when no fault
// blocks it. in_flight.h says what the rules do to a message. Whoever carries messages listens to
// changes. One thread changes the rules; a carrier with a thread of its own holds the mutex while
// it reads states and lets messages draw their fates.

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "nemesis/link.h"
#include "nemesis/network/message_fates.h"

namespace sunder::nemesis {

/// The rules of one link, all faults taken together.
struct LinkState {
  bool is_blocked = false;
  bool is_cut = false;
  /// Null while no message fault is active.
  MessageFates* fates = nullptr;
};

class LinkRules {
 public:
  /// The carrier of the messages: proxy, switch, router or simulated network. It is called on the
  /// thread that changes the rules, without the mutex.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual Framing framing() const = 0;
    /// Whether the links between clients and nodes are its own too.
    virtual bool carries_clients() const { return false; }
    virtual void rules_changed(Link link) = 0;
    /// Tears down the link's connections (TCP: by RST) now.
    virtual void reset(Link link) = 0;
  };

  /// Nothing passes; connections stay.
  void block(int fault_id, const std::set<Link>& links);
  /// Connections end, and none can be made.
  void cut(int fault_id, const std::set<Link>& links);
  void add(int fault_id, const std::set<Link>& links, const MessageFault& fault,
           std::uint64_t seed);
  /// Happens once, now; there is nothing to release.
  void reset(const std::set<Link>& links);

  /// Removes all rules of the fault.
  void release(int fault_id);

  /// Whether every carrier tells single messages apart.
  bool carry_messages() const;
  /// Whether a carrier tells messages apart, but not by the types of sunder's own.
  bool carry_packets() const;
  /// Whether a carrier has the links between clients and nodes.
  bool carry_clients() const;
  std::mutex& mutex() { return mutex_; }
  LinkState state(Link link);
  bool is_blocked(Link link) { return state(link).is_blocked; }
  bool is_cut(Link link) { return state(link).is_cut; }

  /// Until stop_listening, which the listener calls before it ends.
  void listen(Listener& listener) { listeners_.push_back(&listener); }
  void stop_listening(Listener& listener) { std::erase(listeners_, &listener); }

 private:
  struct Rules {
    std::set<int> blockers;
    std::set<int> cutters;
    MessageFates fates;
  };

  void changed(const std::set<Link>& links);

  std::mutex mutex_;
  std::map<Link, Rules> links_;
  std::vector<Listener*> listeners_;
};

}  // namespace sunder::nemesis
