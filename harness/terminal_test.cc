// What the program says on a terminal, and what where there is none.

#include <array>
#include <fstream>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <pty.h>
#include <stdlib.h>

#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

class SunderOnATerminal : public SunderProgram {
 protected:
  void SetUp() override {
    SunderProgram::SetUp();
    std::ofstream(history()) << R"({"process":0,"type":"invoke","f":"write","key":"k","value":1}
{"process":0,"type":"ok","f":"write","key":"k","value":1}
{"process":1,"type":"invoke","f":"read","key":"k","value":null}
{"process":1,"type":"ok","f":"read","key":"k","value":7}
)";
  }

  std::string history() const { return (folder_ / "history.jsonl").string(); }

  /// All that `sunder check` of the history says to a terminal.
  std::string said_on_a_terminal(const char* no_colour) const {
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
      if (no_colour != nullptr) {
        ::setenv("NO_COLOR", no_colour, 1);
      } else {
        ::unsetenv("NO_COLOR");
      }
      const auto program = programs() / "sunder";
      ::execl(program.c_str(), "sunder", "check", history().c_str(), nullptr);
      ::_exit(127);
    }
    std::string said;
    std::array<char, 4096> bytes;
    for (;;) {
      // A terminal nobody has open any more ends with an error, not with an end of file.
      const auto count = ::read(terminal, bytes.data(), bytes.size());
      if (count <= 0) break;
      said.append(bytes.data(), static_cast<std::size_t>(count));
    }
    ::close(terminal);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    return said;
  }
};

constexpr const char* escape = "\033[";

TEST_F(SunderOnATerminal, colour_is_for_terminals_whose_user_does_not_refuse_it) {
  EXPECT_THAT(said_on_a_terminal(nullptr), HasSubstr(escape));
  EXPECT_THAT(said_on_a_terminal(""), HasSubstr(escape));
  EXPECT_THAT(said_on_a_terminal("1"), AllOf(HasSubstr("impossible"), Not(HasSubstr(escape))));
  EXPECT_THAT(sunder({"check", history()}).out,
              AllOf(HasSubstr("impossible"), Not(HasSubstr(escape))));
}

TEST_F(SunderOnATerminal, json_is_the_verdict_and_nothing_else) {
  const auto check = sunder({"check", history(), "--json"});
  EXPECT_EQ(check.exit_code, 1);
  EXPECT_EQ(nlohmann::json::parse(check.out)["validity"], "invalid");
  const auto run = sunder(run_flags({"--time-limit", "300ms", "--nemesis", "none", "--json"}));
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(nlohmann::json::parse(run.out), verdict());
}

}  // namespace
}  // namespace sunder::harness
