#include "harness/driver/described/description.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "checker/isolation/level.h"
#include "harness/driver/described/placeholders.h"
#include "harness/json_file.h"
#include "nemesis/link.h"
#include "node/api/json_object.h"
#include "workloads/workload.h"

namespace sunder::harness::described {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view command_form = "a command line: a list of strings, at least one";

/// Whose placeholders a text may have.
enum class Scope { option, run, node, node_without_lists };

/// A text with placeholders, and its place in the file.
struct Template {
  std::string place;
  std::string text;
  Scope scope;
};

/// Reads the members of one file, and remembers its templates.
class DescriptionParser {
 public:
  DescriptionParser(const nlohmann::json& json, fs::path here) : object_(json, "the system") {
    parsed_.here = std::move(here);
  }

  Description parse() {
    object_.optional_text("$schema");
    parsed_.summary = object_.optional_text("summary").value_or("");
    parsed_.packages = optional_texts("packages");
    parsed_.path = optional_texts("path");
    read_options();
    read_ports();
    read_lists();
    read_node();
    read_start();
    read_readiness();
    read_roles();
    read_members();
    read_files_check();
    read_adapter();
    read_workloads();
    object_.done();
    check_templates();
    return std::move(parsed_);
  }

 private:
  std::vector<std::string> optional_texts(std::string_view name) const {
    return object_.has(name) ? object_.texts(name) : std::vector<std::string>{};
  }

  void remember(std::string place, const std::string& text, Scope scope) {
    templates_.push_back({"the system." + std::move(place), text, scope});
  }

  void remember(const std::string& place, const Command& command, Scope scope) {
    for (std::size_t i = 0; i < command.size(); ++i) {
      remember(fmt::format("{}[{}]", place, i), command[i], scope);
    }
  }

  Command command(const JsonObject& object, std::string_view name, const std::string& place,
                  Scope scope) {
    auto read = object.texts(name, command_form);
    if (read.empty()) object.refuse(name, command_form);
    remember(place, read, scope);
    return read;
  }

  Command optional_command(std::string_view name, Scope scope) {
    return object_.has(name) ? command(object_, name, std::string(name), scope) : Command{};
  }

  /// One command line or a list of them.
  std::vector<Command> commands(std::string_view name) {
    constexpr std::string_view allowed = "a command line, or a list of command lines";
    const auto* json = object_.find(name);
    if (json == nullptr) return {};
    if (!json->is_array() || json->empty()) object_.refuse(name, allowed);
    if (json->front().is_string()) {
      return {command(object_, name, std::string(name), Scope::node)};
    }
    std::vector<Command> all;
    for (const auto& each : *json) {
      const JsonObject one({{"command", each}}, fmt::format("the system.{}[{}]", name, all.size()));
      all.push_back(command(one, "command", fmt::format("{}[{}]", name, all.size()), Scope::node));
    }
    return all;
  }

  static void require_name(const std::string& name, std::string_view what) {
    constexpr const char* first = "abcdefghijklmnopqrstuvwxyz";
    constexpr const char* others = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    if (!name.empty() && std::string_view(first).find(name.front()) != std::string_view::npos &&
        name.find_first_not_of(others) == std::string::npos) {
      return;
    }
    throw std::invalid_argument(
        fmt::format("the system.{}: '{}' is no name: a name has the letters a to z, digits, - and "
                    "_, and begins with a letter",
                    what, name));
  }

  /// Calls `read` for each member of an object that the user names.
  template <typename Read>
  void each_member(std::string_view name, const Read& read) {
    const auto* json = object_.find(name);
    if (json == nullptr) return;
    if (!json->is_object()) object_.refuse(name, "an object");
    for (const auto& [member, value] : json->items()) {
      require_name(member, name);
      read(member, value, fmt::format("{}.{}", name, member));
    }
  }

