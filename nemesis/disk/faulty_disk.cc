#include "nemesis/disk/faulty_disk.h"

#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

namespace sunder::nemesis::disk {
namespace {

constexpr std::string_view keeping_names = " keeping names";

// Behind the order's name.
std::string_view word_of(std::string_view order) {
  const std::size_t space = order.find(' ');
  if (space == std::string_view::npos) return {};
  order.remove_prefix(space + 1);
  return order.substr(0, order.find(' '));
}

std::optional<std::uint64_t> number_of(std::string_view order) {
  const std::string_view text = word_of(order);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || text.empty() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

nlohmann::ordered_json FaultyDisk::obey(std::string_view order) {
  const std::string_view name = order.substr(0, order.find(' '));
  const std::optional<std::uint64_t> number = number_of(order);
  const Names names = order.ends_with(keeping_names) ? Names::kept : Names::lost;
  if (name == "forget") return lose_power(store_.forget(names));
  if (name == "tear" && number) return lose_power(store_.tear(*number, names));
  if (name == "flip" && number) return flip(*number);
  if (name == "truncate" || name == "lost-write" || name == "copy") {
    if (number) return damage(order, *number);
  }
  if (order == "heal") return heal();
  if (order == "write-back") {
    store_.write_back();
    return nlohmann::ordered_json::object();
  }
  if (order == "empty") {
    store_.empty();
    flip_.reset();
    damaged_.reset();
    return nlohmann::ordered_json::object();
  }
  return set_trouble(order);
}

nlohmann::ordered_json FaultyDisk::set_trouble(std::string_view order) {
  const std::string_view name = order.substr(0, order.find(' '));
  const std::optional<std::uint64_t> number = number_of(order);
  if (order == "fail-sync") {
    fails_next_sync_ = true;
  } else if (order == "full") {
    is_full_ = true;
  } else if (order == "full-midway") {
    is_nearly_full_ = true;
  } else if ((name == "slow" || name == "slow-sync") && number) {
    delay_ = std::chrono::milliseconds(*number);
    only_syncs_are_slow_ = name == "slow-sync";
  } else {
    return {{"error", "no order: " + std::string(order)}};
  }
  return nlohmann::ordered_json::object();
}

nlohmann::ordered_json FaultyDisk::lose_power(const Lost& lost) {
  may_be_torn_ = true;
  return {{"files", lost.files}, {"bytes", lost.bytes}, {"entries", lost.entries}};
}

nlohmann::ordered_json FaultyDisk::flip(std::uint64_t seed) {
  // Power loss takes what would tell damage in the last synced write from a write that was torn. No
  // program could tell them apart, so this would break promises that nobody can keep.
  if (may_be_torn_)
    return {{"note", "no byte is damaged before the first sync after a power loss"}};
  if (!flip_) flip_ = store_.flip(seed);
  if (!flip_) return {{"note", "there is no synced byte to damage"}};
  return {{"file", flip_->file}, {"offset", flip_->offset}, {"bits", flip_->bits}};
}

nlohmann::ordered_json FaultyDisk::damage(std::string_view order, std::uint64_t seed) {
  if (order.starts_with("truncate")) {
    return account_of(store_.cut_tail(seed), "there is no file with a tail to lose");
  }
  if (order.starts_with("lost-write")) {
    return account_of(store_.lose_write(seed), "no synced write has changed a file");
  }
  const std::size_t folder = order.find(' ', order.find(' ') + 1);
  if (folder == std::string_view::npos) return {{"error", "no order: " + std::string(order)}};
  return account_of(store_.copy_from(std::string(order.substr(folder + 1)), seed),
                    "no file differs from the one of that name on the other disk");
}

nlohmann::ordered_json FaultyDisk::account_of(const std::optional<DamagedFile>& damaged,
                                              std::string_view why_not) {
  if (!damaged) return {{"note", why_not}};
  damaged_ = damaged;
  return {{"file", damaged->file},
          {"offset", damaged->damage.offset},
          {"bytes", damaged->damage.was.size()}};
}

nlohmann::ordered_json FaultyDisk::heal() {
  if (flip_) store_.flip_back(*flip_);
  flip_.reset();
  const std::optional<DamagedFile> damaged = std::exchange(damaged_, std::nullopt);
  const bool is_repaired = !damaged || store_.repair(*damaged);
  fails_next_sync_ = false;
  is_full_ = false;
  is_nearly_full_ = false;
  delay_ = {};
  nlohmann::ordered_json reply{{"failed_syncs", std::exchange(failed_syncs_, 0)},
                               {"refused_writes", std::exchange(refused_writes_, 0)},
                               {"delayed", std::exchange(delayed_, 0)}};
  if (!is_repaired) reply["not_repaired"] = damaged->file;
  return reply;
}

void FaultyDisk::require_room() {
  if (!is_full_) return;
  ++refused_writes_;
  throw std::system_error(ENOSPC, std::generic_category(), "full");
}

std::size_t FaultyDisk::room_for(std::size_t bytes) {
  if (is_nearly_full_ && bytes > 1) {
    is_nearly_full_ = false;
    is_full_ = true;
    ++refused_writes_;
    return bytes / 2;
  }
  require_room();
  return bytes;
}

void FaultyDisk::sync(Inode inode, Sync how) {
  if (fails_next_sync_ && !store_.is_folder(inode) && !store_.is_synced(inode)) {
    fails_next_sync_ = false;
    ++failed_syncs_;
    store_.fail_sync(inode);
    throw std::system_error(EIO, std::generic_category(), "sync");
  }
  store_.sync(inode, how);
  if (!store_.is_folder(inode)) may_be_torn_ = false;
}

std::chrono::milliseconds FaultyDisk::delay(Request request) {
  if (only_syncs_are_slow_ && request != Request::sync) return {};
  if (delay_.count() > 0) ++delayed_;
  return delay_;
}

}  // namespace sunder::nemesis::disk
