// libFuzzer over the parsers of histories: whatever the bytes, they give a history or an
// InputError. The first byte chooses the format; two choices sniff it, one of them also reads
// records, packed data and other names.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "checker/history/read.h"

namespace {

using namespace sunder::history;

/// A file that lives in memory: the parsers read files.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(::memfd_create("fuzz", 0)) {
    if (descriptor_ < 0 || ::write(descriptor_, data, size) != static_cast<ssize_t>(size)) {
      std::abort();
    }
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const MemoryFile file(data + 1, size - 1);
  try {
    switch (data[0] % 6) {
      case 0:
        read_history(file.path(), Format::json_lines);
        break;
      case 1:
        read_history(file.path(), Format::edn);
        break;
      case 2:
        read_history(file.path(), Format::jepsen_log);
        break;
      case 3:
        read_history(file.path(), Format::json_text);
        break;
      case 4: {
        sunder::checker::Budget budget;
        read_foreign_history(file.path(), {}, budget);
        break;
      }
      default:
        read_history(file.path());
        break;
    }
  } catch (const InputError&) {
    // That is an answer.
  }
  return 0;
}
