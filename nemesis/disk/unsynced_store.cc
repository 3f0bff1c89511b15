#include "nemesis/disk/unsynced_store.h"

#include <algorithm>
#include <cerrno>
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
  /// Null for a folder.
  std::unique_ptr<UnsyncedFile> file;
  mode_t permissions = 0;
  std::uint64_t holds = 0;
  /// The rest is of folders only. -1 while no entry of the folder itself is durable.
  int descriptor = -1;
  Entries entries;
  Entries durable_entries;

  Node() = default;
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
  auto node = std::make_unique<Node>();
  node->descriptor =
      require_call(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), folder.string());
  node->permissions = 0755;
  nodes_.emplace(root, std::move(node));
  load(root);
}

UnsyncedStore::~UnsyncedStore() = default;

void UnsyncedStore::load(Inode parent) {
  const int descriptor = at(parent).descriptor;
  for (const auto& found : fs::directory_iterator(fmt::format("/proc/self/fd/{}", descriptor))) {
    const std::string name = found.path().filename().string();
    auto node = std::make_unique<Node>();
    const bool is_folder = found.is_directory() && !found.is_symlink();
    const int flags = is_folder ? O_RDONLY | O_DIRECTORY : O_RDWR;
    const int opened =
        require_call(::openat(descriptor, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC), name);
    if (is_folder) {
      node->descriptor = opened;
    } else {
      node->file = std::make_unique<UnsyncedFile>(opened);
    }
    node->permissions = static_cast<mode_t>(found.status().permissions()) & 07777;
    const Inode inode = next_++;
    nodes_.emplace(inode, std::move(node));
    at(parent).entries.emplace(name, inode);
    at(parent).durable_entries.emplace(name, inode);
    if (is_folder) load(inode);
  }
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
  if (!node.file) refuse(EISDIR, "file");
  return *node.file;
}

UnsyncedStore::Node& UnsyncedStore::folder(Inode inode) {
  Node& node = at(inode);
  if (node.file) refuse(ENOTDIR, "folder");
  return node;
}

bool UnsyncedStore::is_folder(Inode inode) const {
  return !at(inode).file;
}

std::uint64_t UnsyncedStore::size(Inode inode) const {
  const Node& node = at(inode);
  return node.file ? node.file->size() : 0;
}

mode_t UnsyncedStore::permissions(Inode inode) const {
  return at(inode).permissions;
}

void UnsyncedStore::set_permissions(Inode inode, mode_t permissions) {
  at(inode).permissions = permissions & 07777;
}

std::optional<Inode> UnsyncedStore::find(Inode parent, std::string_view name) const {
  const Node& node = at(parent);
  if (node.file) refuse(ENOTDIR, name);
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
  if (node.file) refuse(ENOTDIR, "folder");
  return node.entries;
}

Inode UnsyncedStore::create(Inode parent, std::string_view name, std::unique_ptr<Node> node) {
  if (find(parent, name)) refuse(EEXIST, name);
  const Inode inode = next_++;
  nodes_.emplace(inode, std::move(node));
  folder(parent).entries.emplace(name, inode);
  changes_.push_back({Change::Kind::add, parent, std::string(name), inode});
  return inode;
}

// A file without a name on the real disk, so that nothing of it is there before its entry is.
Inode UnsyncedStore::create_file(Inode parent, std::string_view name, mode_t permissions) {
  auto node = std::make_unique<Node>();
  node->permissions = permissions & 07777;
  const int descriptor =
      require_call(::openat(at(root).descriptor, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0644), name);
  node->file = std::make_unique<UnsyncedFile>(descriptor);
  return create(parent, name, std::move(node));
}

Inode UnsyncedStore::create_folder(Inode parent, std::string_view name, mode_t permissions) {
  auto node = std::make_unique<Node>();
  node->permissions = permissions & 07777;
  return create(parent, name, std::move(node));
}

void UnsyncedStore::remove_file(Inode parent, std::string_view name) {
  const Inode inode = entry(parent, name);
  if (is_folder(inode)) refuse(EISDIR, name);
  folder(parent).entries.erase(std::string(name));
  changes_.push_back({Change::Kind::remove, parent, std::string(name), inode});
}

void UnsyncedStore::remove_folder(Inode parent, std::string_view name) {
  const Inode inode = entry(parent, name);
  if (!folder(inode).entries.empty()) refuse(ENOTEMPTY, name);
  folder(parent).entries.erase(std::string(name));
  changes_.push_back({Change::Kind::remove, parent, std::string(name), inode});
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
  folder(from).entries.erase(std::string(name));
  folder(to).entries.insert_or_assign(std::string(new_name), inode);
  if (Node& moved = at(inode); moved.file) moved.file->finish();
  changes_.push_back(
      {Change::Kind::move, from, std::string(name), inode, to, std::string(new_name), replaced});
}

