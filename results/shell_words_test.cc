#include "results/shell_words.h"

#include <cstdio>
#include <memory>

#include <gtest/gtest.h>

namespace sunder::results {
namespace {

TEST(ShellWords, are_as_they_are_where_the_shell_reads_them_so) {
  EXPECT_EQ(shell_words({"sunder", "run", "--system", "raft:pre-vote=off,lease=on"}),
            "sunder run --system raft:pre-vote=off,lease=on");
}

TEST(ShellWords, a_shell_reads_back_every_word) {
  const std::vector<std::string> words{"a b",  "it's",     "$HOME",  "*",       "",     "~",
                                       "#x",   "a;b",      "\"q\"",  "\\",      "`id`", "tab\there",
                                       "l\ni", "\x1b[31m", "'\x07'", "\xc3\xa4"};
  for (const auto& word : words) {
    const auto command = "bash -c 'printf %s \"$1\"' - " + shell_word(word);
    const auto script = "exec bash <<'END_OF_SCRIPT'\n" + command + "\nEND_OF_SCRIPT\n";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> output(::popen(script.c_str(), "r"),
                                                                 ::pclose);
    std::string read;
    for (int c = 0; (c = std::fgetc(output.get())) != EOF;) read += static_cast<char>(c);
    EXPECT_EQ(read, word);
    EXPECT_EQ(shell_word(word).find('\x1b'), std::string::npos);
  }
}

}  // namespace
}  // namespace sunder::results
