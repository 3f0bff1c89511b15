#include "nemesis/disk/extents.h"

#include <gtest/gtest.h>

#include "nemesis/schedule/random.h"

namespace sunder::nemesis::disk {
namespace {

std::string seen(const Extents& extents, std::uint64_t offset, std::size_t size) {
  std::string buffer(size, '.');
  extents.lay_over(offset, buffer);
  return buffer;
}

TEST(Extents, later_bytes_replace_earlier_ones) {
  Extents extents;
  extents.put(2, "aaaa");
  extents.put(4, "bb");
  extents.put(1, "c");
  EXPECT_EQ(seen(extents, 0, 8), ".caabb..");
  EXPECT_EQ(extents.size_bytes(), 5U);
}

TEST(Extents, a_hole_can_be_cut_into_a_part) {
  Extents extents;
  extents.put(0, "abcdef");
  extents.erase(2, 4);
  EXPECT_EQ(seen(extents, 0, 6), "ab..ef");
  EXPECT_EQ(seen(extents, 1, 4), "b..e");
}

TEST(Extents, are_as_a_file_whatever_is_put_and_erased) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    Extents extents;
    std::string file(64, '.');
    for (int step = 0; step < 40; ++step) {
      const std::size_t from = random.below(60);
      const std::size_t size = random.below(file.size() - from);
      const bool puts = random.chance(0.7);
      const std::string bytes(size, puts ? static_cast<char>('a' + step % 26) : '.');
      if (puts) {
        extents.put(from, bytes);
      } else {
        extents.erase(from, from + size);
      }
      file.replace(from, size, bytes);
      ASSERT_EQ(seen(extents, 0, file.size()), file) << "seed " << seed << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace sunder::nemesis::disk
