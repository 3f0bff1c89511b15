#include "checker/history/run_event.h"

#include <algorithm>
#include <concepts>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "checker/history/input_error.h"

namespace sunder::history {
namespace {

/// A description's fields, whether it is read or written.
template <typename Type, typename Described>
concept Of = std::same_as<std::remove_const_t<Type>, Described>;

// The table of all events: the fields of each, in the order in which a history holds them. One
// function reads, writes and lists them.
template <typename Fields, Of<FaultDescription> Fault>
void visit_fields(Fields& fields, Fault& fault) {
  fields("id", fault.id);
  fields("kind", fault.kind);
  fields.unless_empty("ambush", fault.ambush);
  fields.others(fault.parameters);
  fields("targets", fault.targets);
}
template <typename Fields, Of<Order> Given>
void visit_fields(Fields& fields, Given& order) {
  fields("taken", order.taken);
  fields("took_ms", order.took);
}
template <typename Fields, Of<FaultInjected> Event>
void visit_fields(Fields& fields, Event& event) {
  visit_fields(fields, event.fault);
  fields("note", event.note);
  fields.unless_empty("links", event.links);
  fields.group("taken", event.order);
  fields("triggered_at", event.triggered_at);
}
template <typename Fields, Of<FaultHealed> Event>
void visit_fields(Fields& fields, Event& event) {
  visit_fields(fields, event.fault);
}
template <typename Fields, Of<FaultSkipped> Event>
void visit_fields(Fields& fields, Event& event) {
  visit_fields(fields, event.fault);
  fields("note", event.note);
  fields.group("taken", event.order);
  fields("because", event.because);
}
template <typename Fields, Of<Crash> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("node", event.node);
  fields("how", event.how);
}
template <typename Fields, Of<Stopped> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("node", event.node);
  fields("how", event.how);
  fields("fault", event.fault);
}
template <typename Fields, Of<Recovery> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("recovered", event.recovered);
  fields("took_ms", event.took);
  fields("because", event.because);
  fields("caught_up_to", event.caught_up_to);
  fields("leader", event.leader);
  fields("term", event.term);
  fields("keys_read", event.keys_read);
}
template <typename Fields, Of<StallReport> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("took_ms", event.took);
}
template <typename Fields, Of<ClockReport> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("node", event.node);
  fields("rate", event.rate);
  fields("ahead_us", event.ahead);
}
template <typename Fields, Of<DiskReport> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("node", event.node);
  fields("order", event.order);
  fields.others(event.reply);
}
template <typename Fields, Of<FilesReport> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("program", event.program);
  fields("passed", event.passed);
  fields("said", event.said);
}
template <typename Fields, Of<BypassReport> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("nodes", event.nodes);
  fields("connection", event.connection);
}
template <typename Fields, Of<DriverReport> Event>
void visit_fields(Fields& fields, Event& event) {
  fields("complaint", event.complaint);
}

/// Empty for an event that is not always of the same name.
template <typename Event>
constexpr std::string_view fixed_name = "";
template <>
constexpr std::string_view fixed_name<Crash> = "crash";
template <>
constexpr std::string_view fixed_name<Stopped> = "stopped";
template <>
constexpr std::string_view fixed_name<Recovery> = "recovery";
template <>
constexpr std::string_view fixed_name<StallReport> = "stall-report";
template <>
constexpr std::string_view fixed_name<ClockReport> = "clock-report";
template <>
constexpr std::string_view fixed_name<DiskReport> = "disk-report";
template <>
constexpr std::string_view fixed_name<FilesReport> = "files-report";
template <>
constexpr std::string_view fixed_name<BypassReport> = "bypass-report";
template <>
constexpr std::string_view fixed_name<DriverReport> = "driver-report";

/// Calls `visitor` with a null pointer to each alternative of RunEvent, in order.
template <typename Visitor>
void for_each_alternative(const Visitor& visitor) {
  [&]<typename... Events>(std::variant<Events...>*) {
    (visitor(static_cast<Events*>(nullptr)), ...);
  }(static_cast<RunEvent*>(nullptr));
}

template <typename Type>
constexpr bool is_optional = false;
template <typename Type>
constexpr bool is_optional<std::optional<Type>> = true;
template <typename Type>
constexpr bool is_duration = false;
template <typename Count, typename Period>
constexpr bool is_duration<std::chrono::duration<Count, Period>> = true;

