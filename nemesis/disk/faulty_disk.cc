#include "nemesis/disk/faulty_disk.h"

#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

namespace sunder::nemesis::disk {
namespace {

// Behind the order's name.
std::optional<std::uint64_t> number_of(std::string_view order) {
  const std::size_t space = order.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view text = order.substr(space + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

nlohmann::ordered_json FaultyDisk::obey(std::string_view order) {
  const std::string_view name = order.substr(0, order.find(' '));
  const std::optional<std::uint64_t> number = number_of(order);
  if (order == "forget") return lose_power(store_.forget());
  if (name == "tear" && number) return lose_power(store_.tear(*number));
  if (name == "flip" && number) return flip(*number);
  if (order == "heal") return heal();
  if (order == "empty") {
    store_.empty();
    flip_.reset();
  } else if (order == "fail-sync") {
    fails_next_sync_ = true;
  } else if (order == "full") {
    is_full_ = true;
  } else if (name == "slow" && number) {
    delay_ = std::chrono::milliseconds(*number);
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

nlohmann::ordered_json FaultyDisk::heal() {
  if (flip_) store_.flip_back(*flip_);
  flip_.reset();
  fails_next_sync_ = false;
  is_full_ = false;
  delay_ = {};
  return {{"failed_syncs", std::exchange(failed_syncs_, 0)},
          {"refused_writes", std::exchange(refused_writes_, 0)},
          {"delayed", std::exchange(delayed_, 0)}};
}

void FaultyDisk::require_room() {
  if (!is_full_) return;
  ++refused_writes_;
  throw std::system_error(ENOSPC, std::generic_category(), "full");
}

void FaultyDisk::sync(Inode inode) {
  if (fails_next_sync_ && !store_.is_folder(inode) && !store_.is_synced(inode)) {
    fails_next_sync_ = false;
    ++failed_syncs_;
    store_.fail_sync(inode);
    throw std::system_error(EIO, std::generic_category(), "sync");
  }
  store_.sync(inode);
  if (!store_.is_folder(inode)) may_be_torn_ = false;
}

std::chrono::milliseconds FaultyDisk::delay() {
  if (delay_.count() > 0) ++delayed_;
  return delay_;
}

}  // namespace sunder::nemesis::disk
