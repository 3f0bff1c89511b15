#include "harness/driver/described/description.h"

#include <fstream>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/driver/described/placeholders.h"
#include "testing/temporary_file.h"

namespace sunder::harness::described {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Description, says_which_operations_its_adapter_can_do) {
  const TemporaryFile usual(R"({"node": ["a"], "adapter": ["b"]})");
  EXPECT_EQ(read_description(usual.path()).operations.text(), "register (cas, read, write)");
  const TemporaryFile file(
      R"({"node": ["a"], "adapter": ["b"], "operations": {"set": ["add", "read"], "ids": ["generate"]}})");
  EXPECT_EQ(read_description(file.path()).operations.text(), "set (add, read), ids (generate)");
}

std::string refusal_of(const std::string& text) {
  const TemporaryFile file(text);
  try {
    read_description(file.path());
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

/// Of a file with a start and an adapter, and `more`.
std::string refusal_with(const std::string& more) {
  return refusal_of(R"({"start": ["a"], "adapter": ["b"], )" + more + "}");
}

TEST(Description, a_node_and_an_adapter_are_enough) {
  const TemporaryFile file(R"({"node":["store","{client}"],"adapter":["talk"]})");
  const auto description = read_description(file.path());
  EXPECT_THAT(description.start, ElementsAre("store", "{client}"));
  EXPECT_THAT(description.adapter, ElementsAre("talk"));
  EXPECT_EQ(description.here, file.path().parent_path());
  EXPECT_FALSE(description.multiplexed);
  EXPECT_TRUE(description.inherits_all);
}

TEST(Description, nodes_of_files_with_a_start_inherit_no_variables) {
  const TemporaryFile file(R"({"start":["store"],"adapter":["talk"],"inherit":["JAVA_HOME"]})");
  const auto description = read_description(file.path());
  EXPECT_FALSE(description.inherits_all);
  EXPECT_THAT(description.inherited, ElementsAre("JAVA_HOME"));
}

TEST(Description, a_level_of_isolation_has_one_name) {
  const TemporaryFile file(R"({"node":["a"],"adapter":["b"],"isolation":"strict"})");
  EXPECT_EQ(read_description(file.path()).isolation, "strict-serializable");
  EXPECT_THAT(refusal_of(R"({"node":["a"],"adapter":["b"],"isolation":"good"})"),
              HasSubstr("there is no isolation level good"));
}

TEST(Description, each_value_of_an_option_gives_a_level_of_isolation) {
  const std::string option = R"("options": {"level": {"default": "high", "values": )";
  const std::string isolation = R"(}}, "isolation": "{option.level}")";
  EXPECT_EQ(
      refusal_with(option + R"({"high": "serializable", "low": "read-committed"})" + isolation),
      "accepted");
  EXPECT_THAT(refusal_with(option + R"({"high": "serializable", "low": "bad"})" + isolation),
              HasSubstr("there is no isolation level bad"));
}

TEST(Description, what_is_wrong_with_it_is_said) {
  EXPECT_THAT(refusal_of("{"), HasSubstr("not JSON: parse error at line 1, column 2"));
  EXPECT_THAT(refusal_of(R"({"adapter":["talk"]})"), HasSubstr("\"start\" is missing"));
  EXPECT_THAT(refusal_of(R"({"node":[],"adapter":["talk"]})"),
              HasSubstr("node: must be a command line"));
  EXPECT_THAT(refusal_of(R"({"node":["a"],"adapter":["talk"],"peer_list":1})"),
              HasSubstr("\"peer_list\" is not known here; allowed are $schema, summary"));
  EXPECT_THAT(refusal_with(R"("node": ["a"])"), HasSubstr("leave out \"node\""));
  EXPECT_THROW(read_description("/nowhere/system.json"), std::invalid_argument);
}

TEST(Description, a_wrong_member_is_refused_with_its_place_and_what_is_allowed) {
  EXPECT_THAT(refusal_with(R"("ports": {"peer": 1})"), HasSubstr("must be one named \"client\""));
  EXPECT_THAT(refusal_with(R"("ports": {"client": 70000})"),
              HasSubstr("the system.ports.client.number: must be a whole number from 1 to 65535"));
  EXPECT_THAT(refusal_with(R"("ports": {"client": 1, "peer": 1})"),
              HasSubstr("the system.ports.peer: client has the number 1, too"));
  EXPECT_THAT(refusal_with(R"("ports": {"client": {"number": 1, "proxy": true}})"),
              HasSubstr("the system.ports.client: \"proxy\" is not known here"));
  EXPECT_THAT(refusal_with(R"("ports": {"Client": 1})"), HasSubstr("'Client' is no name"));
  EXPECT_THAT(refusal_with(R"("options": {"reads": {"values": ["a", "b"], "default": "c"}})"),
              HasSubstr("the system.options.reads.default: must be one of its values"));
  EXPECT_THAT(refusal_with(R"("options": {"reads": {"values": ["a,b"], "default": "a,b"}})"),
              HasSubstr("without , + : = and blanks"));
  EXPECT_THAT(refusal_with(R"("lists": {"some": {"each": "{node}", "of": "few"}})"),
              HasSubstr("the system.lists.some.of: must be all, others, earlier or later"));
  EXPECT_THAT(refusal_with(R"("ready": {"http": "/", "command": ["a"]})"),
              HasSubstr("the system.ready: give one of"));
  EXPECT_THAT(refusal_with(R"("ready": {"port": "peers"})"),
              HasSubstr("the system.ready.port: must be one of the ports client, peer"));
  EXPECT_THAT(refusal_with(R"("setup": {})"), HasSubstr("the system.setup: give"));
  EXPECT_THAT(refusal_with(R"("user": 0)"), HasSubstr("the system.user: must be a whole number"));
  EXPECT_THAT(refusal_with(R"("startup_timeout": "0s")"), HasSubstr("more than no time"));
  EXPECT_THAT(refusal_with(R"("initialise": [["a"], []])"),
              HasSubstr("the system.initialise[1].command: must be a command line"));
}

TEST(Description, orders_and_roles_are_refused_unless_they_are_whole) {
  EXPECT_THAT(refusal_with(R"("members": {"add": ["a"]})"),
              HasSubstr("the system.members: give \"add\" and \"remove\""));
  EXPECT_THAT(refusal_with(R"("members": {"transfer": ["a"], "refused": [0]})"),
              HasSubstr("a list of exit statuses from 1 to 255"));
  EXPECT_THAT(refusal_with(R"("members": {"transfer": ["a"], "removed": "dies"})"),
              HasSubstr("the system.members.removed: must be \"waits\" or \"ends\""));
  EXPECT_EQ(refusal_with(R"("members": {"transfer": ["a", "{node}"]})"), "accepted");
  EXPECT_THAT(refusal_with(R"("roles": {"port": "client"})"),
              HasSubstr("the system.roles: give \"http\", \"command\" or \"adapter\""));
  EXPECT_THAT(refusal_with(R"("roles": {"http": "/"})"), HasSubstr("\"http\" needs \"role\""));
  EXPECT_THAT(refusal_with(R"("roles": {"http": "/", "role": "role", "leader": ["a"]})"),
              HasSubstr("the system.roles.role: must be a JSON pointer"));
  EXPECT_THAT(refusal_with(R"("roles": {"adapter": true, "term": "/term"})"),
              HasSubstr("only \"http\" has \"role\""));
  EXPECT_EQ(refusal_with(R"("roles": {"http": "/", "role": "/r", "leader": ["{node}"]})"),
            "accepted");
  EXPECT_THAT(refusal_with(R"("files_check": {"command": ["a"]})"),
              HasSubstr("the system.files_check: give {\"each\": [...]}"));
  EXPECT_THAT(refusal_with(R"("clocks": "ntp")"), HasSubstr("must be \"libfaketime\""));
}

TEST(Description, what_it_promises_in_a_workload_names_one_that_there_is) {
  EXPECT_EQ(refusal_with(R"("workloads": {"list-append": {"isolation": "serializable"}})"),
            "accepted");
  EXPECT_THAT(refusal_with(R"("workloads": {"lists": {}})"), HasSubstr("'lists'"));
  EXPECT_THAT(refusal_with(R"("workloads": {"list-append": {"isolation": "good"}})"),
              HasSubstr("there is no isolation level good"));
  EXPECT_THAT(refusal_with(R"("workloads": {"list-append": {"level": "good"}})"),
              HasSubstr("the system.workloads.list-append: \"level\" is not known here"));
}

TEST(Description, a_placeholder_that_is_unknown_at_its_place_is_refused_before_any_run) {
  EXPECT_THAT(refusal_of(R"({"start": ["a", "{pear}"], "adapter": ["b"]})"),
              HasSubstr("the system.start[1]: unknown placeholder {pear} in '{pear}'; there are:"));
  EXPECT_THAT(refusal_of(R"({"start": ["a"], "adapter": ["b", "{node}"]})"),
              HasSubstr("the system.adapter[1]: unknown placeholder {node}"));
  EXPECT_THAT(refusal_with(R"("files": {"a.conf": ["x", "{port.raft}"]})"),
              HasSubstr("the system.files[\"a.conf\"]: unknown placeholder {port.raft}"));
  EXPECT_THAT(refusal_with(R"("lists": {"some": {"each": "{peers}"}})"),
              HasSubstr("the system.lists.some.each: unknown placeholder {peers}"));
  EXPECT_THAT(refusal_with(R"("setup": {"command": ["a", "{dir}"]})"),
              HasSubstr("the system.setup.command[1]: unknown placeholder {dir}"));
  EXPECT_THAT(refusal_with(R"("environment": {"A": "{option.none}"})"),
              HasSubstr("the system.environment.A: unknown placeholder {option.none}"));
}

TEST(Description, a_file_of_a_node_may_be_a_template_beside_the_description) {
  const TemporaryFile file(
      R"({"start": ["a"], "adapter": ["b"], "files": {"a.conf": {"from": "template"}}})");
  EXPECT_THAT(refusal_of(R"({"start": ["a"], "adapter": ["b"],
                             "files": {"a.conf": {"from": "template"}}})"),
              HasSubstr("template cannot be read"));
  std::ofstream(file.path().parent_path() / "template") << "port {client_port}\n";
  EXPECT_EQ(read_description(file.path()).files.at(0).text, "port {client_port}\n");
}

TEST(Description, placeholders_are_filled_in_and_other_braces_are_left_alone) {
  const Placeholders placeholders{{"node", "n1"}, {"client", "127.1.2.3:7000"}};
  EXPECT_EQ(fill_in("{node}=http://{client}/{node}", placeholders), "n1=http://127.1.2.3:7000/n1");
  EXPECT_EQ(fill_in(R"({"a":{}} {, {A} {node)", placeholders), R"({"a":{}} {, {A} {node)");
  EXPECT_THROW(fill_in("{pear}", placeholders), std::invalid_argument);
}

TEST(Description, a_word_that_was_a_placeholder_and_becomes_empty_is_left_out) {
  const Placeholders placeholders{{"option.extra", ""}, {"node", "n1"}};
  EXPECT_THAT(fill_in(Command{"a", "{option.extra}", "{node}", ""}, placeholders),
              ElementsAre("a", "n1", ""));
}

struct PlacesOfNodes : testing::Test {
  const TemporaryFile file{R"({
    "start": ["a"], "adapter": ["b"], "ports": {"client": 5432, "raft": 7100},
    "options": {"sync": {"values": {"on": "--sync", "off": ""}, "default": "on"}},
    "lists": {"all": {"each": "{node}={advertise.raft}"},
              "before": {"each": "{number}", "separator": " ", "of": "earlier"},
              "others": {"each": "{node}", "of": "others"}}})"};
  const Description description = read_description(file.path());
  const std::vector<NodePlace> nodes{{"n1", 1, "127.0.0.1", "127.0.0.101", "/run/n1"},
                                     {"n2", 2, "127.0.0.2", "127.0.0.102", "/run/n2"},
                                     {"n3", 3, "127.0.0.3", "127.0.0.103", "/run/n3"}};

  std::string filled(const std::string& text) {
    return fill_in(text, placeholders_of_node(description, {}, nodes, nodes[1]));
  }
};