class Writer {
 public:
  explicit Writer(Object& out) : out_(out) {}

  template <typename Field>
  void operator()(const char* name, const Field& field) {
    if constexpr (is_optional<Field>) {
      if (field) (*this)(name, *field);
    } else if constexpr (is_duration<Field>) {
      out_.emplace_back(name, std::int64_t{field.count()});
    } else if constexpr (std::same_as<Field, std::vector<std::string>>) {
      out_.emplace_back(name, List(field.begin(), field.end()));
    } else {
      out_.emplace_back(name, field);
    }
  }
  template <typename Field>
  void unless_empty(const char* name, const Field& field) {
    if (!field.empty()) (*this)(name, field);
  }
  template <typename Group>
  void group(const char* /*first*/, const std::optional<Group>& group) {
    if (group) visit_fields(*this, *group);
  }
  void others(const Object& members) { out_.insert(out_.end(), members.begin(), members.end()); }

 private:
  Object& out_;
};

class Reader {
 public:
  explicit Reader(const Value& value) : value_(value) {}

  template <typename Field>
  void operator()(const char* name, Field& field) {
    known_.emplace_back(name);
    const Value* found = value_.member(name);
    if constexpr (is_optional<Field>) {
      if (found != nullptr) read(name, *found, field.emplace());
    } else {
      if (found == nullptr) throw std::runtime_error(fmt::format("'{}' is missing", name));
      read(name, *found, field);
    }
  }
  template <typename Field>
  void unless_empty(const char* name, Field& field) {
    known_.emplace_back(name);
    if (const Value* found = value_.member(name)) read(name, *found, field);
  }
  template <typename Group>
  void group(const char* first, std::optional<Group>& group) {
    if (value_.member(first) != nullptr) visit_fields(*this, group.emplace());
  }
  void others(Object& members) { others_ = &members; }

  /// The members that are no field's go to `others`, or are ignored.
  void finish() const {
    if (others_ == nullptr || value_.object() == nullptr) return;
    for (const auto& member : *value_.object()) {
      if (std::find(known_.begin(), known_.end(), member.first) == known_.end()) {
        others_->push_back(member);
      }
    }
  }

 private:
  template <typename Field>
  static void read(const char* name, const Value& value, Field& field) {
    if constexpr (is_duration<Field>) {
      std::int64_t count = 0;
      read(name, value, count);
      field = Field(count);
    } else if constexpr (std::same_as<Field, std::vector<std::string>>) {
      if (value.list() == nullptr) refuse(name, "a list of texts");
      for (const Value& item : *value.list()) read(name, item, field.emplace_back());
    } else if (const auto* found = find<Field>(value)) {
      field = *found;
    } else {
      refuse(name, std::same_as<Field, std::string>    ? "a text"
                   : std::same_as<Field, std::int64_t> ? "an integer"
                                                       : "true or false");
    }
  }
  template <typename Field>
  static const Field* find(const Value& value) {
    if constexpr (std::same_as<Field, std::string>) {
      return value.text();
    } else {
      return std::get_if<Field>(&value.data);
    }
  }
  static void read(const char* name, const Value& value, double& field) {
    if (const auto* real = value.real()) {
      field = *real;
    } else if (value.integer() != nullptr) {
      field = static_cast<double>(*value.integer());
    } else {
      refuse(name, "a number");
    }
  }
  [[noreturn]] static void refuse(const char* name, std::string_view wanted) {
    throw std::runtime_error(fmt::format("'{}' must be {}", name, wanted));
  }

  const Value& value_;
  std::vector<std::string_view> known_;
  Object* others_ = nullptr;
};

class Lister {
 public:
  explicit Lister(std::vector<std::string>& names) : names_(names) {}

  template <typename Field>
  void operator()(const char* name, const Field& /*field*/) {
    names_.emplace_back(name);
  }
  void others(const Object& /*members*/) {}

 private:
  std::vector<std::string>& names_;
};

template <typename Type>
Type read(const Event& event) {
  Type read;
  Reader reader(event.value);
  try {
    visit_fields(reader, read);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("the event '{}': {}", event.f, error.what()));
  }
  reader.finish();
  return read;
}

template <typename Type>
Type read_fault(const Event& event, std::string_view name) {
  auto fault = read<Type>(event);
  fault.fault.nemesis = name;
  return fault;
}

}  // namespace

