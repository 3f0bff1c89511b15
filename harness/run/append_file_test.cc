#include "harness/run/append_file.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(AppendFile, what_is_appended_can_be_read_at_once) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  AppendFile file(path);
  file.append("one\n");
  file.append("two\n");
  std::ifstream read(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(read), {}), "one\ntwo\n");
  EXPECT_THAT([&] { AppendFile again(path); },
              ThrowsMessage<std::runtime_error>(HasSubstr("cannot create " + path.string())));
}

// A limit on the size of files stands for a full disk.
TEST(AppendFile, a_file_that_cannot_grow_is_named) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  AppendFile file(path);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 6;
  ::setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THAT([&] { file.append("123456789\n"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("cannot write " + path.string())));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  EXPECT_EQ(std::filesystem::file_size(path), 6u);
}

}  // namespace
}  // namespace sunder::harness
