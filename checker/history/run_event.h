#pragma once
// What sunder itself writes into a history, with the process "nemesis": faults, how they ended, and
// reports on nodes and on sunder. This file knows each such event by name, with its fields.
// Invariant: reading an event and writing it again gives the same bytes.
// Surprise: a fault has the name of its kind, and the kinds are known to nemesis/ only. An event of
// any other name is a fault if it has an id and a kind; else it is an UnknownEvent, as other
// versions of sunder and other systems may write them.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "checker/history/event.h"
#include "checker/history/history.h"

namespace sunder::history {

/// A fault as its events describe it.
struct FaultDescription {
  /// What the user asked for: "kill", "ambush". It names the event.
  std::string nemesis;
  /// Unique in its run. It pairs an injection with its healing.
  std::int64_t id = 0;
  /// What the fault does: "kill". It differs from `nemesis` only in an ambush.
  std::string kind;
  /// The name of the ambush that the fault belongs to, or empty.
  std::string ambush;
  /// What only this kind of fault has: "shape", "direction", "delay", ...
  Object parameters;
  std::vector<std::string> targets;
  bool operator==(const FaultDescription&) const = default;
};

/// Of an order to the system (a leadership transfer, a membership change).
struct Order {
  /// How often the system accepted the order.
  std::int64_t taken = 0;
  /// From the first attempt to this event.
  std::chrono::milliseconds took{0};
  bool operator==(const Order&) const = default;
};

struct FaultInjected {
  FaultDescription fault;
  /// Why the targets are not those that the schedule asked for.
  std::optional<std::string> note;
  /// "n1->n3". Empty for a fault that breaks no link.
  std::vector<std::string> links;
  std::optional<Order> order;
  /// Of a fault with a trigger: when it was to strike.
  std::optional<Time> triggered_at;
  bool operator==(const FaultInjected&) const = default;
};
struct FaultHealed {
  FaultDescription fault;
  bool operator==(const FaultHealed&) const = default;
};
/// The fault could not be injected.
struct FaultSkipped {
  FaultDescription fault;
  std::optional<std::string> note;
  std::optional<Order> order;
  std::string because;
  bool operator==(const FaultSkipped&) const = default;
};

/// A node's process ended and no fault was the reason.
struct Crash {
  std::string node;
  /// "exit status 3", "signal 6"
  std::string how;
  bool operator==(const Crash&) const = default;
};
/// A node's process ended by itself because of the fault with that id.
struct Stopped {
  std::string node;
  std::string how;
  std::int64_t fault = 0;
  bool operator==(const Stopped&) const = default;
};
/// The end of the phase that follows the last healing.
struct Recovery {
  bool recovered = false;
  /// Since the last healing.
  std::chrono::milliseconds took{0};
  /// Why the system did not recover, if sunder knows it.
  std::optional<std::string> because;
  /// The log index that every node reached (only of systems that trace).
  std::optional<std::int64_t> caught_up_to;
  std::optional<std::string> leader;
  std::optional<std::int64_t> term;
  /// How many keys were read, if not all of them.
  std::optional<std::int64_t> keys_read = {};
  bool operator==(const Recovery&) const = default;
};

/// sunder itself did not run for a while. The event is written when it runs again.
struct StallReport {
  std::chrono::milliseconds took{0};
  bool operator==(const StallReport&) const = default;
};
/// A node's clock, as the node shows it after an order to change it.
struct ClockReport {
  std::string node;
  double rate = 1;
  std::chrono::microseconds ahead{0};
  bool operator==(const ClockReport&) const = default;
};
/// What a node's disk replied to an order.
struct DiskReport {
  std::string node;
  std::string order;
  /// "bytes_lost", "file", ...
  Object reply;
  bool operator==(const DiskReport&) const = default;
};
/// A program of the system itself checked the nodes' files after the run.
struct FilesReport {
  std::string program;
  bool passed = false;
  std::string said;
  bool operator==(const FilesReport&) const = default;
};
/// Two nodes had a connection that did not pass the proxy.
struct BypassReport {
  std::vector<std::string> nodes;
  std::string connection;
  bool operator==(const BypassReport&) const = default;
};
/// A helper process of the driver failed.
struct DriverReport {
  std::string complaint;
  bool operator==(const DriverReport&) const = default;
};

/// An event that this version of sunder does not write.
struct UnknownEvent {
  std::string name;
  Value value;
  bool operator==(const UnknownEvent&) const = default;
};

using RunEvent =
    std::variant<FaultInjected, FaultHealed, FaultSkipped, Crash, Stopped, Recovery, StallReport,
                 ClockReport, DiskReport, FilesReport, BypassReport, DriverReport, UnknownEvent>;

/// What an event says about the faults of a run. Every reader decides by this.
enum class FaultPhase {
  injected,  ///< A fault began.
  healed,    ///< A fault ended.
  skipped,   ///< A fault was planned and did not begin.
  moment,    ///< Something happened to the system that is no fault: a crash, the recovery.
  report,    ///< Nothing happened to the system.
};
FaultPhase phase_of(const RunEvent& event);

/// `f` in the history: "kill", "heal-kill", "crash", "stall-report".
std::string name_of(const RunEvent& event);

/// The fault that the event injects, heals or skips; else null.
const FaultDescription* fault_of(const RunEvent& event);

/// The nodes that the event names: a fault's targets, or the one of a crash.
std::vector<std::string> nodes_of(const RunEvent& event);

/// The event's fields as a history holds them.
Value fields_of(const RunEvent& event);

/// Index and time are the recorder's to fill.
Event to_event(const RunEvent& event);

/// Throws std::runtime_error if the event is known by its name and a field of it is missing or of
/// the wrong type. The message names event and field.
RunEvent run_event_of(const Event& event);

struct RunRecord {
  Time time{0};
  RunEvent event;
  bool operator==(const RunRecord&) const = default;
};

/// Of the history of a run, in order. Throws InputError with the place of a malformed event.
std::vector<RunRecord> run_records_of(const History& history);

/// An event whose name is always the same.
struct NamedRunEvent {
  std::string_view name;
  FaultPhase phase;
  /// Those that may be absent too.
  std::vector<std::string> fields;
};
std::vector<NamedRunEvent> named_run_events();

/// A fault "kill" is healed by the event "heal-kill" and skipped by "skip-kill".
constexpr std::string_view healed_prefix = "heal-";
constexpr std::string_view skipped_prefix = "skip-";
/// The names of all reports end so, those of other versions too.
constexpr std::string_view report_suffix = "-report";

}  // namespace sunder::history
