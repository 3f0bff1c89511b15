#include "workloads/operations.h"

#include <gtest/gtest.h>

namespace sunder::workloads {
namespace {

TEST(Kinds, have_names_of_their_own) {
  for (int kind = 0; kind <= static_cast<int>(Kind::log); ++kind) {
    EXPECT_EQ(kind_named(name_of(Kind{kind})), Kind{kind});
  }
}

TEST(Operations, say_what_is_missing) {
  const Operations can{{Kind::register_, {"read", "write"}}};
  EXPECT_EQ(can.missing_for({{Kind::register_, {"read", "cas"}}, {Kind::set, {"add"}}}),
            "register (cas), set (add)");
  EXPECT_EQ(can.missing_for({{Kind::register_, {"read"}}}), "");
}

}  // namespace
}  // namespace sunder::workloads