TEST_F(PlacesOfNodes, addresses_are_there_apart_and_joined) {
  EXPECT_EQ(filled("{node} {number} {dir}"), "n2 2 /run/n2");
  EXPECT_EQ(filled("{host} {client_port} {client}"), "127.0.0.2 5432 127.0.0.2:5432");
  EXPECT_EQ(filled("{port.raft} {address.raft}"), "7100 127.0.0.2:7100");
  EXPECT_EQ(filled("{advertise.raft} {advertise_host}"), "127.0.0.102:7100 127.0.0.102");
}

TEST_F(PlacesOfNodes, a_port_that_is_not_proxied_is_advertised_as_it_is) {
  EXPECT_EQ(filled("{advertise.client}"), "127.0.0.2:5432");
}

TEST_F(PlacesOfNodes, a_server_of_one_port_has_its_peers_there) {
  EXPECT_EQ(filled("{peer} {peer_port} {advertise}"), "127.0.0.2:5432 5432 127.0.0.2:5432");
}

TEST_F(PlacesOfNodes, lists_have_a_text_for_each_node_that_belongs_to_them) {
  EXPECT_EQ(filled("{list.all}"), "n1=127.0.0.101:7100,n2=127.0.0.102:7100,n3=127.0.0.103:7100");
  EXPECT_EQ(filled("{list.before};{list.others}"), "1;n1,n3");
  EXPECT_EQ(filled("{nodes} {node_count}"), "n1,n2,n3 3");
}

TEST_F(PlacesOfNodes, another_node_is_named_by_its_name) {
  EXPECT_EQ(filled("{n1.client} {n3.advertise.raft} {n1.dir}"),
            "127.0.0.1:5432 127.0.0.103:7100 /run/n1");
  EXPECT_THROW(filled("{n4.client}"), std::invalid_argument);
}

TEST_F(PlacesOfNodes, an_option_is_what_its_value_stands_for) {
  const auto chosen = placeholders_of_run(description, {{"sync", "off"}}, nodes);
  EXPECT_EQ(filled("{option.sync}"), "--sync");
  EXPECT_EQ(fill_in("{option.sync}", chosen), "");
}

}  // namespace
}  // namespace sunder::harness::described
