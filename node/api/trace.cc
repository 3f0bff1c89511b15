#include "node/api/trace.h"

#include <array>
#include <charconv>
#include <iterator>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "node/api/json_object.h"
#include "node/api/json_text.h"

namespace sunder::trace {
namespace {

/// In the order of Event's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<Event>> event_names{
    "started",       "became_follower",  "became_candidate",   "became_leader",
    "vote_granted",  "appended",         "truncated",          "committed",
    "applied",       "snapshot_taken",   "snapshot_installed", "state",
    "configuration", "election_timeout", "mutant_reached",     "sent",
    "acknowledged",  "on_disk",          "disk_damaged"};

/// The events of witnesses stand behind those.
constexpr std::size_t said_by_nodes = event_names.size() - 4;
static_assert(std::is_same_v<std::variant_alternative_t<said_by_nodes, Event>, Sent>);

/// Writes the fields of each kind of event, each with a comma in front.
class Writer {
 public:
  explicit Writer(fmt::memory_buffer& out) : out_(out) {}

  void operator()(const Started& event) { whole_log(event); }
  void operator()(const OnDisk& event) { whole_log(event); }
  void operator()(const BecameFollower& event) {
    if (event.leader) number("leader", event.leader->value);
  }
  void operator()(const BecameCandidate& event) {
    if (event.leadership_transfer) format(R"(,"leadership_transfer":true)");
  }
  void operator()(const BecameLeader& event) { number("last", event.last.value); }
  void operator()(const VoteGranted& event) { number("candidate", event.candidate.value); }
  void operator()(const Appended& event) { entries_behind(event); }
  void operator()(const Sent& event) { entries_behind(event); }
  void operator()(const Acknowledged& event) { number("last", event.last.value); }
  void operator()(const Truncated& event) { number("first", event.first.value); }
  void operator()(const Committed& event) { number("last", event.last.value); }
  void operator()(const Applied& event) {
    number("first", event.first.value);
    entries(event.entries);
  }
  void operator()(const SnapshotTaken& event) {
    number("last", event.last.value);
    number("last_term", event.last_term.value);
    digest(event.digest);
  }
  void operator()(const SnapshotInstalled& event) {
    number("last", event.last.value);
    number("last_term", event.last_term.value);
    digest(event.digest);
    format(R"(,"kept_suffix":{})", event.kept_suffix);
  }
  void operator()(const State& event) {
    number("index", event.index.value);
    digest(event.digest);
  }
  void operator()(const Configuration& event) {
    number("index", event.index.value);
    nodes("voters", event.voters);
    nodes("outgoing", event.outgoing);
    nodes("learners", event.learners);
  }
  void operator()(const ElectionTimeout& event) {
    if (event.least) number("least_ns", event.least->count());
  }
  void operator()(const MutantReached& event) {
    format(R"(,"mutant":)");
    api::append_json_string(out_, event.mutant);
  }
  void operator()(const DiskDamaged& event) {
    format(R"(,"how":)");
    api::append_json_string(out_, event.how);
  }

 private:
  template <typename... Args>
  void format(fmt::format_string<Args...> text, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), text, std::forward<Args>(args)...);
  }
  template <typename Number>
  void number(std::string_view name, Number value) {
    format(R"(,"{}":{})", name, value);
  }
  template <typename WholeLog>
  void whole_log(const WholeLog& event) {
    if (event.voted_for) number("voted_for", event.voted_for->value);
    number("edge", event.edge.value);
    number("edge_term", event.edge_term.value);
    entries(event.entries);
  }
  template <typename Entries>
  void entries_behind(const Entries& event) {
    number("first", event.first.value);
    number("previous_term", event.previous_term.value);
    entries(event.entries);
  }
  void digest(Digest value) { format(R"(,"digest":"{:016x}")", value); }
  /// [[term,"digest"],...]: sixteen hexadecimal digits, since JSON readers round large numbers.
  void entries(const std::vector<EntryDigest>& list) {
    format(R"(,"entries":[)");
    const char* separator = "";
    for (const auto& entry : list) {
      format(R"({}[{},"{:016x}"])", separator, entry.term.value, entry.digest);
      separator = ",";
    }
    out_.push_back(']');
  }
  void nodes(std::string_view name, const std::vector<NodeId>& list) {
    format(R"(,"{}":[)", name);
    const char* separator = "";
    for (const auto node : list) {
      format("{}{}", separator, node.value);
      separator = ",";
    }
    out_.push_back(']');
  }

  fmt::memory_buffer& out_;
};

NodeId node_from(std::uint64_t value) {
  if (value > INT64_MAX) throw std::invalid_argument(fmt::format("{} is not a node", value));
  return NodeId{static_cast<std::int64_t>(value)};
}

Index index_in(const JsonObject& fields, const char* name) {
  return {fields.unsigned_integer(name)};
}
Term term_in(const JsonObject& fields, const char* name) {
  return {fields.unsigned_integer(name)};
}

std::optional<NodeId> optional_node_in(const JsonObject& fields, const char* name) {
  const auto value = fields.optional_unsigned_integer(name);
  if (!value) return std::nullopt;
  return node_from(*value);
}