std::size_t UnsyncedStore::read(Inode inode, std::uint64_t offset, std::span<char> buffer) const {
  const Node& node = at(inode);
  if (!node.file) refuse(EISDIR, "file");
  return node.file->read(offset, buffer);
}

void UnsyncedStore::write(Inode inode, std::uint64_t offset, std::string_view bytes) {
  file(inode).write(offset, bytes);
}

void UnsyncedStore::truncate(Inode inode, std::uint64_t size) {
  file(inode).truncate(size);
}

bool UnsyncedStore::is_synced(Inode inode) const {
  const Node& node = at(inode);
  if (node.file) return node.file->is_synced();
  return std::none_of(changes_.begin(), changes_.end(), [inode](const Change& change) {
    return change.folder == inode || change.to == inode;
  });
}

void UnsyncedStore::sync(Inode inode) {
  if (is_folder(inode)) {
    sync_folder(inode);
  } else {
    file(inode).sync();
  }
}

void UnsyncedStore::fail_sync(Inode inode) {
  file(inode).fail_sync();
}

// The folders whose changes must become durable together with this one's: otherwise a rename could
// lose both its names, or a folder be gone on the disk that is not empty there.
std::set<Inode> UnsyncedStore::folders_bound_to(Inode parent) const {
  std::set<Inode> bound{parent};
  for (std::size_t before = 0; before != bound.size();) {
    before = bound.size();
    for (const Change& change : changes_) {
      const bool names_bound = bound.contains(change.node) && is_folder(change.node);
      if (!names_bound && !bound.contains(change.folder) && !bound.contains(change.to)) continue;
      bound.insert(change.folder);
      if (change.kind == Change::Kind::move) bound.insert(change.to);
      if (change.kind == Change::Kind::remove && is_folder(change.node)) bound.insert(change.node);
      if (change.replaced && is_folder(*change.replaced)) bound.insert(*change.replaced);
    }
  }
  return bound;
}

void UnsyncedStore::sync_folder(Inode parent) {
  const std::set<Inode> bound = folders_bound_to(parent);
  std::vector<Change> rest;
  for (Change& change : changes_) {
    if (bound.contains(change.folder)) {
      make_durable(change);
    } else {
      rest.push_back(std::move(change));
    }
  }
  changes_ = std::move(rest);
  drop_unreachable();
}

void UnsyncedStore::make_durable(const Change& change) {
  Node& parent = at(change.folder);
  Node& node = at(change.node);
  const char* name = change.name.c_str();
  switch (change.kind) {
    case Change::Kind::add:
      if (node.file) {
        const std::string unnamed = fmt::format("/proc/self/fd/{}", node.file->descriptor());
        require_call(
            ::linkat(AT_FDCWD, unnamed.c_str(), parent.descriptor, name, AT_SYMLINK_FOLLOW), name);
      } else {
        require_call(::mkdirat(parent.descriptor, name, 0755), name);
        node.descriptor = require_call(
            ::openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), name);
      }
      parent.durable_entries.emplace(change.name, change.node);
      return;
    case Change::Kind::remove:
      require_call(::unlinkat(parent.descriptor, name, node.file ? 0 : AT_REMOVEDIR), name);
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

Lost UnsyncedStore::forget() {
  Lost lost;
  for (auto& [inode, node] : nodes_) {
    if (!node->file) continue;
    const bool was_synced = node->file->is_synced();
    const std::uint64_t bytes = node->file->forget();
    if (!was_synced || bytes > 0) ++lost.files;
    lost.bytes += bytes;
  }
  return forget_the_rest(lost);
}

Lost UnsyncedStore::tear(std::uint64_t seed) {
  Random random(seed);
  Lost lost;
  for (auto& [inode, node] : nodes_) {
    if (!node->file) continue;
    const std::uint64_t bytes = node->file->tear(random);
    if (bytes > 0) ++lost.files;
    lost.bytes += bytes;
  }
  const std::size_t kept = random.below(changes_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) make_durable(changes_[i]);
  changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(kept));
  return forget_the_rest(lost);
}

Lost UnsyncedStore::forget_the_rest(Lost lost) {
  lost.entries = static_cast<int>(changes_.size());
  changes_.clear();
  for (auto& [inode, node] : nodes_) node->entries = node->durable_entries;
  drop_unreachable();
  return lost;
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
    } else {
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

void UnsyncedStore::hold(Inode inode) {
  ++at(inode).holds;
}

void UnsyncedStore::release(Inode inode, std::uint64_t count) {
  const auto found = nodes_.find(inode);
  if (found == nodes_.end()) return;
  Node& node = *found->second;
  node.holds -= std::min(node.holds, count);
  if (node.holds == 0) drop_unreachable();
}

std::vector<Inode> UnsyncedStore::held() const {
  std::vector<Inode> inodes;
  for (const auto& [inode, node] : nodes_) {
    if (node->holds > 0) inodes.push_back(inode);
  }
  return inodes;
}

}  // namespace sunder::nemesis::disk
