#include "nemesis/disk/mount.h"

#define FUSE_USE_VERSION 35
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdarg>
#include <cstdio>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <fuse3/fuse_lowlevel.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "nemesis/disk/faulty_disk.h"
#include "nemesis/disk/unsynced_store.h"

namespace sunder::nemesis::disk {
namespace {

// What libfuse complained of last, in one line: the reason why a mount is not possible.
std::string& last_complaint() {
  static std::string complaint;
  return complaint;
}

void keep_complaint(fuse_log_level, const char* format, va_list arguments) {
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  last_complaint() = text.data();
  while (last_complaint().ends_with('\n')) last_complaint().pop_back();
  std::fputs(text.data(), stderr);
}

// What only root can change, and libfuse does not name.
void require_device() {
  constexpr const char* device = "/dev/fuse";
  const int descriptor = ::open(device, O_RDWR | O_CLOEXEC);
  if (descriptor >= 0) {
    ::close(descriptor);
    return;
  }
  const std::error_code error(errno, std::generic_category());
  struct stat status {};
  if (error == std::errc::permission_denied && ::stat(device, &status) == 0) {
    throw std::runtime_error(fmt::format(
        "{} has mode {:04o} and user {} may not open it: 'chmod 666 {}' as root, or run as root",
        device, status.st_mode & 07777, ::geteuid(), device));
  }
  throw std::runtime_error(
      fmt::format("cannot open {}: {} ('modprobe fuse' as root?)", device, error.message()));
}

}  // namespace

// Requests come from the session's thread, one at a time, and orders from another one.
class Mount::Implementation {
 public:
  explicit Implementation(const std::filesystem::path& folder)
      : path_(folder.string()), store_(folder), disk_(store_) {
    require_device();
    fuse_set_log_func(keep_complaint);
    std::vector<std::string> words{"sunder-disk", "-o", "fsname=sunder-disk"};
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    fuse_args arguments = FUSE_ARGS_INIT(static_cast<int>(pointers.size()), pointers.data());
    const fuse_lowlevel_ops table = operations();
    session_ = fuse_session_new(&arguments, &table, sizeof table, this);
    fuse_opt_free_args(&arguments);
    if (session_ == nullptr || fuse_session_mount(session_, path_.c_str()) != 0) {
      if (session_ != nullptr) fuse_session_destroy(session_);
      throw std::runtime_error(
          fmt::format("cannot mount {}: {}", path_,
                      last_complaint().empty() ? "libfuse does not say why" : last_complaint()));
    }
  }

  ~Implementation() {
    fuse_session_unmount(session_);
    fuse_session_destroy(session_);
  }
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  [[noreturn]] void serve(int orders) {
    std::thread listener([this, orders] { obey(orders); });
    fuse_session_loop(session_);
    // Or somebody else has unmounted it.
    ::_exit(is_dismissed_ ? EXIT_SUCCESS : EXIT_FAILURE);
  }

 private:
  using Lock = std::unique_lock<std::mutex>;

  static Implementation& of(fuse_req_t request) {
    return *static_cast<Implementation*>(fuse_req_userdata(request));
  }

  // Replies with the errno of what is thrown; `perform` replies to all else.
  template <class Perform>
  static void answer(fuse_req_t request, Perform perform) {
    Implementation& self = of(request);
    try {
      const Lock lock(self.mutex_);
      perform(self.store_, self.disk_);
    } catch (const std::system_error& error) {
      fuse_reply_err(request, error.code().value());
    } catch (const std::exception& error) {
      std::fputs(error.what(), stderr);
      fuse_reply_err(request, EIO);
    }
  }

  // A write or a sync, on a disk that may be slow. An order ends the wait.
  template <class Perform>
  static void answer_slowly(fuse_req_t request, FaultyDisk::Request what, Perform perform) {
    Implementation& self = of(request);
    {
      Lock lock(self.mutex_);
      const auto delay = self.disk_.delay(what);
      const auto order = self.orders_obeyed_;
      if (delay.count() > 0) {
        self.obeyed_.wait_for(lock, delay, [&] { return self.orders_obeyed_ != order; });
      }
    }
    answer(request, std::move(perform));
  }

  static timespec now() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return time;
  }

