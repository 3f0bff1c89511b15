#include "harness/serve/served_file.h"

#include <array>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "testing/temporary_folder.h"

namespace sunder::harness::serve {
namespace {

namespace fs = std::filesystem;

class ServedFileTest : public testing::Test {
 protected:
  ServedFileTest() {
    fs::create_directories(root() / "run");
    std::ofstream(root() / "run" / "history.jsonl") << "0123456789";
    std::ofstream(folder_ / "secret") << "secret";
  }

  fs::path root() const { return folder_ / "runs"; }
  std::optional<fs::path> found(std::vector<std::string> names) const {
    return path_within(root(), names);
  }

  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
};

TEST_F(ServedFileTest, links_are_followed_inside) {
  fs::create_symlink("run", root() / "latest");
  EXPECT_EQ(found({"latest", "history.jsonl"}), fs::canonical(root() / "run" / "history.jsonl"));
}

TEST_F(ServedFileTest, links_that_lead_out_lead_nowhere) {
  fs::create_symlink(folder_, root() / "out");
  fs::create_symlink("../../secret", root() / "run" / "secret");
  fs::create_directories(folder_ / "runs-too");
  fs::create_symlink("../runs-too", root() / "beside");
  EXPECT_EQ(found({"out", "secret"}), std::nullopt);
  EXPECT_EQ(found({"run", "secret"}), std::nullopt);
  EXPECT_EQ(found({"beside"}), std::nullopt);
  EXPECT_EQ(found({"..", "secret"}), std::nullopt);
  EXPECT_EQ(found({"run", "none"}), std::nullopt);
}

TEST_F(ServedFileTest, only_ordinary_files_are_opened) {
  ASSERT_EQ(::mkfifo((root() / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(ServedFile::open(root() / "pipe"));
  EXPECT_FALSE(ServedFile::open(root() / "run"));
  EXPECT_FALSE(ServedFile::open(root() / "none"));
}

TEST_F(ServedFileTest, parts_are_read_and_the_end_is_seen) {
  const auto file = ServedFile::open(root() / "run" / "history.jsonl");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 10U);
  std::array<char, 4> bytes{};
  EXPECT_EQ(file->read(8, bytes), 2U);
  EXPECT_EQ(bytes[0], '8');
  EXPECT_EQ(file->read(10, bytes), 0U);
}

}  // namespace
}  // namespace sunder::harness::serve
