#pragma once
// The folder of one node on a disk that takes orders (nemesis/disk/faulty_disk.h): the program
// sunder-disk, which mounts itself over the folder, and the socket on which it is told what to do.
// When it ends, however it ends, the folder shows as plain files what was durable.

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <nlohmann/json_fwd.hpp>

#include "harness/process/child_process.h"

namespace sunder::harness {

/// Why this machine cannot mount such a disk; asks sunder-disk to try.
std::optional<std::string> obstacle_to_faulty_disks();

class NodeDisk {
 public:
  using Done = std::function<void(const nlohmann::json& reply)>;

  /// Makes the folder. `on_mounted` is called when the disk is there, `on_end` when its process has
  /// ended, after dismiss() or before.
  NodeDisk(boost::asio::io_context& io, Watchdog& watchdog, const std::filesystem::path& folder,
           const std::filesystem::path& log_file, std::function<void()> on_mounted,
           std::function<void(const std::string& how)> on_end);
  /// Kills the disk's process if it still lives, and unmounts.
  ~NodeDisk();
  NodeDisk(const NodeDisk&) = delete;
  NodeDisk& operator=(const NodeDisk&) = delete;

  /// Orders are obeyed in turn.
  void order(const std::string& order, Done done);

  /// Something is not done yet: the mount, or an order.
  bool is_busy() const;

  /// Unmounts. What is not synced is lost, as in a power loss.
  void dismiss();
  bool has_ended() const { return !process_; }

 private:
  class Conversation;

  Watchdog& watchdog_;
  std::filesystem::path folder_;
  std::function<void(const std::string& how)> on_end_;
  std::shared_ptr<Conversation> conversation_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace sunder::harness
