#include "results/store/page_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "results/page/document.h"
#include "testing/temporary_folder.h"

namespace sunder::results {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class PageFile : public testing::Test {
 protected:
  void put(const std::string& text) const { std::ofstream(file_) << text; }
  std::string content() const {
    std::ifstream stream(file_);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const TemporaryFolder folder_;
  const fs::path file_ = folder_.path() / "page.html";
};

TEST_F(PageFile, a_page_replaces_nothing_an_empty_file_and_a_page) {
  const auto page = page_document("report.js", {{"first", 1}});
  write_page(file_, page, Replacing::pages_of_sunder);
  EXPECT_EQ(content(), page);
  const auto other = page_document("report.js", {{"second", 2}});
  write_page(file_, other, Replacing::pages_of_sunder);
  EXPECT_EQ(content(), other);
  put("");
  write_page(file_, page, Replacing::pages_of_sunder);
  EXPECT_EQ(content(), page);
}

TEST_F(PageFile, another_file_is_kept_unless_the_user_asks_to_replace_it) {
  for (const std::string text : {"{\"process\":0}", "<!doctype html>\n<title>mine</title>"}) {
    put(text);
    const auto write = [&] { write_page(file_, "new", Replacing::pages_of_sunder); };
    EXPECT_THAT(write, ThrowsMessage<std::invalid_argument>(
                           AllOf(HasSubstr(file_.string()), HasSubstr("--force"))));
    EXPECT_EQ(content(), text);
    write_page(file_, "new", Replacing::anything);
    EXPECT_EQ(content(), "new");
  }
}

TEST_F(PageFile, a_folder_is_refused_and_a_missing_one_named_with_the_way_out) {
  EXPECT_THAT([&] { write_page(folder_.path(), "", Replacing::anything); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("is a folder")));
  EXPECT_THAT([&] { write_page(folder_.path() / "no" / "page", "", Replacing::anything); },
              ThrowsMessage<std::runtime_error>(HasSubstr("-o")));
}

TEST_F(PageFile, a_device_stays_a_device_and_a_link_leads_to_its_file) {
  write_page("/dev/null", "page", Replacing::pages_of_sunder);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  fs::create_symlink("page.html", folder_.path() / "link");
  write_page(folder_.path() / "link", "page", Replacing::pages_of_sunder);
  EXPECT_TRUE(fs::is_symlink(folder_.path() / "link"));
  EXPECT_EQ(content(), "page");
}

}  // namespace
}  // namespace sunder::results