  void read_options() {
    each_member("options", [this](const auto& name, const auto& json, const auto& place) {
      const JsonObject member(json, "the system." + place);
      Option option;
      option.summary = member.optional_text("summary").value_or("");
      const auto& values = member.require("values", "a list of values");
      if (values.is_object()) {
        option.values = member.texts_by_name("values");
      } else {
        for (const auto& value : member.texts("values", "a list of values, or an object of texts"))
          option.values.emplace(value, value);
      }
      option.usual = member.text("default", "one of its values");
      member.done();
      if (!option.values.contains(option.usual)) member.refuse("default", "one of its values");
      for (const auto& [value, text] : option.values) {
        if (!value.empty() && value.find_first_of(",+:= ") == std::string::npos) continue;
        member.refuse("values", "without empty ones and without , + : = and blanks");
      }
      parsed_.options[name] = std::move(option);
    });
  }

  void read_ports() {
    if (!object_.has("ports")) return;
    parsed_.ports.clear();
    each_member("ports", [this](const auto& name, const auto& json, const auto& place) {
      Port port{0, name != "client"};
      if (json.is_object()) {
        const JsonObject member(json, "the system." + place);
        port.number = static_cast<int>(member.integer("number", 1, 65535));
        port.is_proxied = member.optional_boolean("proxied").value_or(port.is_proxied);
        member.done();
      } else {
        const JsonObject member({{"number", json}}, "the system." + place);
        port.number = static_cast<int>(member.integer("number", 1, 65535));
      }
      for (const auto& [other, known] : parsed_.ports) {
        if (known.number != port.number) continue;
        throw std::invalid_argument(
            fmt::format("the system.{}: {} has the number {}, too", place, other, port.number));
      }
      parsed_.ports[name] = port;
    });
    if (!parsed_.ports.contains("client")) {
      throw std::invalid_argument(
          "the system.ports: there must be one named \"client\", which the adapter dials");
    }
  }

  void read_lists() {
    NodeList peers;
    peers.each = object_.optional_text("peer").value_or("{node}={advertise}");
    peers.separator = object_.optional_text("separator").value_or(peers.separator);
    remember("peer", peers.each, Scope::node_without_lists);
    parsed_.lists["peers"] = std::move(peers);
    each_member("lists", [this](const auto& name, const auto& json, const auto& place) {
      const JsonObject member(json, "the system." + place);
      NodeList list;
      list.each = member.text("each", "the form of one node, such as \"{node}={advertise}\"");
      list.separator = member.optional_text("separator").value_or(list.separator);
      const auto of = member.optional_text("of").value_or("all");
      constexpr std::array names{"all", "others", "earlier", "later"};
      const auto found = std::find(names.begin(), names.end(), of);
      if (found == names.end()) member.refuse("of", "all, others, earlier or later");
      list.of = static_cast<NodeList::Of>(found - names.begin());
      member.done();
      remember(place + ".each", list.each, Scope::node_without_lists);
      parsed_.lists[name] = std::move(list);
    });
  }

  void read_node() {
    if (object_.has("user")) {
      parsed_.user = static_cast<int>(object_.integer("user", 1, 65534));
    }
    if (object_.has("environment")) parsed_.environment = object_.texts_by_name("environment");
    for (const auto& [name, value] : parsed_.environment) {
      remember("environment." + name, value, Scope::node);
    }
    for (const auto& name : optional_texts("inherit")) parsed_.inherited.insert(name);
    const auto* files = object_.find("files");
    if (files == nullptr) return;
    if (!files->is_object()) object_.refuse("files", "an object: contents by path");
    for (const auto& [path, contents] : files->items()) read_file(path, contents);
  }

  /// A text, its lines, or the path of a template.
  void read_file(const std::string& path, const nlohmann::json& contents) {
    const auto place = fmt::format("files[\"{}\"]", path);
    remember(place, path, Scope::node);
    NodeFile file{path, {}};
    if (contents.is_string()) {
      file.text = contents.get<std::string>();
    } else if (contents.is_array()) {
      const JsonObject lines({{"lines", contents}}, "the system." + place);
      for (const auto& line : lines.texts("lines")) file.text += line + "\n";
    } else {
      const JsonObject source(contents, "the system." + place);
      file.text = text_of_template(source.text("from", "the path of a template"));
      source.done();
    }
    remember(place, file.text, Scope::node);
    parsed_.files.push_back(std::move(file));
  }

  std::string text_of_template(const std::string& path) const {
    const fs::path file = fill_in(path, {{"here", parsed_.here.string()}});
    std::ifstream stream(file.is_absolute() ? file : parsed_.here / file);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (stream.is_open() && !stream.bad()) return text;
    throw std::invalid_argument(fmt::format("the template {} cannot be read", file.string()));
  }

