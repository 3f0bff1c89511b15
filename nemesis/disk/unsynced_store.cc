#include "nemesis/disk/unsynced_store.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sunder::nemesis::disk {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(int error, std::string_view what) {
  throw std::system_error(error, std::generic_category(), std::string(what));
}

// Passes on what a system call returned, or throws.
int require_call(int result, std::string_view what) {
  if (result < 0) refuse(errno, what);
  return result;
}

}  // namespace

struct UnsyncedStore::Node {
  mode_t type = S_IFREG;
  /// Of regular files only.
  std::unique_ptr<UnsyncedFile> file;
  /// Of symbolic links only.
  std::string target;
  mode_t permissions = 0;
  timespec modified{};
  /// In folders as they are now.
  int names = 0;
  std::uint64_t holds = 0;
  /// The rest is of folders only. -1 while no entry of the folder itself is durable.
  int descriptor = -1;
  Entries entries;
  Entries durable_entries;

  explicit Node(mode_t mode) : type(mode & S_IFMT), permissions(mode & 07777) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node() {
    if (descriptor >= 0) ::close(descriptor);
  }
};

struct UnsyncedStore::Change {
  enum class Kind { add, remove, move };
  Kind kind;
  Inode folder;
  std::string name;
  Inode node;
  Inode to = 0;
  std::string new_name = {};
  /// What had the new name before.
  std::optional<Inode> replaced = {};
};

UnsyncedStore::UnsyncedStore(const fs::path& folder) {
  auto node = std::make_unique<Node>(S_IFDIR | 0755);
  node->descriptor =
      require_call(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), folder.string());
  nodes_.emplace(root, std::move(node));
  load(root);
  count_names();
}

UnsyncedStore::~UnsyncedStore() = default;

void UnsyncedStore::load(Inode parent) {
  const int descriptor = at(parent).descriptor;
  for (const auto& found : fs::directory_iterator(fmt::format("/proc/self/fd/{}", descriptor))) {
    const std::string name = found.path().filename().string();
    auto node = open_node(descriptor, found);
    const bool is_folder = node->type == S_IFDIR;
    const Inode inode = next_++;
    nodes_.emplace(inode, std::move(node));
    at(parent).entries.emplace(name, inode);
    at(parent).durable_entries.emplace(name, inode);
    if (is_folder) load(inode);
  }
}

std::unique_ptr<UnsyncedStore::Node> UnsyncedStore::open_node(
    int folder, const fs::directory_entry& found) const {
  const std::string name = found.path().filename().string();
  struct stat status {};
  require_call(::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW), name);
  auto node = std::make_unique<Node>(status.st_mode);
  node->modified = status.st_mtim;
  if (node->type == S_IFLNK) node->target = fs::read_symlink(found.path()).string();
  if (node->type != S_IFDIR && node->type != S_IFREG) return node;
  const int flags = node->type == S_IFDIR ? O_RDONLY | O_DIRECTORY : O_RDWR;
  const int opened =
      require_call(::openat(folder, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC), name);
  if (node->type == S_IFDIR) {
    node->descriptor = opened;
  } else {
    node->file = std::make_unique<UnsyncedFile>(opened);
  }
  return node;
}

UnsyncedStore::Node& UnsyncedStore::at(Inode inode) {
  const auto found = nodes_.find(inode);
  if (found == nodes_.end()) refuse(ESTALE, "inode");
  return *found->second;
}

const UnsyncedStore::Node& UnsyncedStore::at(Inode inode) const {
  const auto found = nodes_.find(inode);
  if (found == nodes_.end()) refuse(ESTALE, "inode");
  return *found->second;
}

UnsyncedFile& UnsyncedStore::file(Inode inode) {
  Node& node = at(inode);
  if (!node.file) refuse(node.type == S_IFDIR ? EISDIR : EINVAL, "file");
  return *node.file;
}

