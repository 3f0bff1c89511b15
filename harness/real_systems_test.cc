// Unmodified systems from the distribution, tested as a user does it: the strict configuration
// stays valid, and sunder finds the anomaly of its known-bad twin.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "harness/namespaces/namespaces.h"
#include "harness/real_system_test.h"
#include "harness/run/node_disk.h"
#include "harness/schedule_file.h"

namespace sunder::harness {
namespace {

using testing::HasSubstr;

using RealMaelstrom = RealSystem;

class RealEtcd : public InstalledSystem {
 protected:
  RealEtcd() : InstalledSystem("etcd") {}
};

class RealOvsdb : public InstalledSystem {
 protected:
  RealOvsdb() : InstalledSystem("ovsdb") {}
};

class RealRedis : public InstalledSystem {
 protected:
  RealRedis() : InstalledSystem("redis") {}
};

class RealZookeeper : public InstalledSystem {
 protected:
  RealZookeeper() : InstalledSystem("zookeeper") {}
};

TEST_F(RealEtcd, is_valid_when_it_reads_by_quorum) {
  expect_valid("etcd");
}

TEST_F(RealEtcd, is_valid_while_its_members_come_and_go_and_leadership_moves) {
  // Nothing at random: etcd 3.4 panics now and then when servers are killed while members go.
  const auto schedule = schedule_file(R"({"faults": [
    {"id": 1, "kind": "transfer", "target": "follower", "at": "1s", "duration": "3s", "pick": 1},
    {"id": 2, "kind": "membership", "change": "remove", "target": ["n1"], "at": "5s",
     "duration": "2s", "pick": 2},
    {"id": 3, "kind": "membership", "change": "replace", "target": ["n2"], "at": "8s",
     "duration": "1s", "pick": 3}]})");
  expect_valid_with_members_coming_and_going("etcd", {"--schedule", schedule});
  EXPECT_FALSE(nemesis_events("transfer").empty());
}

TEST_F(RealOvsdb, is_valid_while_its_members_come_and_go) {
  // Nothing besides: a server that is killed while it joins can never be started again, and with
  // pauses the servers got stuck once in some twenty runs.
  expect_valid_with_members_coming_and_going("ovsdb", {"--nemesis", "membership"});
}

TEST_F(RealOvsdb, a_fault_that_it_does_not_support_is_refused_with_the_reason) {
  const auto run = sunder(flags_for("ovsdb", "1s", {"--nemesis", "kill,transfer"}));
  EXPECT_EQ(run.exit_code, 254);
  EXPECT_THAT(run.err, HasSubstr("--system ovsdb: leave out the fault transfer: its servers accept "
                                 "no order to transfer leadership"));
}

TEST_F(RealEtcd, is_invalid_when_it_reads_what_one_node_has) {
  expect_invalid("etcd:reads=serializable", "partition");
}

TEST_F(RealEtcd, transactions_that_compare_all_they_read_are_strict_serializable) {
  for (const char* workload : {"list-append", "rw-register"}) {
    expect_valid("etcd", "6s", {"--nemesis", "kill,pause,partition", "--workload", workload});
  }
}

TEST_F(RealEtcd, is_invalid_when_its_transactions_do_not_compare_what_they_read) {
  expect_invalid("etcd:txn=compare-written", "pause", "list-append");
  expect_invalid("etcd:txn=compare-none", "pause", "list-append");
  expect_invalid("etcd:txn=compare-none", "pause", "rw-register");
}

TEST_F(RealEtcd, is_invalid_when_its_watches_begin_at_the_present) {
  expect_invalid("etcd:watch=from-now", "pause", "watch");
}

TEST_F(RealEtcd, is_valid_when_its_servers_lose_power) {
  if (const auto obstacle = obstacle_to_faulty_disks()) GTEST_SKIP() << *obstacle;
  expect_valid("etcd", "8s", {"--nemesis", "power-loss,power-loss:torn"});
  EXPECT_FALSE(nemesis_events("disk-report").empty());
}

TEST_F(RealEtcd, is_invalid_when_all_its_servers_lose_power_and_none_has_synced) {
  if (const auto obstacle = obstacle_to_faulty_disks()) GTEST_SKIP() << *obstacle;
  expect_invalid("etcd:fsync=off", "power-loss:all", "register", {"--nemesis-interval", "4s"});
}

TEST_F(RealEtcd, no_server_outlives_a_harness_that_is_killed) {
  expect_nothing_left_after_sigkill("etcd");
}

TEST_F(RealEtcd, is_valid_at_a_switch) {
  if (const auto why = Namespaces::why_impossible()) GTEST_SKIP() << *why;
  expect_valid("etcd", "8s", {"--network", "switch", "--nemesis", "kill,pause,partition"});
  // On the proxy's network the first two are refused.
  expect_valid("etcd", "6s", {"--network", "switch", "--nemesis", "drop,corrupt,delay,reset"});
}

