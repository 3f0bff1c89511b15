#include "harness/serve/host_header.h"

#include <gtest/gtest.h>

namespace sunder::harness::serve {
namespace {

TEST(HostHeader, this_machine_has_a_few_names) {
  for (const char* host : {"localhost", "localhost:8080", "LocalHost:1", "127.0.0.1",
                           "127.0.0.1:8080", "127.3.2.1:80", "[::1]", "[::1]:8080"}) {
    EXPECT_TRUE(names_loopback(host)) << host;
  }
}

TEST(HostHeader, a_name_that_was_made_to_point_here_is_none_of_them) {
  for (const char* host :
       {"", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
        "0.0.0.0", "10.0.0.1:80", "::1", "[::1", "[]", "[127.0.0.1]", "127.0.0.1]", ":8080"}) {
    EXPECT_FALSE(names_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace sunder::harness::serve