UnsyncedStore::Node& UnsyncedStore::folder(Inode inode) {
  Node& node = at(inode);
  if (node.type != S_IFDIR) refuse(ENOTDIR, "folder");
  return node;
}

bool UnsyncedStore::is_folder(Inode inode) const {
  return at(inode).type == S_IFDIR;
}

mode_t UnsyncedStore::type(Inode inode) const {
  return at(inode).type;
}

std::uint64_t UnsyncedStore::size(Inode inode) const {
  const Node& node = at(inode);
  return node.file ? node.file->size() : node.target.size();
}

int UnsyncedStore::names(Inode inode) const {
  return at(inode).names;
}

mode_t UnsyncedStore::permissions(Inode inode) const {
  return at(inode).permissions;
}

void UnsyncedStore::set_permissions(Inode inode, mode_t permissions) {
  at(inode).permissions = permissions & 07777;
}

timespec UnsyncedStore::modified(Inode inode) const {
  return at(inode).modified;
}

void UnsyncedStore::set_modified(Inode inode, timespec time) {
  at(inode).modified = time;
}

const std::string& UnsyncedStore::link_target(Inode inode) const {
  const Node& node = at(inode);
  if (node.type != S_IFLNK) refuse(EINVAL, "symbolic link");
  return node.target;
}

struct statvfs UnsyncedStore::space() const {
  struct statvfs space {};
  require_call(::fstatvfs(at(root).descriptor, &space), "file system");
  return space;
}

std::optional<Inode> UnsyncedStore::find(Inode parent, std::string_view name) const {
  const Node& node = at(parent);
  if (node.type != S_IFDIR) refuse(ENOTDIR, name);
  const auto found = node.entries.find(name);
  if (found == node.entries.end()) return std::nullopt;
  return found->second;
}

Inode UnsyncedStore::entry(Inode parent, std::string_view name) const {
  const std::optional<Inode> found = find(parent, name);
  if (!found) refuse(ENOENT, name);
  return *found;
}

const Entries& UnsyncedStore::entries(Inode parent) const {
  const Node& node = at(parent);
  if (node.type != S_IFDIR) refuse(ENOTDIR, "folder");
  return node.entries;
}

Inode UnsyncedStore::create(Inode parent, std::string_view name, std::unique_ptr<Node> node) {
  if (find(parent, name)) refuse(EEXIST, name);
  const Inode inode = next_++;
  node->names = 1;
  nodes_.emplace(inode, std::move(node));
  folder(parent).entries.emplace(name, inode);
  changes_.push_back({Change::Kind::add, parent, std::string(name), inode});
  return inode;
}

// A file without a name on the real disk, so that nothing of it is there before its entry is.
Inode UnsyncedStore::create_file(Inode parent, std::string_view name, mode_t permissions) {
  auto node = std::make_unique<Node>(S_IFREG | (permissions & 07777));
  const int descriptor =
      require_call(::openat(at(root).descriptor, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0644), name);
  node->file = std::make_unique<UnsyncedFile>(descriptor);
  return create(parent, name, std::move(node));
}

Inode UnsyncedStore::create_folder(Inode parent, std::string_view name, mode_t permissions) {
  return create(parent, name, std::make_unique<Node>(S_IFDIR | (permissions & 07777)));
}

Inode UnsyncedStore::create_link(Inode parent, std::string_view name, std::string_view target) {
  auto node = std::make_unique<Node>(S_IFLNK | 0777);
  node->target = target;
  return create(parent, name, std::move(node));
}

Inode UnsyncedStore::create_special(Inode parent, std::string_view name, mode_t type,
                                    mode_t permissions) {
  const bool is_known = type == S_IFSOCK || type == S_IFIFO;
  if (!is_known) refuse(EPERM, name);
  return create(parent, name, std::make_unique<Node>(type | (permissions & 07777)));
}