std::chrono::nanoseconds time_from(std::uint64_t value) {
  if (value > INT64_MAX) throw std::invalid_argument(fmt::format("time {} is too large", value));
  return std::chrono::nanoseconds{static_cast<std::int64_t>(value)};
}

std::optional<std::chrono::nanoseconds> optional_time_in(const JsonObject& fields,
                                                         const char* name) {
  const auto value = fields.optional_unsigned_integer(name);
  if (!value) return std::nullopt;
  return time_from(*value);
}

std::vector<NodeId> nodes_in(const JsonObject& fields, const char* name) {
  std::vector<NodeId> nodes;
  for (const auto& value : fields.array(name))
    nodes.push_back(node_from(unsigned_integer_of(value, name)));
  return nodes;
}

std::vector<EntryDigest> entries_in(const JsonObject& fields) {
  const auto& list = fields.array("entries");
  std::vector<EntryDigest> entries;
  entries.reserve(list.size());
  for (const auto& value : list) {
    if (!value.is_array() || value.size() != 2 || !value[1].is_string()) {
      throw std::invalid_argument("an entry is [term,\"digest\"]");
    }
    entries.push_back({.term = {unsigned_integer_of(value[0], "an entry's term")},
                       .digest = parse_digest(value[1].get_ref<const std::string&>())});
  }
  return entries;
}

template <typename Entries>
Entries entries_behind(const JsonObject& fields) {
  return {index_in(fields, "first"), term_in(fields, "previous_term"), entries_in(fields)};
}

template <typename WholeLog>
WholeLog whole_log(const JsonObject& fields) {
  return {optional_node_in(fields, "voted_for"), index_in(fields, "edge"),
          term_in(fields, "edge_term"), entries_in(fields)};
}

Event event_in(const JsonObject& fields, std::string_view name) {
  if (name == "started") return whole_log<Started>(fields);
  if (name == "on_disk") return whole_log<OnDisk>(fields);
  if (name == "disk_damaged") return DiskDamaged{fields.text("how")};
  if (name == "became_follower") return BecameFollower{optional_node_in(fields, "leader")};
  if (name == "became_candidate") {
    return BecameCandidate{fields.optional_boolean("leadership_transfer").value_or(false)};
  }
  if (name == "became_leader") return BecameLeader{index_in(fields, "last")};
  if (name == "vote_granted") return VoteGranted{node_from(fields.unsigned_integer("candidate"))};
  if (name == "appended") return entries_behind<Appended>(fields);
  if (name == "truncated") return Truncated{index_in(fields, "first")};
  if (name == "committed") return Committed{index_in(fields, "last")};
  if (name == "applied") return Applied{index_in(fields, "first"), entries_in(fields)};
  if (name == "snapshot_taken") {
    return SnapshotTaken{index_in(fields, "last"), term_in(fields, "last_term"),
                         parse_digest(fields.text("digest"))};
  }
  if (name == "snapshot_installed") {
    return SnapshotInstalled{index_in(fields, "last"), term_in(fields, "last_term"),
                             parse_digest(fields.text("digest")), fields.boolean("kept_suffix")};
  }
  if (name == "state") {
    return State{index_in(fields, "index"), parse_digest(fields.text("digest"))};
  }
  if (name == "configuration") {
    return Configuration{index_in(fields, "index"), nodes_in(fields, "voters"),
                         nodes_in(fields, "outgoing"), nodes_in(fields, "learners")};
  }
  if (name == "election_timeout") return ElectionTimeout{optional_time_in(fields, "least_ns")};
  if (name == "mutant_reached") return MutantReached{fields.text("mutant")};
  if (name == "sent") return entries_behind<Sent>(fields);
  if (name == "acknowledged") return Acknowledged{index_in(fields, "last")};
  throw std::invalid_argument(fmt::format("\"{}\" is not an event", name.substr(0, 60)));
}

}  // namespace

Digest digest_of(std::uint8_t seed, std::string_view data) {
  std::uint64_t hash = (0xcbf29ce484222325 ^ seed) * 0x100000001b3;
  for (const char c : data) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  return hash ^ (hash >> 33);
}

Digest parse_digest(std::string_view text) {
  Digest digest = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, digest, 16);
  if (error != std::errc{} || rest != end) {
    throw std::invalid_argument(
        fmt::format("a digest is up to 16 hexadecimal digits, not \"{}\"", text.substr(0, 60)));
  }
  return digest;
}

std::string_view name_of(const Event& event) {
  return event_names.at(event.index());
}

bool is_of_a_witness(const Event& event) {
  return event.index() >= said_by_nodes;
}

std::span<const std::string_view> node_vocabulary() {
  return std::span(event_names).first(said_by_nodes);
}

std::string to_json_line(const Record& record) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), R"({{"time":{},"node":{},"term":{},"event":"{}")",
                 record.time.count(), record.node.value, record.term.value, name_of(record.event));
  std::visit(Writer(out), record.event);
  out.push_back('}');
  return fmt::to_string(out);
}

Record parse_json_line(std::string_view line) {
  const auto fields = JsonObject::parse(line);
  return Record{.time = time_from(fields.unsigned_integer("time")),
                .node = node_from(fields.unsigned_integer("node")),
                .term = term_in(fields, "term"),
                .event = event_in(fields, fields.text("event"))};
}

}  // namespace sunder::trace