TEST_F(RealEtcd, is_invalid_at_a_switch_when_it_reads_what_one_node_has) {
  if (const auto why = Namespaces::why_impossible()) GTEST_SKIP() << *why;
  expect_invalid("etcd:reads=serializable", "partition", "register", {"--network", "switch"});
}

TEST_F(RealEtcd, has_slow_disks_at_a_switch_too) {
  if (const auto why = Namespaces::why_impossible()) GTEST_SKIP() << *why;
  if (const auto why = obstacle_to_faulty_disks()) GTEST_SKIP() << *why;
  expect_valid("etcd", "6s", {"--network", "switch", "--nemesis", "disk:slow"});
  std::int64_t delayed = 0;
  for (const auto& report : nemesis_events("disk-report")) {
    delayed += report["delayed"].get<std::int64_t>();
  }
  EXPECT_GT(delayed, 0);
}

TEST_F(RealEtcd, no_server_outlives_a_harness_that_is_killed_at_a_switch) {
  if (const auto why = Namespaces::why_impossible()) GTEST_SKIP() << *why;
  expect_nothing_left_after_sigkill("etcd", {"--network", "switch"});
}

TEST_F(RealOvsdb, is_valid_when_its_reads_are_replicated) {
  expect_valid("ovsdb");
  EXPECT_EQ(nemesis_events("files-report").at(0)["passed"], true);
}

TEST_F(RealOvsdb, is_invalid_when_it_reads_what_one_server_has) {
  expect_invalid("ovsdb:reads=local", "delay,partition");
}

TEST_F(RealOvsdb, is_invalid_when_its_transactions_read_what_one_server_has) {
  for (const char* workload : {"list-append", "rw-register"}) {
    expect_invalid("ovsdb:reads=local", "delay,partition", workload);
  }
}

TEST_F(RealOvsdb, transactions_are_strict_serializable) {
  for (const char* workload : {"list-append", "rw-register"}) {
    expect_valid("ovsdb", "6s", {"--nemesis", "kill,pause,partition", "--workload", workload});
  }
}

TEST_F(RealOvsdb, no_server_outlives_a_harness_that_is_killed) {
  expect_nothing_left_after_sigkill("ovsdb");
}

TEST_F(RealRedis, is_invalid_because_a_failover_loses_writes) {
  expect_invalid("redis", "partition:one,kill");
}

TEST_F(RealRedis, is_invalid_because_a_failover_loses_transactions) {
  expect_invalid("redis", "partition:one,kill", "list-append");
}

TEST_F(RealRedis, is_invalid_at_a_switch_too) {
  if (const auto why = Namespaces::why_impossible()) GTEST_SKIP() << *why;
  expect_invalid("redis", "partition:one,kill", "register", {"--network", "switch"});
}

TEST_F(RealRedis, one_server_is_invalid_when_it_loses_power_and_syncs_once_a_second) {
  if (const auto obstacle = obstacle_to_faulty_disks()) GTEST_SKIP() << *obstacle;
  expect_invalid("redis:appendfsync=everysec", "power-loss", "register", {"--nodes", "1"});
}

TEST_F(RealRedis, no_server_outlives_a_harness_that_is_killed) {
  expect_nothing_left_after_sigkill("redis");
}

TEST_F(RealZookeeper, is_valid_when_a_majority_takes_a_write_before_a_read) {
  // Nothing at random: ZooKeeper 3.8.0 loses writes when a server is killed while it catches up
  // (ZOOKEEPER-4643), so the one that is killed is in step with the others.
  const auto schedule = schedule_file(R"({"faults": [
    {"id": 1, "kind": "kill", "target": "leader", "at": "1s", "duration": "1s", "pick": 1},
    {"id": 2, "kind": "pause", "target": "follower", "at": "5s", "duration": "1s", "pick": 2},
    {"id": 3, "kind": "partition", "shape": "one", "target": "leader", "at": "7s",
     "duration": "1500ms", "pick": 3}]})");
  expect_valid("zookeeper", "10s", {"--schedule", schedule});
  for (const char* kind : {"kill", "pause", "partition"}) {
    EXPECT_EQ(nemesis_events(kind).size(), 1U) << kind;
  }
}

TEST_F(RealZookeeper, is_valid_at_a_switch) {
  if (const auto why = Namespaces::why_impossible()) GTEST_SKIP() << *why;
  expect_valid("zookeeper", "8s", {"--network", "switch", "--nemesis", "pause,partition"});
}

TEST_F(RealSystem, the_schedule_that_makes_zookeeper_lose_writes_can_be_played) {
  const auto schedule = read_schedule(SUNDER_EXAMPLES "/zookeeper_truncation.json", 3);
  EXPECT_EQ(schedule.faults.size(), 5U);
}

TEST_F(RealZookeeper, is_invalid_when_it_reads_what_one_server_has) {
  expect_invalid("zookeeper:sync=false", "delay,partition");
}