void UnsyncedStore::link(Inode inode, Inode parent, std::string_view name) {
  Node& node = at(inode);
  if (!node.file) refuse(EPERM, name);
  if (node.names == 0) refuse(ENOENT, name);
  if (find(parent, name)) refuse(EEXIST, name);
  ++node.names;
  folder(parent).entries.emplace(name, inode);
  changes_.push_back({Change::Kind::add, parent, std::string(name), inode});
}

void UnsyncedStore::remove(Inode parent, std::string_view name, Inode inode) {
  folder(parent).entries.erase(std::string(name));
  --at(inode).names;
  changes_.push_back({Change::Kind::remove, parent, std::string(name), inode});
}

void UnsyncedStore::remove_file(Inode parent, std::string_view name) {
  const Inode inode = entry(parent, name);
  if (is_folder(inode)) refuse(EISDIR, name);
  remove(parent, name, inode);
}

void UnsyncedStore::remove_folder(Inode parent, std::string_view name) {
  const Inode inode = entry(parent, name);
  if (!folder(inode).entries.empty()) refuse(ENOTEMPTY, name);
  remove(parent, name, inode);
}

void UnsyncedStore::rename(Inode from, std::string_view name, Inode to, std::string_view new_name) {
  const Inode inode = entry(from, name);
  const std::optional<Inode> replaced = find(to, new_name);
  if (replaced == inode) return;
  if (replaced) {
    if (is_folder(*replaced) != is_folder(inode)) {
      refuse(is_folder(*replaced) ? EISDIR : ENOTDIR, new_name);
    }
    if (is_folder(*replaced) && !entries(*replaced).empty()) refuse(ENOTEMPTY, new_name);
  }
  if (replaced) --at(*replaced).names;
  folder(from).entries.erase(std::string(name));
  folder(to).entries.insert_or_assign(std::string(new_name), inode);
  if (Node& moved = at(inode); moved.file) moved.file->finish();
  changes_.push_back(
      {Change::Kind::move, from, std::string(name), inode, to, std::string(new_name), replaced});
}

std::size_t UnsyncedStore::read(Inode inode, std::uint64_t offset, std::span<char> buffer) const {
  const Node& node = at(inode);
  if (!node.file) refuse(node.type == S_IFDIR ? EISDIR : EINVAL, "file");
  return node.file->read(offset, buffer);
}

void UnsyncedStore::write(Inode inode, std::uint64_t offset, std::string_view bytes) {
  file(inode).write(offset, bytes);
}

void UnsyncedStore::truncate(Inode inode, std::uint64_t size) {
  if (size < file(inode).size()) cut_.insert(inode);
  file(inode).truncate(size);
}

bool UnsyncedStore::is_synced(Inode inode) const {
  const Node& node = at(inode);
  if (node.file) return node.file->is_synced();
  return std::none_of(changes_.begin(), changes_.end(), [inode](const Change& change) {
    return change.folder == inode || change.to == inode;
  });
}

// ext4 and XFS write their journal up to the last change of the inode that is synced. A write
// changes the time of the inode, which fdatasync does not wait for, and often its size or blocks.
void UnsyncedStore::sync(Inode inode, Sync how) {
  if (is_folder(inode)) return sync_folder(inode);
  const Node& node = at(inode);
  if (!node.file) return commit_up_to(changes_up_to_names_of(inode));
  const bool writes_journal =
      node.file->changes_metadata() || (how == Sync::all && !node.file->is_synced());
  node.file->sync();
  cut_.erase(inode);
  if (writes_journal) return commit_all();
  commit_up_to(changes_up_to_names_of(inode));
}

// The changes until then include those of the folders on its path.
std::size_t UnsyncedStore::changes_up_to_names_of(Inode inode) const {
  const auto last = std::find_if(changes_.rbegin(), changes_.rend(), [inode](const Change& change) {
    return change.node == inode && change.kind != Change::Kind::remove;
  });
  return static_cast<std::size_t>(changes_.rend() - last);
}

void UnsyncedStore::commit_up_to(std::size_t changes) {
  committed_ = std::max(committed_, changes);
}

