#include "harness/serve/request_path.h"

#include <gmock/gmock.h>

namespace sunder::harness::serve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

TEST(RequestPath, names_are_decoded_and_the_query_is_left_out) {
  EXPECT_THAT(request_path("/"), Optional(IsEmpty()));
  EXPECT_THAT(request_path("/runs/a%20b/log?x=/y"), Optional(ElementsAre("runs", "a b", "log")));
}

TEST(RequestPath, no_name_leads_elsewhere_however_it_is_written) {
  for (const char* target : {"",
                             "runs",
                             "*",
                             "http://other/",
                             "//",
                             "/runs//a",
                             "/runs/",
                             "/..",
                             "/runs/../etc",
                             "/runs/%2e%2e/etc",
                             "/runs/%2E./x",
                             "/runs/a%2fb",
                             "/runs/a%2F..%2Fb",
                             "/.",
                             "/runs/a%00b",
                             "/runs/%",
                             "/runs/%4",
                             "/runs/%zz",
                             "/runs/%-1",
                             "/runs/%+1"}) {
    EXPECT_EQ(request_path(target), std::nullopt) << target;
  }
}

TEST(RequestPath, an_address_is_read_as_the_names_it_was_made_of) {
  const std::vector<std::string> names = {"live", "a b%/ü?#", "20261124T045318Z-7", "&<\""};
  // A slash in a name can be written, but is never asked for.
  const std::vector<std::string> without_slash = {names[0], "a b%ü?#", names[2], names[3]};
  EXPECT_THAT(request_path(address_of(without_slash)), Optional(without_slash));
  EXPECT_EQ(request_path(address_of(names)), std::nullopt);
}

}  // namespace
}  // namespace sunder::harness::serve
