#pragma once
// A system as a file describes it (docs/systems.md): how its nodes are prepared and started, when
// they are ready, and the adapter that speaks to it. Texts still have their placeholders
// (placeholders.h); read_description() has checked that each of them exists.

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/api/duration.h"
#include "workloads/operations.h"

namespace sunder::harness::described {

/// A program and its arguments.
using Command = std::vector<std::string>;

/// Where a node listens.
struct Port {
  int number = 0;
  /// Peers dial the proxy, which forwards.
  bool is_proxied = false;
};

/// Something that --system can change: "FILE.json:reads=local".
struct Option {
  std::string summary;
  /// What "{option.NAME}" becomes, by the value that the user gives.
  std::map<std::string, std::string> values;
  /// The value without a user's.
  std::string usual;
};

/// "{list.NAME}": one text for each of some nodes.
struct NodeList {
  enum class Of { all, others, earlier, later };

  std::string each;
  std::string separator = ",";
  Of of = Of::all;
};

/// How a node is asked whether it is ready, or for its role.
struct Question {
  enum class By { port, http, command, adapter };

  By by = By::port;
  /// The name of the port, for `port` and `http`.
  std::string port = "client";
  std::string path;
  Command command;
  /// For one answer.
  Duration timeout{std::chrono::milliseconds(300)};
};

/// One file of a node, written before each start.
struct NodeFile {
  std::string path;
  std::string text;
};

/// A command, or a call to the adapter.
struct Setup {
  Command command;
  bool by_adapter = false;
};

/// How a node is asked for its role, when it is ready.
struct Roles {
  Question how;
  /// Of `http`: where the role stands in the answer (JSON pointers), and which roles lead.
  std::string role;
  std::vector<std::string> leader;
  std::string term;
  /// Of the others: whether they say a term, too.
  bool says_terms = false;

  bool has_terms() const { return says_terms || !term.empty(); }
};

/// Orders to the system. A command that is empty is not there.
struct MemberCommands {
  Command add;
  Command remove;
  Command transfer;
  /// Whether a node that was added takes part.
  Command joined;
  /// Exit statuses with which an order certainly was not carried out.
  std::set<int> refused;
  /// A removed node can never return.
  bool ends = false;
  Duration timeout{std::chrono::seconds(5)};
};

/// The system's own verifier of the nodes' files, at the end.
struct FilesCheck {
  Command command;
  /// Once for each node, or once for all.
  bool is_of_each = true;
};

/// What it promises in one workload.
struct WorkloadPromise {
  /// With placeholders of options; empty: `Description::isolation`.
  std::string isolation;
  /// Parameters of its model, by name, as JSON texts.
  std::map<std::string, std::string> model;
};

struct Description {
  /// The folder of the file: "{here}".
  std::filesystem::path here;
  std::string summary;
  /// Debian's packages with its programs.
  std::vector<std::string> packages;
  /// Where its programs are besides PATH.
  std::vector<std::string> path;
  std::map<std::string, Option> options;
  std::map<std::string, Port> ports{{"client", {7000, false}}, {"peer", {7100, true}}};
  std::map<std::string, NodeList> lists;

  /// The number that the nodes' processes see as their user; empty: sunder's own user.
  std::optional<int> user;
  std::map<std::string, std::string> environment;
  /// Variables of sunder's own that nodes get, too.
  std::set<std::string> inherited;
  /// Files of version 1: nodes get all variables.
  bool inherits_all = false;
  std::vector<NodeFile> files;
  /// Of a node before its first start; `initialise_bootstrap` replaces it for the first node.
  std::vector<Command> initialise;
  std::vector<Command> initialise_bootstrap;
  Command start;
  /// Replaces `start` at the first start of the first node. Empty if there is none.
  Command start_bootstrap;
  /// Replaces `start` at later starts. Empty if there is none.
  Command start_again;
  /// Replaces `start` of a node with a new folder that was added as a member. Empty if there is
  /// none.
  Command start_joining;
  /// Further processes of a node, by name.
  std::map<std::string, Command> processes;
  Question ready;
  Duration startup_timeout{std::chrono::seconds(30)};
  /// A node is started when the one before it is ready.
  bool is_staggered = false;
  std::optional<Setup> setup;
  std::optional<Roles> roles;
  std::optional<MemberCommands> members;
  std::optional<FilesCheck> files_check;
  /// Its programs read the time of day by the C library: libfaketime can set it.
  bool fakes_clocks = false;

  Command adapter;
  std::map<std::string, std::string> adapter_environment;
  /// One adapter for all clients, which distinguishes calls by their ids.
  bool multiplexed = false;
  /// What its adapter can be asked for.
  workloads::Operations operations{{workloads::Kind::register_, {"read", "write", "cas"}}};
  /// The level of isolation that it promises its transactions, with placeholders of options; empty
  /// if it says none.
  std::string isolation;
  std::map<std::string, WorkloadPromise> workloads;
};

/// Throws std::invalid_argument naming the file, the place in it, and what is allowed there.
Description read_description(const std::filesystem::path& file);

}  // namespace sunder::harness::described
