// sunder-disk FOLDER: mounts over the folder what a disk that loses power would keep of it, and
// takes orders on descriptor 3 until that closes. sunder-disk --probe: says whether it can.

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "nemesis/disk/mount.h"
#include "nemesis/disk/private_mounts.h"

namespace {

namespace disk = sunder::nemesis::disk;

constexpr int orders = 3;

// On standard output, for whoever asked: also what fusermount3 says, and first.
int probe() {
  ::dup2(STDOUT_FILENO, STDERR_FILENO);
  disk::enter_private_mounts();
  std::string folder = (std::filesystem::temp_directory_path() / "sunder-disk-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    fmt::print("cannot make a folder in {}\n", folder);
    return EXIT_FAILURE;
  }
  int result = EXIT_SUCCESS;
  try {
    const disk::Mount mount(folder);
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
    result = EXIT_FAILURE;
  }
  ::rmdir(folder.c_str());
  return result;
}

}  // namespace

int main(int count, char** words) {
  ::signal(SIGPIPE, SIG_IGN);
  const std::string word = count == 2 ? words[1] : "";
  if (word == "--probe") return probe();
  if (word.empty() || word.starts_with("-")) {
    fmt::print(stderr, "usage: sunder-disk FOLDER, or sunder-disk --probe\n");
    return EXIT_FAILURE;
  }
  try {
    disk::Mount(word).serve(orders);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sunder-disk: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
