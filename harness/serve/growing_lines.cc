#include "harness/serve/growing_lines.h"

#include "harness/serve/served_file.h"

namespace sunder::harness::serve {

std::string GrowingLines::next() {
  constexpr std::size_t step = 1 << 18;
  const auto file = ServedFile::open(path_);
  if (!file) return {};
  std::string text;
  // A line may be longer than a step.
  for (std::size_t read = 0;;) {
    text.resize(read + step);
    const auto count = file->read(offset_ + read, {text.data() + read, step});
    text.resize(read + count);
    const auto end = text.rfind('\n');
    if (end != std::string::npos) {
      text.resize(end + 1);
      offset_ += text.size();
      return text;
    }
    if (count == 0) return {};
    read += count;
  }
}

}  // namespace sunder::harness::serve
