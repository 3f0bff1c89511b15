#pragma once
// Memory for millions of elements, reserved at once, so that none is moved when others come.
// Surprise: reserved memory that is not used costs nothing, and the pages that are used are huge
// ones where the system has them: the faults of small ones cost as much as reading the history.

#include <cstddef>
#include <memory>
#include <vector>

#include <sys/mman.h>

namespace sunder::history {

template <typename T>
void reserve_in_huge_pages(std::vector<T>& all, std::size_t elements) {
  all.reserve(elements);
  constexpr std::size_t page = std::size_t{1} << 21;
  void* begin = all.data();
  std::size_t bytes = all.capacity() * sizeof(T);
  if (std::align(page, page, begin, bytes)) ::madvise(begin, bytes / page * page, MADV_HUGEPAGE);
}

}  // namespace sunder::history