  void read_start() {
    parsed_.initialise = commands("initialise");
    parsed_.initialise_bootstrap = commands("initialise_bootstrap");
    // Version 1 has no "start".
    parsed_.inherits_all = object_.has("node");
    if (parsed_.inherits_all && object_.has("start")) {
      throw std::invalid_argument(
          "the system: leave out \"node\": it is the name of \"start\" in files of version 1");
    }
    const std::string_view start = parsed_.inherits_all ? "node" : "start";
    object_.require(start, command_form);
    parsed_.start = command(object_, start, std::string(start), Scope::node);
    parsed_.start_bootstrap = optional_command("start_bootstrap", Scope::node);
    parsed_.start_again = optional_command("start_again", Scope::node);
    parsed_.start_joining = optional_command("start_joining", Scope::node);
    each_member("processes", [this](const auto& name, const auto& json, const auto& place) {
      const JsonObject member({{"command", json}}, "the system." + place);
      parsed_.processes[name] = command(member, "command", place, Scope::node);
    });
  }

  Duration timeout_in(const JsonObject& object, std::string_view name, Duration usual) const {
    if (!object.has(name)) return usual;
    const auto timeout = object.duration(name);
    if (timeout <= Duration{}) object.refuse(name, "more than no time");
    return timeout;
  }

  Question question(const JsonObject& object, const std::string& place) {
    Question question;
    const bool has_path = object.has("http");
    const bool has_command = object.has("command");
    const bool by_adapter = object.optional_boolean("adapter").value_or(false);
    if (has_path) {
      question.by = Question::By::http;
      question.path = object.text("http", "a path, such as \"/health\"");
      remember(place + ".http", question.path, Scope::node);
    }
    if (has_command) {
      question.by = Question::By::command;
      question.command = command(object, "command", place + ".command", Scope::node);
    }
    if (by_adapter) question.by = Question::By::adapter;
    if (static_cast<int>(has_path) + static_cast<int>(has_command) + static_cast<int>(by_adapter) >
        1) {
      throw std::invalid_argument(
          fmt::format("the system.{}: give one of \"http\", \"command\" and \"adapter\"", place));
    }
    const auto port = object.optional_text("port");
    question.port = port.value_or(question.port);
    if (port && !parsed_.ports.contains(*port)) {
      std::vector<std::string> names;
      for (const auto& [name, known] : parsed_.ports) names.push_back(name);
      object.refuse("port", fmt::format("one of the ports {}", fmt::join(names, ", ")));
    }
    if (port && (has_command || by_adapter)) {
      object.refuse("port", "left out: only \"http\" and an open port have one");
    }
    if (question.by == Question::By::port && object.has("timeout")) {
      object.refuse("timeout", "left out: a port is open or is not");
    }
    const auto usual =
        has_command || by_adapter ? Duration(std::chrono::seconds(5)) : question.timeout;
    question.timeout = timeout_in(object, "timeout", usual);
    return question;
  }

  void read_readiness() {
    if (const auto* ready = object_.find("ready")) {
      const JsonObject how(*ready, "the system.ready");
      parsed_.ready = question(how, "ready");
      how.done();
    }
    parsed_.startup_timeout = timeout_in(object_, "startup_timeout", parsed_.startup_timeout);
    parsed_.is_staggered = object_.optional_boolean("staggered").value_or(false);
    const auto* setup = object_.find("setup");
    if (setup == nullptr) return;
    const JsonObject how(*setup, "the system.setup");
    Setup read;
    read.by_adapter = how.optional_boolean("adapter").value_or(false);
    if (how.has("command")) read.command = command(how, "command", "setup.command", Scope::run);
    how.done();
    if (read.by_adapter != read.command.empty()) {
      throw std::invalid_argument(
          "the system.setup: give {\"command\": [...]} or {\"adapter\": true}");
    }
    parsed_.setup = std::move(read);
  }

