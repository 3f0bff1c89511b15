#pragma once
// One folder as a disk that loses power would keep it. The folder on the real disk holds what is
// durable, at every moment as plain files; the rest is in memory and can be forgotten. The rules
// are in docs/systems.md, "Power loss". In short: a sync of a file makes its contents durable, a
// sync of a folder the changes of its names. A rename is atomic and makes no contents durable.
// Names::kept adds the journal of ext4 and XFS: it holds the changes of names in their order, and
// some syncs write it up to a change. What it holds survives a power loss that keeps names.
// The surprise: which of the two holds is chosen when the power is lost.

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

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

#include "nemesis/disk/unsynced_file.h"

namespace sunder::nemesis::disk {

using Inode = std::uint64_t;
using Entries = std::map<std::string, Inode, std::less<>>;

/// What a sync is asked for: fsync, or fdatasync.
enum class Sync { all, data };

/// What a power loss has cost.
struct Lost {
  int files = 0;
  std::uint64_t bytes = 0;
  /// Creations, removals, links and renames.
  int entries = 0;
  bool operator==(const Lost&) const = default;
};

/// A byte that is not what it was.
struct Flip {
  std::string file;
  std::uint64_t offset = 0;
  std::uint8_t bits = 0;
};

/// A damaged file, by its path.
struct DamagedFile {
  std::string file;
  Damage damage;
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
  /// S_IFREG, S_IFDIR, S_IFLNK, S_IFSOCK or S_IFIFO.
  mode_t type(Inode inode) const;
  std::uint64_t size(Inode inode) const;
  /// How many names a file has.
  int names(Inode inode) const;
  mode_t permissions(Inode inode) const;
  void set_permissions(Inode inode, mode_t permissions);
  timespec modified(Inode inode) const;
  void set_modified(Inode inode, timespec time);
  const std::string& link_target(Inode inode) const;
  /// Of the file system below.
  struct statvfs space() const;
  std::optional<Inode> find(Inode folder, std::string_view name) const;
  const Entries& entries(Inode folder) const;

  Inode create_file(Inode folder, std::string_view name, mode_t permissions);
  Inode create_folder(Inode folder, std::string_view name, mode_t permissions);
  Inode create_link(Inode folder, std::string_view name, std::string_view target);
  /// A socket or a FIFO.
  Inode create_special(Inode folder, std::string_view name, mode_t type, mode_t permissions);
  /// One more name for a file.
  void link(Inode file, Inode folder, std::string_view name);
  void remove_file(Inode folder, std::string_view name);
  void remove_folder(Inode folder, std::string_view name);
  void rename(Inode from, std::string_view name, Inode to, std::string_view new_name);

  std::size_t read(Inode file, std::uint64_t offset, std::span<char> buffer) const;
  void write(Inode file, std::uint64_t offset, std::string_view bytes);
  void truncate(Inode file, std::uint64_t size);

  bool is_synced(Inode inode) const;
  void sync(Inode inode, Sync how = Sync::all);
  void fail_sync(Inode file);

  /// The power is lost.
  Lost forget(Names names = Names::lost);
  /// The power is lost while the disk was writing: of each file the last write is torn at a random
  /// byte and what was written before it is kept; of the changed entries the first few are.
  Lost tear(std::uint64_t seed, Names names = Names::lost);
  /// Everything is gone, durably.
  void empty();
  /// Everything is durable, as if the kernel had had time to write it back.
  void write_back();
  /// The real disk gets what the journal holds.
  void settle_journal();

  /// Damages one durable byte that nobody writes at present; nothing if there is none.
  std::optional<Flip> flip(std::uint64_t seed);
  /// Gives the byte back what it was, if its file is still there.
  void flip_back(const Flip& flip);

  /// Damages a file at rest, see UnsyncedFile; nothing if there is none to damage.
  std::optional<DamagedFile> cut_tail(std::uint64_t seed);
  std::optional<DamagedFile> lose_write(std::uint64_t seed);
  /// A part of a file is replaced by what the file of the same path has in another folder.
  std::optional<DamagedFile> copy_from(const std::filesystem::path& folder, std::uint64_t seed);
  /// False if the file has changed since, or is gone.
  bool repair(const DamagedFile& damaged);

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
  std::unique_ptr<Node> open_node(int folder, const std::filesystem::directory_entry& found) const;
  Inode create(Inode folder, std::string_view name, std::unique_ptr<Node> node);
  Inode entry(Inode folder, std::string_view name) const;
  void remove(Inode folder, std::string_view name, Inode inode);
  void sync_folder(Inode folder);
  void commit_up_to(std::size_t changes);
  void commit_all();
  std::size_t changes_up_to_names_of(Inode inode) const;
  void make_first_durable(std::size_t changes);
  std::set<Inode> folders_bound_to(Inode folder) const;
  void make_durable(const Change& change);
  void make_addition_durable(Node& parent, Node& node, const std::string& name);
  void count_names();
  template <class DamageFile>
  std::optional<DamagedFile> damage_a_file(std::uint64_t seed, DamageFile damage);
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
  /// So many of them, the first ones, are in the journal.
  std::size_t committed_ = 0;
  /// Files that were truncated and not synced since.
  std::set<Inode> cut_;
};

}  // namespace sunder::nemesis::disk
