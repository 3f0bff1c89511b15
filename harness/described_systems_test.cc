// The systems that the folders of harness/systems describe: the strict configuration stays valid,
// and sunder finds the anomaly of its known-bad twin.

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/real_system_test.h"

namespace sunder::harness {
namespace {

class RealNats : public DescribedSystem {
 protected:
  RealNats() : DescribedSystem("nats") {}
};

class RealBully : public DescribedSystem {
 protected:
  RealBully() : DescribedSystem("bully") {}
};

class RealTarantool : public DescribedSystem {
 protected:
  RealTarantool() : DescribedSystem("tarantool", "msgpack") {}
};

class RealSlapd : public DescribedSystem {
 protected:
  RealSlapd() : DescribedSystem("slapd", "ldap") {}
};

class RealRabbitmq : public DescribedSystem {
 protected:
  RealRabbitmq() : DescribedSystem("rabbitmq", "pika") {}
};

class RealCeph : public DescribedSystem {
 protected:
  RealCeph() : DescribedSystem("ceph", "rados") {}
};

/// Three "nodes" that only have an open port, and an adapter that keeps the registers: it answers
/// for the first node and refuses for the others.
TEST_F(RealSystem, final_reads_go_to_the_next_node_where_one_refuses) {
  std::ofstream(folder_ / "adapter.py") << R"(import json, sys
values = {}
for line in sys.stdin:
    call = json.loads(line)
    key, value = call["key"], call["value"]
    answer = {"id": call["id"], "type": "ok", "value": values.get(key)}
    if not call["node"].split(":")[0].endswith(".1"):
        answer = {"id": call["id"], "type": "fail", "error": "not the leader"}
    elif call["f"] == "write":
        values[key] = value
    elif call["f"] == "cas" and values.get(key) != value[0]:
        answer["type"] = "fail"
    elif call["f"] == "cas":
        values[key] = value[1]
    print(json.dumps(answer), flush=True)
)";
  std::ofstream(folder_ / "system.json") << R"({"multiplexed": true,
    "node": ["/usr/bin/python3", "-m", "http.server", "7000", "--bind", "{host}"],
    "adapter": ["/usr/bin/python3", "{here}/adapter.py"]})";
  // Of 10 clients none has an unknown outcome, so the final reads begin at the second node.
  const auto run = sunder(flags_for((folder_ / "system.json").string(), "1s",
                                    {"--nemesis", "none", "--recovery-timeout", "2s"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
}

// NATS elects a leader of a stream 4 to 8 s after it lost one.
TEST_F(RealNats, registers_without_compare_and_set_are_valid) {
  expect_valid(with(), "8s", {"--nemesis", "kill,pause,partition", "--recovery-timeout", "30s"});
}

TEST_F(RealNats, sets_and_queues_are_valid_while_servers_are_killed_and_paused) {
  expect_valid(with(), "8s",
               {"--nemesis", "kill,pause", "--workload", "queue+set", "--recovery-timeout", "30s"});
}

TEST_F(RealNats, is_invalid_because_two_writes_that_expect_one_sequence_number_succeed) {
  for (const char* workload : {"register", "kv"}) {
    expect_found("cas=on", {"--nemesis", "none", "--workload", workload});
  }
}

TEST_F(RealNats, is_invalid_when_any_server_answers_reads) {
  expect_found("reads=direct", {"--nemesis", "pause"});
}

TEST_F(RealBully, is_valid_when_a_coordinator_needs_a_majority) {
  expect_valid(with());
}

TEST_F(RealBully, is_invalid_when_each_side_of_a_partition_has_a_coordinator) {
  expect_found("majority=off", {"--nemesis", "partition"});
}

TEST_F(RealTarantool, is_invalid_because_reads_see_what_is_rolled_back) {
  expect_found("", {"--nemesis", "partition,pause"});
}

TEST_F(RealCeph, is_valid_when_its_clients_are_patient) {
  expect_valid(with(), "10s", {"--nemesis", "kill,pause", "--recovery-timeout", "30s"});
}

TEST_F(RealCeph, is_invalid_when_its_clients_send_commands_again_soon) {
  expect_found("timeouts=short", {"--nemesis", "pause"});
}

TEST_F(RealSlapd, is_valid_when_clients_ask_one_server) {
  expect_valid(with());
}

TEST_F(RealSlapd, is_invalid_when_clients_ask_all_servers) {
  expect_found("answers=all", {"--nemesis", "pause"});
}

TEST_F(RealRabbitmq, quorum_queues_are_first_in_first_out) {
  expect_valid(with(), "10s",
               {"--nemesis", "pause", "--workload", "queue", "--recovery-timeout", "60s"});
}

TEST_F(RealRabbitmq, is_invalid_because_transient_queues_go_with_their_broker) {
  expect_found("queue=transient", {"--nemesis", "kill", "--nemesis-interval", "10s", "--workload",
                                   "unordered-queue", "--recovery-timeout", "60s"});
}

}  // namespace
}  // namespace sunder::harness