void UnsyncedStore::commit_all() {
  committed_ = changes_.size();
  for (const Inode inode : cut_) {
    if (const auto found = nodes_.find(inode); found != nodes_.end()) found->second->file->commit();
  }
}

void UnsyncedStore::fail_sync(Inode inode) {
  file(inode).fail_sync();
}

// The folders whose changes must become durable together with this one's: otherwise a rename could
// lose both its names, a folder be gone on the disk that is not empty there, or a file with two
// names have none.
std::set<Inode> UnsyncedStore::folders_bound_to(Inode parent) const {
  std::set<Inode> bound{parent};
  std::set<Inode> unnamed;
  for (std::size_t before = 0; before != bound.size() + unnamed.size();) {
    before = bound.size() + unnamed.size();
    for (const Change& change : changes_) {
      const bool names_bound = (bound.contains(change.node) && is_folder(change.node)) ||
                               (change.kind == Change::Kind::add && unnamed.contains(change.node));
      if (!names_bound && !bound.contains(change.folder) && !bound.contains(change.to)) continue;
      bound.insert(change.folder);
      if (change.kind == Change::Kind::remove) unnamed.insert(change.node);
      if (change.replaced) unnamed.insert(*change.replaced);
      if (change.kind == Change::Kind::move) bound.insert(change.to);
      if (change.kind == Change::Kind::remove && is_folder(change.node)) bound.insert(change.node);
      if (change.replaced && is_folder(*change.replaced)) bound.insert(*change.replaced);
    }
  }
  return bound;
}

void UnsyncedStore::sync_folder(Inode parent) {
  const bool has_changed = std::any_of(
      changes_.begin() + static_cast<std::ptrdiff_t>(committed_), changes_.end(),
      [parent](const Change& change) { return change.folder == parent || change.to == parent; });
  if (has_changed) commit_all();
  const std::set<Inode> bound = folders_bound_to(parent);
  std::vector<Change> rest;
  std::size_t committed = 0;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (bound.contains(changes_[i].folder)) {
      make_durable(changes_[i]);
    } else {
      if (i < committed_) ++committed;
      rest.push_back(std::move(changes_[i]));
    }
  }
  changes_ = std::move(rest);
  committed_ = committed;
  drop_unreachable();
}

void UnsyncedStore::make_durable(const Change& change) {
  Node& parent = at(change.folder);
  Node& node = at(change.node);
  const char* name = change.name.c_str();
  switch (change.kind) {
    case Change::Kind::add:
      make_addition_durable(parent, node, change.name);
      parent.durable_entries.emplace(change.name, change.node);
      return;
    case Change::Kind::remove:
      require_call(::unlinkat(parent.descriptor, name, node.type == S_IFDIR ? AT_REMOVEDIR : 0),
                   name);
      parent.durable_entries.erase(change.name);
      return;
    case Change::Kind::move:
      require_call(
          ::renameat(parent.descriptor, name, at(change.to).descriptor, change.new_name.c_str()),
          name);
      parent.durable_entries.erase(change.name);
      at(change.to).durable_entries.insert_or_assign(change.new_name, change.node);
      return;
  }
}

void UnsyncedStore::make_addition_durable(Node& parent, Node& node, const std::string& text) {
  const char* name = text.c_str();
  if (node.file) {
    const std::string unnamed = fmt::format("/proc/self/fd/{}", node.file->descriptor());
    require_call(::linkat(AT_FDCWD, unnamed.c_str(), parent.descriptor, name, AT_SYMLINK_FOLLOW),
                 name);
  } else if (node.type == S_IFDIR) {
    require_call(::mkdirat(parent.descriptor, name, 0755), name);
    node.descriptor =
        require_call(::openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), name);
  } else if (node.type == S_IFLNK) {
    require_call(::symlinkat(node.target.c_str(), parent.descriptor, name), name);
  } else {
    require_call(::mknodat(parent.descriptor, name, node.type | 0600, 0), name);
  }
}

