#pragma once
// What sunder knows of each kind of fault. Every kind is one file in nemesis/kinds/, which defines
// a class derived from FaultKind, and one row of the table in nemesis/kinds/kinds.cc. Kinds have no
// state. What a fault breaks is kept in the Stage under the fault's id; the nemesis takes it back
// when the fault heals, so most kinds have nothing to do in heal().

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json_fwd.hpp>

#include "nemesis/link.h"
#include "nemesis/schedule/fault.h"
#include "nemesis/schedule/random.h"

namespace sunder {
class JsonObject;
}

namespace sunder::nemesis {

struct Stage;

/// What a fault requires of the system under test or of the machine. Without it the fault cannot
/// take effect.
enum class Need {
  disks,        ///< Disks that lose power and fail on command (disk/faulty_disk.h).
  clocks,       ///< A clock for each node that can be set.
  messages,     ///< Links whose single messages the proxy can tell apart.
  connections,  ///< Connections between nodes.
  traces,       ///< Nodes that report what happens inside them.
  transfers,    ///< A way to transfer leadership to a given node.
  members,      ///< A way to remove and add voters.
};

/// Why a fault was not injected.
struct Refusal {
  std::string because;
  /// Other faults hold the targets; the injection may succeed after they heal.
  bool may_pass = false;
  /// The system accepted the order and did not carry it out.
  bool was_taken = false;
};

/// One name that --nemesis accepts.
class NemesisOption {
 public:
  virtual ~NemesisOption() = default;

  virtual std::string_view name() const = 0;
  /// One line for `sunder list nemeses`.
  virtual std::string_view summary() const = 0;
  /// What may follow the colon in `--nemesis name:refinement`.
  virtual std::vector<std::string_view> refinements() const { return {}; }
  /// What every fault needs that is drawn with this refinement ("" for none).
  virtual std::vector<Need> needs(std::string_view /*refinement*/) const { return {}; }
  /// Without a refinement the draw chooses one. `at` counts from the first fault's time; a duration
  /// of 0 is for the caller to choose. A seed must draw the same faults for ever.
  virtual std::vector<Fault> draw(std::string_view refinement, Random& random) const = 0;
};

class FaultKind : public NemesisOption {
 public:
  /// The parameters, from a fault in a schedule file. Throws as JsonObject does.
  virtual Action read(JsonObject& object) const = 0;
  /// Writes what read() reads.
  virtual void write(const Action& /*action*/, nlohmann::ordered_json& /*json*/) const {}
  /// The parameters that matter to a reader: "bridge", "x1.25 70ms ahead".
  virtual std::string words(const Action& /*action*/) const { return {}; }
  /// False if the target says nothing to a reader.
  virtual bool has_target(const Action& /*action*/) const { return true; }

  /// The links that the fault affects. The target must be node numbers, here and below.
  virtual std::set<Link> links(const Fault& /*fault*/, int /*node_count*/) const { return {}; }

  /// A refused fault leaves nothing behind.
  virtual std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const;
  /// Runs after the fault's links are open again and before its processes are started or resumed.
  virtual void heal(const Fault& /*fault*/, const Stage& /*stage*/) const {}

  /// Whether the system's administrator brings the fault about: then the nemesis calls order(), not
  /// inject(), and repeats it until it succeeds or the schedule ends.
  virtual bool is_order() const { return false; }
  /// One attempt.
  virtual boost::asio::awaitable<std::optional<Refusal>> order(Fault fault,
                                                               const Stage& stage) const;
  /// Whether nothing is left to heal after the injection. The duration is then how long the
  /// injection may be tried.
  virtual bool is_momentary() const { return false; }
  /// If another node may take the place of a target that a rule chose: the rule for the next
  /// attempt.
  virtual std::optional<TargetRule> retry_target() const { return std::nullopt; }

  /// Whether the injection ends the processes of its targets: reports draw them as down.
  virtual bool ends_processes(const Action& /*action*/) const { return false; }
  /// Whether a target may exit by itself while the fault is active.
  virtual bool explains_exit(const Action& /*action*/) const { return false; }
  /// Whether answers may be late while the fault is active.
  virtual bool delays_answers(const Action& /*action*/) const { return true; }
  virtual bool changes_voters() const { return false; }
  /// Whether sunder-simulator can play the fault.
  virtual bool can_be_simulated() const { return true; }
};

/// In the order in which they are listed and drawn. Both are defined in nemesis/kinds/kinds.cc.
std::span<const FaultKind* const> fault_kinds();
/// Every kind, then the options that draw faults of several kinds.
std::span<const NemesisOption* const> nemesis_options();

/// Null if no option has the name.
const NemesisOption* find_nemesis_option(std::string_view name);

/// Whether the fault needs it.
bool needs(const Fault& fault, Need need);

}  // namespace sunder::nemesis
