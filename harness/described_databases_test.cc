// SQL databases of the distribution, described by files: at the level that they promise they are
// valid, and sunder finds the anomaly where more is claimed than they promise.

#include "harness/real_system_test.h"

namespace sunder::harness {
namespace {

using testing::HasSubstr;

class RealDatabase : public DescribedSystem {
 protected:
  using DescribedSystem::DescribedSystem;

  /// Its exit code and outputs.
  Finished run_with(const std::string& options, const std::vector<std::string>& more) const {
    auto flags = run_flags({"--system", with(options)});
    flags.insert(flags.end(), more.begin(), more.end());
    auto run = sunder(flags);
    EXPECT_TRUE(processes_of_this_test().empty());
    return run;
  }

  void expect_allowed(const std::string& options, const std::vector<std::string>& more) const {
    const auto run = run_with(options, more);
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  }

  /// Until the first violation, which must come within a minute.
  void expect_violation(const std::string& options, std::vector<std::string> more) const {
    more.insert(more.end(), {"--nemesis", "none", "--time-limit", "60s", "--fail-fast"});
    const auto run = run_with(options, more);
    EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
    EXPECT_THAT(run.err, HasSubstr("violation at "));
  }
};

const std::vector<std::string> killed_now_and_then{
    "--nodes", "1", "--nemesis", "kill", "--nemesis-interval", "2s", "--time-limit", "6s"};

std::vector<std::string> and_workload(std::vector<std::string> flags, const std::string& workload) {
  flags.insert(flags.end(), {"--workload", workload});
  return flags;
}

std::vector<std::string> one_server(const std::string& workload, const std::string& claimed) {
  return {"--nodes", "1", "--workload", workload, "--isolation", claimed};
}

class RealPostgresql : public RealDatabase {
 protected:
  RealPostgresql() : RealDatabase("postgresql", "psycopg2") {}
};

class RealMariadb : public RealDatabase {
 protected:
  RealMariadb() : RealDatabase("mariadb", "MySQLdb") {}
};

class RealGalera : public RealDatabase {
 protected:
  RealGalera() : RealDatabase("galera", "MySQLdb") {}
};

TEST_F(RealPostgresql, serializable_is_strict_while_the_server_is_killed) {
  expect_allowed({}, and_workload(killed_now_and_then, "list-append"));
}

TEST_F(RealPostgresql, transfers_are_atomic_while_the_server_is_killed) {
  expect_allowed({}, and_workload(killed_now_and_then, "bank"));
}

TEST_F(RealPostgresql, repeatable_read_is_snapshot_isolation_and_is_invalid_as_serializable) {
  for (const std::string workload : {"list-append", "rw-register"}) {
    auto flags = one_server(workload, "serializable");
    flags.insert(flags.end(), {"--nemesis", "none", "--time-limit", "4s"});
    const auto run = run_with("isolation=repeatable-read", flags);
    EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
    EXPECT_THAT(run.err + run.out, HasSubstr("serializable is ruled out by G2-item"));
    EXPECT_THAT(run.err + run.out, HasSubstr("strong-snapshot-isolation (proved)"));
  }
}

TEST_F(RealPostgresql, read_committed_is_invalid_as_snapshot_isolation_while_it_runs) {
  expect_violation("isolation=read-committed", one_server("list-append", "snapshot-isolation"));
}

TEST_F(RealPostgresql, reads_of_a_replica_are_stale_unless_commits_wait_for_it) {
  expect_violation("reads=replica", {"--nodes", "2"});
  expect_allowed("reads=replica,replication=remote-apply",
                 {"--nodes", "2", "--nemesis", "none", "--time-limit", "4s"});
}

// The replica shows a commit before the primary does, which waits for it.
TEST_F(RealPostgresql, a_commit_that_waits_for_a_replica_is_seen_there_first_and_then_not_yet) {
  expect_violation("reads=node,replication=remote-apply", {"--nodes", "2"});
}

TEST_F(RealMariadb, serializable_is_strict) {
  auto flags = one_server("list-append", "strict-serializable");
  flags.insert(flags.end(), {"--nemesis", "none", "--time-limit", "4s"});
  expect_allowed({}, flags);
}

TEST_F(RealMariadb, repeatable_read_loses_updates_unless_innodb_takes_snapshots) {
  expect_violation("isolation=repeatable-read", one_server("list-append", "snapshot-isolation"));
  auto flags = one_server("list-append", "snapshot-isolation");
  flags.insert(flags.end(), {"--nemesis", "none", "--time-limit", "4s"});
  expect_allowed("isolation=repeatable-read,snapshot=on", flags);
}

TEST_F(RealGalera, registers_are_linearizable_when_reads_wait) {
  expect_allowed({}, {"--nodes", "3", "--nemesis", "none", "--time-limit", "5s"});
}

TEST_F(RealGalera, reads_that_do_not_wait_are_invalid) {
  expect_violation("sync_wait=0", {"--nodes", "3"});
}

TEST_F(RealGalera, serializable_is_invalid_because_read_locks_stay_at_one_node) {
  expect_violation("isolation=serializable",
                   {"--nodes", "3", "--workload", "list-append", "--isolation", "serializable"});
}

}  // namespace
}  // namespace sunder::harness