void UnsyncedStore::make_first_durable(std::size_t changes) {
  for (std::size_t i = 0; i < changes; ++i) make_durable(changes_[i]);
  changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(changes));
  committed_ -= std::min(committed_, changes);
}

void UnsyncedStore::write_back() {
  for (auto& [inode, node] : nodes_) {
    if (node->file) node->file->write_back();
  }
  cut_.clear();
  make_first_durable(changes_.size());
  drop_unreachable();
}

void UnsyncedStore::settle_journal() {
  make_first_durable(committed_);
}

Lost UnsyncedStore::forget(Names names) {
  Lost lost;
  for (auto& [inode, node] : nodes_) {
    if (!node->file) continue;
    const bool was_synced = node->file->is_synced();
    const std::uint64_t bytes = node->file->forget(names);
    if (!was_synced || bytes > 0) ++lost.files;
    lost.bytes += bytes;
  }
  if (names == Names::kept) make_first_durable(committed_);
  return forget_the_rest(lost);
}

Lost UnsyncedStore::tear(std::uint64_t seed, Names names) {
  Random random(seed);
  Lost lost;
  for (auto& [inode, node] : nodes_) {
    if (!node->file) continue;
    const std::uint64_t bytes = node->file->tear(random, names);
    if (bytes > 0) ++lost.files;
    lost.bytes += bytes;
  }
  std::size_t kept = random.below(changes_.size() + 1);
  if (names == Names::kept) kept = std::max(kept, committed_);
  make_first_durable(kept);
  return forget_the_rest(lost);
}

Lost UnsyncedStore::forget_the_rest(Lost lost) {
  lost.entries = static_cast<int>(changes_.size());
  changes_.clear();
  committed_ = 0;
  cut_.clear();
  for (auto& [inode, node] : nodes_) node->entries = node->durable_entries;
  drop_unreachable();
  count_names();
  return lost;
}

void UnsyncedStore::count_names() {
  for (auto& [inode, node] : nodes_) node->names = 0;
  for (auto& [inode, node] : nodes_) {
    for (const auto& [name, child] : node->entries) ++at(child).names;
  }
}

void UnsyncedStore::empty() {
  forget();
  remove_children(root);
  sync_folder(root);
}

void UnsyncedStore::remove_children(Inode parent) {
  const Entries children = entries(parent);
  for (const auto& [name, child] : children) {
    if (is_folder(child)) {
      remove_children(child);
      remove_folder(parent, name);
    } else {
      remove_file(parent, name);
    }
  }
}

void UnsyncedStore::visit(Inode parent, std::set<Inode>& seen) const {
  if (!seen.insert(parent).second) return;
  const Node& node = at(parent);
  for (const auto& [name, child] : node.entries) visit(child, seen);
  for (const auto& [name, child] : node.durable_entries) visit(child, seen);
}

// Of what has no name any more only that stays which the kernel holds, or a change still names.
void UnsyncedStore::drop_unreachable() {
  std::set<Inode> reached;
  visit(root, reached);
  for (const Change& change : changes_) {
    for (const Inode inode : {change.folder, change.node, change.to}) {
      if (nodes_.contains(inode)) visit(inode, reached);
    }
    if (change.replaced) visit(*change.replaced, reached);
  }
  for (const auto& [inode, node] : nodes_) {
    if (node->holds > 0) visit(inode, reached);
  }
  std::erase_if(nodes_, [&](const auto& node) { return !reached.contains(node.first); });
}

void UnsyncedStore::list_durable_files(Inode parent, const std::string& path,
                                       std::vector<std::pair<std::string, Inode>>& files) const {
  for (const auto& [name, child] : at(parent).durable_entries) {
    if (is_folder(child)) {
      list_durable_files(child, path + name + "/", files);
    } else if (at(child).file) {
      files.emplace_back(path + name, child);
    }
  }
}

