#pragma once
// One folder as a disk that loses power would keep it. The folder on the real disk holds what is
// durable, at every moment as plain files; the rest is in memory and can be forgotten. The rules:
//   - a sync of a file makes its contents and size durable, but not its name;
//   - a sync of a folder makes its entries durable: what was created, removed and renamed in it, in
//     that order, with the folder's own name and the other side of renames across folders;
//   - a rename is atomic: after a power loss there is the old name or the new one. It makes no
//     contents durable, so a name may come back with an empty file behind it.
// That is what POSIX promises; ext4 promises more. No hard links, no symbolic ones, no attributes.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "nemesis/disk/unsynced_file.h"

namespace sunder::nemesis::disk {

using Inode = std::uint64_t;
using Entries = std::map<std::string, Inode, std::less<>>;

/// What a power loss has cost.
struct Lost {
  int files = 0;
  std::uint64_t bytes = 0;
  /// Creations, removals and renames.
  int entries = 0;
  bool operator==(const Lost&) const = default;
};

/// A byte that is not what it was.
struct Flip {
  std::string file;
  std::uint64_t offset = 0;
  std::uint8_t bits = 0;
};

/// Every call throws std::system_error with the errno that the program gets.
class UnsyncedStore {
 public:
  static constexpr Inode root = 1;

  /// What is in the folder is durable. It is opened once: it may be mounted over afterwards.
  explicit UnsyncedStore(const std::filesystem::path& folder);
  ~UnsyncedStore();
  UnsyncedStore(const UnsyncedStore&) = delete;
  UnsyncedStore& operator=(const UnsyncedStore&) = delete;

  bool is_folder(Inode inode) const;
  std::uint64_t size(Inode inode) const;
  mode_t permissions(Inode inode) const;
  void set_permissions(Inode inode, mode_t permissions);
  std::optional<Inode> find(Inode folder, std::string_view name) const;
  const Entries& entries(Inode folder) const;

  Inode create_file(Inode folder, std::string_view name, mode_t permissions);
  Inode create_folder(Inode folder, std::string_view name, mode_t permissions);
  void remove_file(Inode folder, std::string_view name);
  void remove_folder(Inode folder, std::string_view name);
  void rename(Inode from, std::string_view name, Inode to, std::string_view new_name);

  std::size_t read(Inode file, std::uint64_t offset, std::span<char> buffer) const;
  void write(Inode file, std::uint64_t offset, std::string_view bytes);
  void truncate(Inode file, std::uint64_t size);

  bool is_synced(Inode inode) const;
  void sync(Inode inode);
  void fail_sync(Inode file);

  /// The power is lost.
  Lost forget();
  /// The power is lost while the disk was writing: of each file the last write is torn at a random
  /// byte and what was written before it is kept; of the changed entries the first few are.
  Lost tear(std::uint64_t seed);
  /// Everything is gone, durably.
  void empty();

  /// Damages one durable byte that nobody writes at present; nothing if there is none.
  std::optional<Flip> flip(std::uint64_t seed);
  /// Gives the byte back what it was, if its file is still there.
  void flip_back(const Flip& flip);

  /// The kernel holds the inode, under a name or not.
  void hold(Inode inode);
  void release(Inode inode, std::uint64_t count);
  std::vector<Inode> held() const;

 private:
  struct Node;
  struct Change;

  Node& at(Inode inode);
  const Node& at(Inode inode) const;
  UnsyncedFile& file(Inode inode);
  Node& folder(Inode inode);
  void load(Inode folder);
  Inode create(Inode folder, std::string_view name, std::unique_ptr<Node> node);
  Inode entry(Inode folder, std::string_view name) const;
  void sync_folder(Inode folder);
  std::set<Inode> folders_bound_to(Inode folder) const;
  void make_durable(const Change& change);
  Lost forget_the_rest(Lost lost);
  void remove_children(Inode folder);
  void drop_unreachable();
  void visit(Inode folder, std::set<Inode>& seen) const;
  void list_durable_files(Inode folder, const std::string& path,
                          std::vector<std::pair<std::string, Inode>>& files) const;

  std::map<Inode, std::unique_ptr<Node>> nodes_;
  Inode next_ = root + 1;
  /// Of entries, not durable yet, in the order they were made.
  std::vector<Change> changes_;
};

}  // namespace sunder::nemesis::disk
