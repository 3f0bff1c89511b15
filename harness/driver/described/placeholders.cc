#include "harness/driver/described/placeholders.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::harness::described {

namespace {

using Values = std::map<std::string, std::string>;

void add_options(const Description& description, const Values& given, Placeholders& placeholders) {
  for (const auto& [name, option] : description.options) {
    const auto chosen = given.find(name);
    const auto& value = chosen == given.end() ? option.usual : chosen->second;
    placeholders["option." + name] = option.values.at(value);
  }
}

/// Without lists.
void add_node(const Description& description, const NodePlace& node, const std::string& prefix,
              Placeholders& placeholders) {
  const auto add = [&](const std::string& name, std::string value) {
    placeholders[prefix + name] = std::move(value);
  };
  const auto add_port = [&](const std::string& name, const Port& port) {
    add("port." + name, std::to_string(port.number));
    add("address." + name, fmt::format("{}:{}", node.host, port.number));
    const auto& host = port.is_proxied ? node.advertised_host : node.host;
    add("advertise." + name, fmt::format("{}:{}", host, port.number));
  };
  add("node", node.name);
  add("number", std::to_string(node.number));
  add("dir", node.folder);
  add("host", node.host);
  add("advertise_host", node.advertised_host);
  for (const auto& [name, port] : description.ports) add_port(name, port);
  const auto& client = description.ports.at("client");
  add("client_port", std::to_string(client.number));
  add("client", fmt::format("{}:{}", node.host, client.number));
  const auto named_peer = description.ports.find("peer");
  const auto& peer = named_peer == description.ports.end() ? client : named_peer->second;
  add("peer_port", std::to_string(peer.number));
  add("peer", fmt::format("{}:{}", node.host, peer.number));
  add("advertise",
      fmt::format("{}:{}", peer.is_proxied ? node.advertised_host : node.host, peer.number));
}

Placeholders without_lists(const Description& description, const Values& options,
                           std::span<const NodePlace> nodes) {
  Placeholders placeholders{{"here", description.here.string()},
                            {"node_count", std::to_string(nodes.size())}};
  add_options(description, options, placeholders);
  std::vector<std::string> names;
  std::vector<std::string> clients;
  for (const auto& node : nodes) {
    names.push_back(node.name);
    clients.push_back(fmt::format("{}:{}", node.host, description.ports.at("client").number));
    add_node(description, node, node.name + ".", placeholders);
  }
  placeholders["nodes"] = fmt::format("{}", fmt::join(names, ","));
  placeholders["clients"] = fmt::format("{}", fmt::join(clients, ","));
  return placeholders;
}

bool belongs(NodeList::Of of, int node, int to) {
  switch (of) {
    case NodeList::Of::all:
      return true;
    case NodeList::Of::others:
      return node != to;
    case NodeList::Of::earlier:
      return node < to;
    case NodeList::Of::later:
      return node > to;
  }
  return false;
}

std::string text_of(const NodeList& list, const Description& description,
                    const Placeholders& of_run, std::span<const NodePlace> nodes, int number) {
  std::vector<std::string> texts;
  for (const auto& node : nodes) {
    if (!belongs(list.of, node.number, number)) continue;
    auto placeholders = of_run;
    add_node(description, node, "", placeholders);
    texts.push_back(fill_in(list.each, placeholders));
  }
  return fmt::format("{}", fmt::join(texts, list.separator));
}

std::string placeholder_name(const std::string& list) {
  return list == "peers" ? list : "list." + list;
}

/// Those of other nodes are many: they are named by one example.
std::string names_of(const Placeholders& placeholders) {
  std::vector<std::string> names;
  bool has_nodes = false;
  for (const auto& [name, value] : placeholders) {
    const bool is_of_node = name.size() > 3 && name[0] == 'n' && name[2] == '.';
    has_nodes = has_nodes || is_of_node;
    if (!is_of_node) names.push_back("{" + name + "}");
  }
  return fmt::format("{}{}", fmt::join(names, " "),
                     has_nodes ? " and, of one node, {n1.client} {n1.dir} ..." : "");
}

}  // namespace

Placeholders placeholders_of_run(const Description& description, const Values& options,
                                 std::span<const NodePlace> nodes) {
  auto placeholders = without_lists(description, options, nodes);
  const auto bare = placeholders;
  for (const auto& [name, list] : description.lists) {
    if (list.of != NodeList::Of::all) continue;
    placeholders[placeholder_name(name)] = text_of(list, description, bare, nodes, 0);
  }
  return placeholders;
}

Placeholders placeholders_of_node(const Description& description, const Values& options,
                                  std::span<const NodePlace> nodes, const NodePlace& node) {
  const auto bare = without_lists(description, options, nodes);
  auto placeholders = bare;
  add_node(description, node, "", placeholders);
  for (const auto& [name, list] : description.lists) {
    placeholders[placeholder_name(name)] = text_of(list, description, bare, nodes, node.number);
  }
  return placeholders;
}

std::string fill_in(const std::string& text, const Placeholders& placeholders) {
  constexpr const char* letters = "abcdefghijklmnopqrstuvwxyz";
  constexpr const char* in_names = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  std::string filled;
  std::size_t from = 0;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', from)) {
    const auto close = text.find_first_not_of(in_names, open + 1);
    filled += text.substr(from, open - from);
    from = open + 1;
    const bool is_name = close != std::string::npos && text[close] == '}' && close > open + 1 &&
                         std::string_view(letters).find(text[open + 1]) != std::string_view::npos;
    if (!is_name) {
      filled += '{';
      continue;
    }
    const auto name = text.substr(open + 1, close - open - 1);
    const auto found = placeholders.find(name);
    if (found == placeholders.end()) {
      throw std::invalid_argument(fmt::format("unknown placeholder {{{}}} in '{}'; there are: {}",
                                              name, text, names_of(placeholders)));
    }
    filled += found->second;
    from = close + 1;
  }
  return filled + text.substr(from);
}

Command fill_in(const Command& command, const Placeholders& placeholders) {
  Command filled;
  for (const auto& word : command) {
    auto text = fill_in(word, placeholders);
    if (!text.empty() || word.empty()) filled.push_back(std::move(text));
  }
  return filled;
}

}  // namespace sunder::harness::described