TEST_F(RealZookeeper, transactions_that_one_multi_confirms_are_strict_serializable) {
  expect_valid("zookeeper", "8s", {"--nemesis", "pause,partition", "--workload", "list-append"});
}

TEST_F(RealZookeeper, its_other_objects_are_what_they_are_used_as) {
  expect_valid("zookeeper", "5s",
               {"--nemesis", "pause", "--workload",
                "append+counter+kv+lock+queue+unique-ids+versioned-register"});
}

TEST_F(RealZookeeper, is_invalid_when_its_transactions_read_key_by_key) {
  expect_invalid("zookeeper:sync=false", "delay,partition", "list-append");
}

TEST_F(RealZookeeper, is_valid_when_all_its_servers_lose_power) {
  if (const auto obstacle = obstacle_to_faulty_disks()) GTEST_SKIP() << *obstacle;
  expect_valid("zookeeper", "10s", {"--nemesis", "power-loss:all", "--nemesis-interval", "5s"});
}

TEST_F(RealZookeeper, is_invalid_when_all_its_servers_lose_power_and_none_has_synced) {
  if (const auto obstacle = obstacle_to_faulty_disks()) GTEST_SKIP() << *obstacle;
  expect_invalid("zookeeper:force-sync=no", "power-loss:all", "register",
                 {"--nemesis-interval", "5s"});
}

TEST_F(RealZookeeper, no_server_outlives_a_harness_that_is_killed) {
  expect_nothing_left_after_sigkill("zookeeper");
}

TEST_F(RealMaelstrom, a_node_that_stores_is_valid) {
  const auto run =
      sunder(flags_for("maelstrom:bin=" SUNDER_EXAMPLES "/maelstrom_node.py", "6s",
                       {"--nemesis", "kill,pause,partition,drop,delay,duplicate,reorder"}));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(RealMaelstrom, a_node_that_forgets_when_it_dies_is_invalid) {
  ::setenv("SUNDER_EXAMPLE_FORGETS", "1", 1);
  expect_invalid("maelstrom:bin=" SUNDER_EXAMPLES "/maelstrom_node.py", "kill");
  ::unsetenv("SUNDER_EXAMPLE_FORGETS");
}

TEST_F(RealMaelstrom, no_node_outlives_a_harness_that_is_killed) {
  expect_nothing_left_after_sigkill("maelstrom:bin=" SUNDER_EXAMPLES "/maelstrom_node.py");
}

TEST_F(RealEtcd, a_file_and_an_adapter_in_python_are_enough_to_test_etcd) {
  expect_valid(SUNDER_EXAMPLES "/etcd.json");
}

TEST_F(RealEtcd, an_adapter_that_dies_is_reported_and_proves_nothing) {
  auto described = nlohmann::json::parse(std::ifstream(SUNDER_EXAMPLES "/etcd.json"));
  described["adapter"] = {"sh", "-c", "read -r line; exit 3"};
  std::ofstream(folder_ / "system.json") << described;
  const auto run = sunder(flags_for((folder_ / "system.json").string(), "1s",
                                    {"--nemesis", "none", "--recovery-timeout", "500ms"}));
  EXPECT_EQ(run.exit_code, 2) << run.out << run.err;
  EXPECT_THAT(run.err, HasSubstr("the adapter ended: exit status 3"));
  EXPECT_TRUE(processes_of_this_test().empty());
}

TEST_F(RealSystem, a_program_that_is_missing_is_named_with_its_package) {
  ::setenv("PATH", "/nowhere", 1);
  if (missing("etcd").empty()) GTEST_SKIP() << "etcd is where the system's own programs are";
  const auto run = sunder(flags_for("etcd", "1s"));
  EXPECT_EQ(run.exit_code, 255);
  EXPECT_THAT(run.err, HasSubstr("etcd is not installed: 'apt-get install"));
  EXPECT_THAT(run.err, HasSubstr("etcd-server"));
}

TEST_F(RealOvsdb, clocks_are_set_ahead_and_behind_and_rates_are_skipped) {
  const auto run =
      sunder(flags_for("ovsdb", "6s", {"--nemesis", "clock:ahead,clock:behind,clock:fast"}));
  const auto reports = nemesis_events("clock-report");
  if (reports.empty()) {
    EXPECT_THAT(nemesis_events("skip-clock").at(0).dump(), HasSubstr("machine's clock"));
    GTEST_SKIP() << "libfaketime is not installed (package libfaketime)";
  }
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  const bool is_off = std::any_of(reports.begin(), reports.end(), [](const auto& report) {
    return std::abs(report["ahead_us"].template get<std::int64_t>()) >= 10'000;
  });
  EXPECT_TRUE(is_off);
  EXPECT_TRUE(processes_of_this_test().empty());
}

}  // namespace
}  // namespace sunder::harness
