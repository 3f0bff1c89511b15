#pragma once
// A FaultyDisk as a mounted FUSE file system, and the orders to it, a line each on a socket. Mapped
// files work; stores to a shared mapping count as written when the kernel writes them, at the
// latest when the power goes. Not supported: files without a name (O_TMPFILE), extended attributes,
// owners, devices, locks across machines. Times survive a power loss.

#include <filesystem>
#include <memory>

namespace sunder::nemesis::disk {

class Mount {
 public:
  /// Mounts over the folder whose contents are durable. Throws std::runtime_error saying why it is
  /// not possible.
  explicit Mount(const std::filesystem::path& folder);
  /// Unmounts, also what is in use.
  ~Mount();
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;

  /// Says {"mounted":true}, then serves until the socket closes. Ends the process.
  [[noreturn]] void serve(int orders);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sunder::nemesis::disk
