#pragma once
// Runs what is measured in a process of its own, so that its peak memory is its own, and `wc -l` of
// the same file beside it: the reference that tells a slow machine from a slow program.

#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sunder::checker::bench {

/// What `run` returned, which must be a plain struct, and its process's peak memory. Absent if it
/// threw, which is said on stderr.
template <typename Result, typename Run>
std::optional<Result> run_apart(const Run& run, double& peak_mib) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const auto child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    Result result;
    try {
      result = run();
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}\n", error.what());
      ::_exit(1);
    }
    ::_exit(::write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
  }
  ::close(ends[1]);
  Result result;
  const bool is_whole = ::read(ends[0], &result, sizeof result) == sizeof result;
  ::close(ends[0]);
  struct rusage usage {};
  ::wait4(child, nullptr, 0, &usage);
  peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  return is_whole ? std::optional(result) : std::nullopt;
}

/// User and system time of this process, over all threads.
double cpu_seconds();
double seconds_of_wc(const std::filesystem::path& file);

}  // namespace sunder::checker::bench
