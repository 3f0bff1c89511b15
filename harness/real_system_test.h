#pragma once
// What the tests of real systems share: the strict configuration of a system stays valid, and
// sunder finds the anomaly of its known-bad twin. Tests of systems that nobody asked for are
// skipped.

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "harness/driver/systems.h"
#include "harness/sunder_program_test.h"

namespace sunder::harness {

class RealSystem : public SunderProgram {
 protected:
  // Why the system cannot be tested here; empty if it can.
  static std::string missing(const std::string& system) {
    try {
      Plan plan;
      choose_system(plan, system);
      find_system(plan.system).require_programs(plan);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  std::vector<std::string> flags_for(const std::string& system, const std::string& time_limit,
                                     const std::vector<std::string>& more = {}) const {
    auto flags = run_flags({"--system", system, "--nodes", "3", "--time-limit", time_limit,
                            "--nemesis-interval", "2s"});
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
  }

  void expect_valid(const std::string& system, const std::string& time_limit = "8s",
                    const std::vector<std::string>& faults = {"--nemesis",
                                                              "kill,pause,partition"}) const {
    const auto run = sunder(flags_for(system, time_limit, faults));
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_TRUE(processes_of_this_test().empty());
  }

  // Nodes leave, are replaced and come back: nothing else is done to them unless `faults` says so.
  void expect_valid_with_members_coming_and_going(const std::string& system,
                                                  const std::vector<std::string>& faults) const {
    const auto run = sunder(flags_for(system, "12s", faults));
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_FALSE(nemesis_events("membership").empty());
    EXPECT_EQ(nemesis_events("membership").size(), nemesis_events("heal-membership").size());
    EXPECT_EQ(nemesis_events("recovery").at(0)["recovered"], true);
    EXPECT_TRUE(processes_of_this_test().empty());
  }

  // Usually within 10 s. The nightly says how often it takes more than a minute.
  void expect_invalid(const std::string& system, const std::string& nemesis,
                      const std::string& workload = "register",
                      const std::vector<std::string>& more = {}) const {
    std::vector<std::string> flags{"--nemesis", nemesis, "--fail-fast", "--workload", workload};
    flags.insert(flags.end(), more.begin(), more.end());
    const auto run = sunder(flags_for(system, "120s", flags));
    EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
    EXPECT_THAT(run.err, testing::HasSubstr("violation at "));
    EXPECT_TRUE(processes_of_this_test().empty());
  }

  void expect_nothing_left_after_sigkill(const std::string& system,
                                         const std::vector<std::string>& more = {}) const {
    const pid_t child = start(flags_for(system, "60s", more));
    await_first_success(child);
    EXPECT_GT(processes_of_this_test().size(), 1U);
    ::kill(child, SIGKILL);
    wait_for(child);
    // The kernel kills the nodes as sunder dies; this ends as soon as it has.
    while (!processes_of_this_test().empty()) ::usleep(1000);
  }
};

/// The tests of a system that the distribution ships. Where the environment variable SUNDER_SYSTEMS
/// is set, a system that it names must be installed, and the tests of all others are skipped.
/// Without it they are skipped where the system is not installed.
class InstalledSystem : public RealSystem {
 protected:
  explicit InstalledSystem(std::string system) : system_(std::move(system)) {}

  /// Empty if the system can be run here.
  virtual std::string why_not() const { return missing(system_); }

  void SetUp() override {
    RealSystem::SetUp();
    const char* wanted = std::getenv("SUNDER_SYSTEMS");
    const auto names = fmt::format(",{},", wanted == nullptr ? "" : wanted);
    const bool is_named = names.find("," + system_ + ",") != std::string::npos;
    if (wanted != nullptr && !is_named) GTEST_SKIP() << system_ << " is not in SUNDER_SYSTEMS";
    const auto why = why_not();
    if (!why.empty() && !is_named) GTEST_SKIP() << why;
    ASSERT_EQ(why, "");
  }

 private:
  std::string system_;
};

/// A system that a folder of harness/systems describes: "nats".
class DescribedSystem : public InstalledSystem {
 protected:
  /// `module` is the Python module that its adapter needs; nullptr: none.
  explicit DescribedSystem(const std::string& name, const char* module = nullptr)
      : InstalledSystem(name),
        file_(fmt::format("{}/{}/{}.json", SUNDER_DESCRIPTIONS, name, name)),
        module_(module) {}

  std::string why_not() const override {
    if (auto why = missing(file_); !why.empty() || module_ == nullptr) return why;
    const auto probe = fmt::format("/usr/bin/python3 -c 'import {}' >/dev/null 2>&1", module_);
    return std::system(probe.c_str()) == 0 ? std::string() : fmt::format("no module {}", module_);
  }

  /// For --system; `options` as in "reads=leader".
  std::string with(const std::string& options = {}) const {
    return options.empty() ? file_ : fmt::format("{}:{}", file_, options);
  }

  /// Until the first violation, which must come.
  void expect_found(const std::string& options, const std::vector<std::string>& more) const {
    auto flags = flags_for(with(options), "120s", {"--fail-fast"});
    flags.insert(flags.end(), more.begin(), more.end());
    const auto run = sunder(flags);
    EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
    EXPECT_THAT(run.err, testing::HasSubstr("violation at "));
    EXPECT_TRUE(processes_of_this_test().empty());
  }

 private:
  std::string file_;
  const char* module_;
};

}  // namespace sunder::harness