  void read_roles() {
    const auto* roles = object_.find("roles");
    if (roles == nullptr) return;
    const JsonObject how(*roles, "the system.roles");
    Roles read;
    read.how = question(how, "roles");
    const bool by_path = read.how.by == Question::By::http;
    if (read.how.by == Question::By::port) {
      throw std::invalid_argument("the system.roles: give \"http\", \"command\" or \"adapter\"");
    }
    read.says_terms = how.optional_boolean("terms").value_or(false);
    read.role = how.optional_text("role").value_or("");
    read.term = how.optional_text("term").value_or("");
    if (how.has("leader")) read.leader = how.texts("leader");
    how.done();
    const bool has_pointers = !read.role.empty() || !read.term.empty() || !read.leader.empty();
    if (by_path && (read.role.empty() || read.leader.empty() || read.says_terms)) {
      throw std::invalid_argument(
          "the system.roles: \"http\" needs \"role\", a JSON pointer such as \"/state/role\", and "
          "\"leader\", the list of roles that lead; it may have \"term\", a JSON pointer");
    }
    if (!by_path && has_pointers) {
      throw std::invalid_argument(
          "the system.roles: only \"http\" has \"role\", \"leader\" and \"term\"; \"command\" and "
          "\"adapter\" say {\"terms\": true} if they answer with a term");
    }
    require_pointer("role", read.role);
    require_pointer("term", read.term);
    for (const auto& each : read.leader) remember("roles.leader", each, Scope::node);
    parsed_.roles = std::move(read);
  }

  static void require_pointer(std::string_view name, const std::string& pointer) {
    try {
      const nlohmann::json::json_pointer valid(pointer);
    } catch (const nlohmann::json::exception&) {
      throw std::invalid_argument(fmt::format(
          "the system.roles.{}: must be a JSON pointer such as \"/state/role\", not '{}'", name,
          pointer));
    }
  }

  void read_members() {
    const auto* members = object_.find("members");
    if (members == nullptr) return;
    const JsonObject object(*members, "the system.members");
    MemberCommands read;
    const auto read_command = [&](std::string_view name, Command& into) {
      if (object.has(name))
        into = command(object, name, fmt::format("members.{}", name), Scope::node);
    };
    read_command("add", read.add);
    read_command("remove", read.remove);
    read_command("transfer", read.transfer);
    read_command("joined", read.joined);
    if (object.has("refused")) {
      constexpr std::string_view allowed = "a list of exit statuses from 1 to 255";
      for (const auto& status : object.array("refused", allowed)) {
        if (!status.is_number_integer() || status < 1 || status > 255) {
          object.refuse("refused", allowed);
        }
        read.refused.insert(status.get<int>());
      }
    }
    const auto removed = object.optional_text("removed").value_or("waits");
    if (removed != "waits" && removed != "ends") object.refuse("removed", "\"waits\" or \"ends\"");
    read.ends = removed == "ends";
    read.timeout = timeout_in(object, "timeout", read.timeout);
    object.done();
    if (read.add.empty() != read.remove.empty() || (read.add.empty() && read.transfer.empty())) {
      throw std::invalid_argument(
          "the system.members: give \"add\" and \"remove\", or \"transfer\", or all three");
    }
    parsed_.members = std::move(read);
  }

  void read_files_check() {
    parsed_.fakes_clocks = false;
    if (const auto clocks = object_.optional_text("clocks")) {
      if (*clocks != "libfaketime") object_.refuse("clocks", "\"libfaketime\", or left out");
      parsed_.fakes_clocks = true;
    }
    const auto* check = object_.find("files_check");
    if (check == nullptr) return;
    const JsonObject object(*check, "the system.files_check");
    FilesCheck read;
    read.is_of_each = object.has("each");
    const bool is_of_all = object.has("all");
    if (read.is_of_each == is_of_all) {
      throw std::invalid_argument(
          "the system.files_check: give {\"each\": [...]}, a command line for each node, or "
          "{\"all\": [...]}, one for all");
    }
    const std::string_view name = read.is_of_each ? "each" : "all";
    read.command = command(object, name, fmt::format("files_check.{}", name),
                           read.is_of_each ? Scope::node : Scope::run);
    object.done();
    parsed_.files_check = std::move(read);
  }