  static struct stat attributes(const UnsyncedStore& store, Inode inode) {
    struct stat status {};
    status.st_ino = inode;
    status.st_mode = store.type(inode) | store.permissions(inode);
    status.st_nlink = store.is_folder(inode) ? 2 : static_cast<nlink_t>(store.names(inode));
    status.st_mtim = store.modified(inode);
    status.st_atim = status.st_mtim;
    status.st_ctim = status.st_mtim;
    status.st_uid = ::geteuid();
    status.st_gid = ::getegid();
    status.st_size = static_cast<off_t>(store.size(inode));
    status.st_blksize = 4096;
    status.st_blocks = (status.st_size + 511) / 512;
    return status;
  }

  // The kernel caches no names and no attributes: a power loss changes them behind its back.
  static fuse_entry_param entry_of(UnsyncedStore& store, Inode inode) {
    store.hold(inode);
    fuse_entry_param entry{};
    entry.ino = inode;
    entry.attr = attributes(store, inode);
    return entry;
  }

  static void lookup(fuse_req_t request, fuse_ino_t parent, const char* name) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      const auto inode = store.find(parent, name);
      if (!inode) {
        fuse_reply_err(request, ENOENT);
        return;
      }
      const fuse_entry_param entry = entry_of(store, *inode);
      fuse_reply_entry(request, &entry);
    });
  }

  static void forget(fuse_req_t request, fuse_ino_t inode, std::uint64_t count) {
    {
      Implementation& self = of(request);
      const Lock lock(self.mutex_);
      self.store_.release(inode, count);
    }
    fuse_reply_none(request);
  }

  static void getattr(fuse_req_t request, fuse_ino_t inode, fuse_file_info*) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      const struct stat status = attributes(store, inode);
      fuse_reply_attr(request, &status, 0);
    });
  }

  // Owners are not kept.
  static void setattr(fuse_req_t request, fuse_ino_t inode, struct stat* wanted, int which,
                      fuse_file_info*) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk& disk) {
      if ((which & FUSE_SET_ATTR_MODE) != 0) store.set_permissions(inode, wanted->st_mode);
      if ((which & FUSE_SET_ATTR_SIZE) != 0) {
        const auto size = static_cast<std::uint64_t>(wanted->st_size);
        if (size > store.size(inode)) disk.require_room();
        store.truncate(inode, size);
        store.set_modified(inode, now());
      }
      if ((which & FUSE_SET_ATTR_MTIME_NOW) != 0) {
        store.set_modified(inode, now());
      } else if ((which & FUSE_SET_ATTR_MTIME) != 0) {
        store.set_modified(inode, wanted->st_mtim);
      }
      const struct stat status = attributes(store, inode);
      fuse_reply_attr(request, &status, 0);
    });
  }

  // Replies with what `make` has made in the folder.
  template <class Make>
  static void answer_with_entry(fuse_req_t request, fuse_ino_t parent, Make make) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk& disk) {
      disk.require_room();
      const Inode inode = make(store);
      store.set_modified(inode, now());
      store.set_modified(parent, now());
      const fuse_entry_param entry = entry_of(store, inode);
      fuse_reply_entry(request, &entry);
    });
  }

  static void mkdir(fuse_req_t request, fuse_ino_t parent, const char* name, mode_t mode) {
    answer_with_entry(request, parent, [&](UnsyncedStore& store) {
      return store.create_folder(parent, name, mode);
    });
  }

  static void mknod(fuse_req_t request, fuse_ino_t parent, const char* name, mode_t mode, dev_t) {
    answer_with_entry(request, parent, [&](UnsyncedStore& store) {
      if (S_ISREG(mode)) return store.create_file(parent, name, mode);
      return store.create_special(parent, name, mode & S_IFMT, mode);
    });
  }

  static void symlink(fuse_req_t request, const char* target, fuse_ino_t parent, const char* name) {
    answer_with_entry(request, parent, [&](UnsyncedStore& store) {
      return store.create_link(parent, name, target);
    });
  }

  static void readlink(fuse_req_t request, fuse_ino_t inode) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      fuse_reply_readlink(request, store.link_target(inode).c_str());
    });
  }

  static void link(fuse_req_t request, fuse_ino_t inode, fuse_ino_t parent, const char* name) {
    answer_with_entry(request, parent, [&](UnsyncedStore& store) {
      store.link(inode, parent, name);
      return inode;
    });
  }

  static void unlink(fuse_req_t request, fuse_ino_t parent, const char* name) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      store.remove_file(parent, name);
      store.set_modified(parent, now());
      fuse_reply_err(request, 0);
    });
  }

  static void rmdir(fuse_req_t request, fuse_ino_t parent, const char* name) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      store.remove_folder(parent, name);
      fuse_reply_err(request, 0);
    });
  }

  static void rename(fuse_req_t request, fuse_ino_t from, const char* name, fuse_ino_t to,
                     const char* new_name, unsigned int flags) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      const bool is_supported = flags == 0 || flags == RENAME_NOREPLACE;
      if (!is_supported) throw std::system_error(EINVAL, std::generic_category());
      if (flags == RENAME_NOREPLACE && store.find(to, new_name)) {
        throw std::system_error(EEXIST, std::generic_category());
      }
      store.rename(from, name, to, new_name);
      fuse_reply_err(request, 0);
    });
  }

  // Without keep_cache each opening drops what the kernel knows of the contents.
  static void open(fuse_req_t request, fuse_ino_t inode, fuse_file_info* file) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      if ((file->flags & O_TRUNC) != 0) store.truncate(inode, 0);
      fuse_reply_open(request, file);
    });
  }

  static void create(fuse_req_t request, fuse_ino_t parent, const char* name, mode_t mode,
                     fuse_file_info* file) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk& disk) {
      disk.require_room();
      const Inode inode = store.create_file(parent, name, mode);
      store.set_modified(inode, now());
      store.set_modified(parent, now());
      const fuse_entry_param entry = entry_of(store, inode);
      fuse_reply_create(request, &entry, file);
    });
  }

  static void read(fuse_req_t request, fuse_ino_t inode, std::size_t size, off_t offset,
                   fuse_file_info*) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      std::string buffer(size, '\0');
      buffer.resize(store.read(inode, static_cast<std::uint64_t>(offset), buffer));
      fuse_reply_buf(request, buffer.data(), buffer.size());
    });
  }

  static void write(fuse_req_t request, fuse_ino_t inode, const char* bytes, std::size_t size,
                    off_t offset, fuse_file_info* file) {
    const bool is_synced = (file->flags & O_DSYNC) != 0;
    const auto what = is_synced ? FaultyDisk::Request::sync : FaultyDisk::Request::write;
    answer_slowly(request, what, [&](UnsyncedStore& store, FaultyDisk& disk) {
      const std::size_t room = disk.room_for(size);
      store.write(inode, static_cast<std::uint64_t>(offset), {bytes, room});
      store.set_modified(inode, now());
      // O_SYNC is O_DSYNC and another flag.
      const bool is_all = (file->flags & O_SYNC) == O_SYNC;
      if (is_synced) disk.sync(inode, is_all ? Sync::all : Sync::data);
      fuse_reply_write(request, room);
    });
  }

  static void fallocate(fuse_req_t request, fuse_ino_t inode, int mode, off_t offset, off_t length,
                        fuse_file_info*) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk& disk) {
      const bool is_supported = mode == 0 || mode == FALLOC_FL_KEEP_SIZE;
      if (!is_supported) throw std::system_error(EOPNOTSUPP, std::generic_category());
      disk.require_room();
      const auto end = static_cast<std::uint64_t>(offset + length);
      if (mode == 0 && end > store.size(inode)) store.truncate(inode, end);
      fuse_reply_err(request, 0);
    });
  }

  static void fsync(fuse_req_t request, fuse_ino_t inode, int is_data_only, fuse_file_info*) {
    answer_slowly(request, FaultyDisk::Request::sync, [&](UnsyncedStore&, FaultyDisk& disk) {
      disk.sync(inode, is_data_only != 0 ? Sync::data : Sync::all);
      fuse_reply_err(request, 0);
    });
  }

  static void statfs(fuse_req_t request, fuse_ino_t) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk& disk) {
      struct statvfs space = store.space();
      if (disk.is_full()) {
        space.f_bfree = 0;
        space.f_bavail = 0;
      }
      fuse_reply_statfs(request, &space);
    });
  }

  // As it was at the opening: whoever removes files while listing them misses none.
  using Listing = std::vector<std::pair<std::string, struct stat>>;

  static void opendir(fuse_req_t request, fuse_ino_t inode, fuse_file_info* file) {
    answer(request, [&](UnsyncedStore& store, FaultyDisk&) {
      Listing listing{{".", attributes(store, inode)},
                      {"..", attributes(store, UnsyncedStore::root)}};
      for (const auto& [name, child] : store.entries(inode)) {
        listing.emplace_back(name, attributes(store, child));
      }
      Implementation& self = of(request);
      file->fh = ++self.last_listing_;
      self.listings_.emplace(file->fh, std::move(listing));
      fuse_reply_open(request, file);
    });
  }

  static void readdir(fuse_req_t request, fuse_ino_t, std::size_t size, off_t offset,
                      fuse_file_info* file) {
    const Listing& entries = of(request).listings_.at(file->fh);
    std::string buffer(size, '\0');
    std::size_t used = 0;
    for (auto i = static_cast<std::size_t>(offset); i < entries.size(); ++i) {
      const auto& [name, status] = entries[i];
      const std::size_t needed =
          fuse_add_direntry(request, buffer.data() + used, size - used, name.c_str(), &status,
                            static_cast<off_t>(i + 1));
      if (needed > size - used) break;
      used += needed;
    }
    fuse_reply_buf(request, buffer.data(), used);
  }

  static void releasedir(fuse_req_t request, fuse_ino_t, fuse_file_info* file) {
    of(request).listings_.erase(file->fh);
    fuse_reply_err(request, 0);
  }

  static fuse_lowlevel_ops operations() {
    fuse_lowlevel_ops table{};
    table.lookup = lookup;
    table.forget = forget;
    table.getattr = getattr;
    table.setattr = setattr;
    table.readlink = readlink;
    table.mknod = mknod;
    table.mkdir = mkdir;
    table.symlink = symlink;
    table.link = link;
    table.statfs = statfs;
    table.unlink = unlink;
    table.rmdir = rmdir;
    table.rename = rename;
    table.open = open;
    table.create = create;
    table.read = read;
    table.write = write;
    table.fallocate = fallocate;
    table.fsync = fsync;
    table.fsyncdir = fsync;
    table.opendir = opendir;
    table.readdir = readdir;
    table.releasedir = releasedir;
    return table;
  }

  // Mapped pages that were stored to are written to us, and what the kernel has cached is dropped.
  void drop_kernel_pages() {
    std::vector<Inode> inodes;
    {
      const Lock lock(mutex_);
      inodes = store_.held();
    }
    for (const Inode inode : inodes) fuse_lowlevel_notify_inval_inode(session_, inode, 0, 0);
  }

  void obey(int orders) {
    say(orders, R"({"mounted":true})");
    std::string received;
    std::array<char, 512> chunk{};
    for (;;) {
      const ssize_t count = ::read(orders, chunk.data(), chunk.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      received.append(chunk.data(), static_cast<std::size_t>(count));
      for (auto end = received.find('\n'); end != std::string::npos; end = received.find('\n')) {
        say(orders, perform(received.substr(0, end)));
        received.erase(0, end + 1);
      }
    }
    is_dismissed_ = true;
    leave_what_the_journal_holds();
    fuse_session_unmount(session_);
    ::_exit(EXIT_SUCCESS);
  }

  void leave_what_the_journal_holds() {
    const Lock lock(mutex_);
    try {
      store_.settle_journal();
    } catch (const std::exception& error) {
      std::fputs(error.what(), stderr);
    }
  }

  std::string perform(const std::string& order) {
    drop_kernel_pages();
    nlohmann::ordered_json reply;
    try {
      const Lock lock(mutex_);
      reply = disk_.obey(order);
      ++orders_obeyed_;
    } catch (const std::exception& error) {
      reply = {{"error", error.what()}};
    }
    obeyed_.notify_all();
    drop_kernel_pages();
    return reply.dump();
  }

  // Nobody may be listening any more; then the next read says so.
  static void say(int orders, std::string line) {
    line += '\n';
    const ssize_t written = ::write(orders, line.data(), line.size());
    static_cast<void>(written);
  }

  std::string path_;
  UnsyncedStore store_;
  FaultyDisk disk_;
  fuse_session* session_ = nullptr;
  std::mutex mutex_;
  std::condition_variable obeyed_;
  std::uint64_t orders_obeyed_ = 0;
  std::atomic<bool> is_dismissed_ = false;
  // Of the folders that are open, by file handle; only for the session's thread.
  std::map<std::uint64_t, Listing> listings_;
  std::uint64_t last_listing_ = 0;
};

Mount::Mount(const std::filesystem::path& folder)
    : implementation_(std::make_unique<Implementation>(folder)) {}

Mount::~Mount() = default;

void Mount::serve(int orders) {
  implementation_->serve(orders);
}

}  // namespace sunder::nemesis::disk