std::optional<Flip> UnsyncedStore::flip(std::uint64_t seed) {
  Random random(seed);
  std::vector<std::pair<std::string, Inode>> files;
  list_durable_files(root, "", files);
  random.shuffle(files);
  for (const auto& [path, inode] : files) {
    const auto offset = file(inode).draw_settled_byte(random);
    if (!offset) continue;
    const Flip flip{path, *offset, static_cast<std::uint8_t>(1U << random.below(8))};
    file(inode).flip(flip.offset, flip.bits);
    return flip;
  }
  return std::nullopt;
}

void UnsyncedStore::flip_back(const Flip& flip) {
  std::vector<std::pair<std::string, Inode>> files;
  list_durable_files(root, "", files);
  for (const auto& [path, inode] : files) {
    if (path == flip.file) file(inode).flip(flip.offset, flip.bits);
  }
}

template <class DamageFile>
std::optional<DamagedFile> UnsyncedStore::damage_a_file(std::uint64_t seed, DamageFile damage) {
  Random random(seed);
  settle_journal();
  std::vector<std::pair<std::string, Inode>> files;
  list_durable_files(root, "", files);
  random.shuffle(files);
  for (const auto& [path, inode] : files) {
    if (const std::optional<Damage> done = damage(path, file(inode), random)) {
      return DamagedFile{path, *done};
    }
  }
  return std::nullopt;
}

std::optional<DamagedFile> UnsyncedStore::cut_tail(std::uint64_t seed) {
  return damage_a_file(seed, [](const std::string&, UnsyncedFile& file, Random& random) {
    return file.cut_tail(random);
  });
}

std::optional<DamagedFile> UnsyncedStore::lose_write(std::uint64_t seed) {
  return damage_a_file(seed, [](const std::string&, UnsyncedFile& file, Random& random) {
    return file.lose_write(random);
  });
}

std::optional<DamagedFile> UnsyncedStore::copy_from(const fs::path& folder, std::uint64_t seed) {
  constexpr std::uint64_t part_bytes = 64 * 1024;
  const auto copy = [&](const std::string& path, UnsyncedFile& file,
                        Random& random) -> std::optional<Damage> {
    std::ifstream other(folder / path, std::ios::binary);
    if (!other) return std::nullopt;
    const std::uint64_t parts = (file.size() + part_bytes - 1) / part_bytes;
    if (parts == 0) return std::nullopt;
    // The parts in turn, from a random one on.
    const std::uint64_t first = random.below(parts);
    for (std::uint64_t i = 0; i < parts; ++i) {
      const std::uint64_t offset = (first + i) % parts * part_bytes;
      std::string bytes(part_bytes, '\0');
      other.clear();
      other.seekg(static_cast<std::streamoff>(offset));
      other.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(other.gcount(), 0)));
      if (auto done = file.replace(offset, bytes)) return done;
    }
    return std::nullopt;
  };
  return damage_a_file(seed, copy);
}

bool UnsyncedStore::repair(const DamagedFile& damaged) {
  settle_journal();
  std::vector<std::pair<std::string, Inode>> files;
  list_durable_files(root, "", files);
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const auto& each) { return each.first == damaged.file; });
  return found != files.end() && file(found->second).repair(damaged.damage);
}

void UnsyncedStore::hold(Inode inode) {
  ++at(inode).holds;
}

void UnsyncedStore::release(Inode inode, std::uint64_t count) {
  const auto found = nodes_.find(inode);
  if (found == nodes_.end()) return;
  Node& node = *found->second;
  node.holds -= std::min(node.holds, count);
  if (node.holds == 0 && node.names == 0) drop_unreachable();
}

std::vector<Inode> UnsyncedStore::held() const {
  std::vector<Inode> inodes;
  for (const auto& [inode, node] : nodes_) {
    if (node->holds > 0) inodes.push_back(inode);
  }
  return inodes;
}

}  // namespace sunder::nemesis::disk