  void read_workloads() {
    const auto* workloads = object_.find("workloads");
    if (workloads == nullptr) return;
    if (!workloads->is_object())
      object_.refuse("workloads", "an object, by the names of workloads");
    for (const auto& [name, json] : workloads->items()) {
      workloads::find_workload(name);
      const JsonObject object(json, fmt::format("the system.workloads.{}", name));
      WorkloadPromise promise;
      promise.isolation = object.optional_text("isolation").value_or("");
      if (object.has("model")) promise.model = object.texts_by_name("model");
      object.done();
      remember(fmt::format("workloads.{}.isolation", name), promise.isolation, Scope::option);
      parsed_.workloads[name] = std::move(promise);
    }
  }

  void read_adapter() {
    parsed_.adapter = command(object_, "adapter", "adapter", Scope::run);
    if (object_.has("adapter_environment")) {
      parsed_.adapter_environment = object_.texts_by_name("adapter_environment");
    }
    for (const auto& [name, value] : parsed_.adapter_environment) {
      remember("adapter_environment." + name, value, Scope::run);
    }
    parsed_.multiplexed = object_.optional_boolean("multiplexed").value_or(false);
    if (const auto* operations = object_.find("operations")) {
      parsed_.operations = operations_in(*operations);
    }
    if (const auto level = object_.optional_text("isolation")) {
      parsed_.isolation = *level;
      remember("isolation", *level, Scope::option);
    }
  }

  static workloads::Operations operations_in(const nlohmann::json& json) {
    const JsonObject object(json, "the system.operations");
    constexpr std::string_view allowed = "a list of operations, such as [\"add\", \"read\"]";
    workloads::Operations operations;
    for (const auto& [name, functions] : json.items()) {
      const auto kind = workloads::kind_named(name);
      for (const auto& f : object.texts(workloads::name_of(kind), allowed)) operations.add(kind, f);
    }
    if (operations.by_kind().empty()) {
      throw std::invalid_argument(
          "the system.operations names none: leave it out, or say what its "
          "adapter can do");
    }
    return operations;
  }

  /// In a run of as many nodes as there can be.
  void check_templates() {
    constexpr int most_nodes = 9;
    std::vector<NodePlace> nodes;
    for (const auto node : nemesis::all_nodes(most_nodes)) {
      nodes.push_back({name_of(node), static_cast<int>(node.value), {}, {}, {}});
    }
    auto without_lists = parsed_;
    without_lists.lists.clear();
    std::map<Scope, Placeholders> known;
    known[Scope::node_without_lists] = placeholders_of_node(without_lists, {}, nodes, nodes.back());
    for (const auto& each : templates_) {
      if (each.scope == Scope::node_without_lists) check(each, known[each.scope]);
    }
    known[Scope::node] = placeholders_of_node(parsed_, {}, nodes, nodes.back());
    known[Scope::run] = placeholders_of_run(parsed_, {}, nodes);
    for (const auto& [name, option] : parsed_.options) {
      known[Scope::option]["option." + name] = option.values.at(option.usual);
    }
    for (const auto& each : templates_) check(each, known[each.scope]);
    check_level(parsed_.isolation);
    for (auto& [name, promise] : parsed_.workloads) check_level(promise.isolation);
  }

  static void check(const Template& text, const Placeholders& known) {
    try {
      fill_in(text.text, known);
    } catch (const std::invalid_argument& unknown) {
      throw std::invalid_argument(fmt::format("{}: {}", text.place, unknown.what()));
    }
  }

  /// Each value of the options that it names gives a level. A level without options gets its name.
  void check_level(std::string& level) const {
    if (level.empty()) return;
    if (level.find('{') == std::string::npos) {
      level = name_of(checker::isolation::level_named(level));
      return;
    }
    Placeholders usual;
    for (const auto& [name, option] : parsed_.options) {
      usual["option." + name] = option.values.at(option.usual);
    }
    for (const auto& [name, option] : parsed_.options) {
      auto placeholders = usual;
      for (const auto& [value, text] : option.values) {
        placeholders["option." + name] = text;
        checker::isolation::level_named(fill_in(level, placeholders));
      }
    }
  }

  JsonObject object_;
  Description parsed_;
  std::vector<Template> templates_;
};

}  // namespace

Description read_description(const fs::path& file) {
  const auto here = fs::absolute(file).parent_path();
  return read_json_file(
      file, [&here](const nlohmann::json& json) { return DescriptionParser(json, here).parse(); });
}

}  // namespace sunder::harness::described
