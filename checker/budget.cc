#include "checker/budget.h"

#include <algorithm>
#include <cstdlib>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

namespace sunder::checker {

namespace {

constexpr const char* no_time = "time ran out";
constexpr const char* no_memory = "memory ran out";
/// Between two looks at the memory pass at most this time and this many bytes.
constexpr std::chrono::milliseconds memory_interval{1};
constexpr std::size_t memory_step = std::size_t{1} << 20;

/// This process's /proc/self/statm. A forked child must open its own, because the parent's file
/// goes on to describe the parent.
class MemoryFile {
 public:
  MemoryFile() = default;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(); }

  /// 0 if the system does not say.
  std::size_t resident_bytes() {
    if (owner_ != ::getpid()) open();
    char text[128];
    const auto count = ::pread(descriptor_, text, sizeof text - 1, 0);
    if (count <= 0) return 0;
    text[count] = '\0';
    char* rest = nullptr;
    std::strtoull(text, &rest, 10);  // the size of the address space comes first
    return std::strtoull(rest, nullptr, 10) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  }

 private:
  void open() {
    close();
    descriptor_ = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    owner_ = ::getpid();
  }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

  int descriptor_ = -1;
  pid_t owner_ = 0;
};

std::size_t resident_bytes() {
  thread_local MemoryFile file;
  return file.resident_bytes();
}

}  // namespace

Budget::Budget(std::chrono::milliseconds time, std::size_t memory_bytes, Counted counted)
    : deadline_(Clock::now() + time),
      memory_bytes_(memory_bytes),
      search_bytes_(memory_bytes),
      held_before_(counted == Counted::from_now ? resident_bytes() : 0) {}

Budget Budget::until(Clock::time_point deadline) const {
  auto shorter = *this;
  shorter.deadline_ = std::min(deadline_, deadline);
  return shorter;
}

Budget Budget::unless(const std::atomic<bool>& is_moot) const {
  auto moot = *this;
  moot.is_moot_ = &is_moot;
  return moot;
}

Budget Budget::shared_by(unsigned threads) const {
  auto share = *this;
  share.search_bytes_ = memory_bytes_ / std::max(threads, 1U);
  return share;
}

const char* Budget::why_spent() const {
  if (is_moot_ != nullptr && *is_moot_) return "another key was not linearizable";
  if (Clock::now() >= deadline_) return no_time;
  return would_exceed(0) ? no_memory : nullptr;
}

void Budget::expect(std::size_t bytes) const {
  if (bytes >= memory_step && would_exceed(bytes)) throw BudgetSpent(no_memory);
}

void Budget::look() {
  spent_since_memory_ += spent_;
  spent_ = 0;
  if (is_moot_ != nullptr && *is_moot_) throw BudgetSpent("another key was not linearizable");
  const auto now = Clock::now();
  if (now >= deadline_) throw BudgetSpent(no_time);
  if (now < next_look_at_memory_ && spent_since_memory_ < memory_step) return;
  next_look_at_memory_ = now + memory_interval;
  spent_since_memory_ = 0;
  if (would_exceed(0)) throw BudgetSpent(no_memory);
}

/// The allocator keeps what was freed. Before the memory is said to be used up, it returns that.
bool Budget::would_exceed(std::size_t bytes) const {
  if (memory_bytes_ == SIZE_MAX) return false;
  const auto exceeds = [&] {
    const auto held = resident_bytes();
    return std::max(held, held_before_) - held_before_ + bytes > memory_bytes_;
  };
  if (!exceeds()) return false;
  ::malloc_trim(0);
  return exceeds();
}

}  // namespace sunder::checker