FaultPhase phase_of(const RunEvent& event) {
  return std::visit(
      []<typename Type>(const Type& alternative) {
        if constexpr (std::same_as<Type, FaultInjected>) return FaultPhase::injected;
        if constexpr (std::same_as<Type, FaultHealed>) return FaultPhase::healed;
        if constexpr (std::same_as<Type, FaultSkipped>) return FaultPhase::skipped;
        if constexpr (std::same_as<Type, UnknownEvent>) {
          return alternative.name.ends_with(report_suffix) ? FaultPhase::report
                                                           : FaultPhase::moment;
        }
        return fixed_name<Type>.ends_with(report_suffix) ? FaultPhase::report : FaultPhase::moment;
      },
      event);
}

std::string name_of(const RunEvent& event) {
  return std::visit(
      []<typename Type>(const Type& alternative) {
        if constexpr (std::same_as<Type, FaultInjected>) {
          return alternative.fault.nemesis;
        } else if constexpr (std::same_as<Type, FaultHealed>) {
          return fmt::format("{}{}", healed_prefix, alternative.fault.nemesis);
        } else if constexpr (std::same_as<Type, FaultSkipped>) {
          return fmt::format("{}{}", skipped_prefix, alternative.fault.nemesis);
        } else if constexpr (std::same_as<Type, UnknownEvent>) {
          return alternative.name;
        } else {
          return std::string(fixed_name<Type>);
        }
      },
      event);
}

const FaultDescription* fault_of(const RunEvent& event) {
  return std::visit(
      [](const auto& alternative) -> const FaultDescription* {
        if constexpr (requires { alternative.fault.targets; }) return &alternative.fault;
        return nullptr;
      },
      event);
}

std::vector<std::string> nodes_of(const RunEvent& event) {
  return std::visit(
      [](const auto& alternative) -> std::vector<std::string> {
        if constexpr (requires { alternative.fault.targets; }) return alternative.fault.targets;
        if constexpr (requires { alternative.node; }) return {alternative.node};
        return {};
      },
      event);
}

Value fields_of(const RunEvent& event) {
  return std::visit(
      []<typename Type>(const Type& alternative) -> Value {
        if constexpr (std::same_as<Type, UnknownEvent>) {
          return alternative.value;
        } else {
          Object fields;
          Writer writer(fields);
          visit_fields(writer, alternative);
          return fields;
        }
      },
      event);
}

Event to_event(const RunEvent& run_event) {
  Event event;
  event.process = ProcessId::nemesis;
  event.type = EventType::info;
  event.f = name_of(run_event);
  event.value = fields_of(run_event);
  return event;
}

RunEvent run_event_of(const Event& event) {
  const std::string_view name = event.f;
  std::optional<RunEvent> found;
  for_each_alternative([&]<typename Type>(Type*) {
    if constexpr (!fixed_name<Type>.empty()) {
      if (name == fixed_name<Type>) found = read<Type>(event);
    }
  });
  if (found) return *found;
  if (event.value.integer("id") == nullptr || event.value.text("kind") == nullptr) {
    return UnknownEvent{event.f, event.value};
  }
  if (name.starts_with(healed_prefix)) {
    return read_fault<FaultHealed>(event, name.substr(healed_prefix.size()));
  }
  if (name.starts_with(skipped_prefix)) {
    return read_fault<FaultSkipped>(event, name.substr(skipped_prefix.size()));
  }
  return read_fault<FaultInjected>(event, name);
}

std::vector<RunRecord> run_records_of(const History& history) {
  std::vector<RunRecord> records;
  records.reserve(history.faults.size());
  for (const Event& event : history.faults) {
    try {
      records.push_back({event.time, run_event_of(event)});
    } catch (const std::runtime_error& error) {
      throw InputError(history.place_of(event.index), error.what());
    }
  }
  return records;
}

std::vector<NamedRunEvent> named_run_events() {
  std::vector<NamedRunEvent> events;
  for_each_alternative([&]<typename Type>(Type*) {
    if constexpr (!fixed_name<Type>.empty()) {
      const Type event;
      events.push_back({fixed_name<Type>, phase_of(event), {}});
      Lister lister(events.back().fields);
      visit_fields(lister, event);
    }
  });
  return events;
}

}  // namespace sunder::history
