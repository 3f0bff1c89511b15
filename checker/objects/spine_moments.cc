#include "checker/objects/spine_moments.h"

#include <algorithm>
#include <queue>
#include <utility>

namespace sunder::checker {

using history::Position;

SpineMoments::SpineMoments(std::vector<SpineSpot> spots, SpineSpot end,
                           std::vector<std::vector<AppendWindow>> windows, Budget& budget)
    : spots_(std::move(spots)),
      windows_(std::move(windows)),
      spots_of_(windows_.size()),
      budget_(budget),
      is_due_(windows_.size(), true) {
  for (const auto& spot : spots_) {
    const auto number = static_cast<std::uint32_t>(&spot - spots_.data());
    spots_of_[spot.element].push_back(number);
  }
  spots_.push_back(end);
  moments_.assign(spots_.size(), -1);
  last_raise_.assign(spots_.size(), none);
  for (std::uint32_t element = 0; element < windows_.size(); ++element) due_.push_back(element);
}

bool SpineMoments::settle() {
  for (std::uint32_t i = 0; i < spots_.size(); ++i) {
    budget_.spend();
    const auto& spot = spots_[i];
    if (spot.from > moments_[i]) raise(i, spot.from, none, no_place);
    if (spot.from_read > moments_[i]) raise(i, spot.from_read, none, spot.first_read);
  }
  if (!raise_later_spots()) return false;
  while (!due_.empty()) {
    for (const auto element : std::exchange(due_, {})) {
      is_due_[element] = false;
      if (!raise_spots_of(element)) return false;
    }
    if (!raise_later_spots()) return false;
  }
  return true;
}

void SpineMoments::raise(std::uint32_t spot, Position at, std::uint32_t because_of, Place read) {
  moments_[spot] = at;
  const auto cause = because_of == none ? none : last_raise_[because_of];
  last_raise_[spot] = static_cast<std::uint32_t>(raises_.size());
  budget_.spend(sizeof(Raise));
  raises_.push_back({spot, cause, read});
}

void SpineMoments::mark_due(std::uint32_t element) {
  if (is_due_[element]) return;
  is_due_[element] = true;
  due_.push_back(element);
}

/// No spot is earlier than one before it. False if one is later than a read that shows it.
bool SpineMoments::raise_later_spots() {
  std::uint32_t latest = 0;
  for (std::uint32_t i = 0; i < spots_.size(); ++i) {
    if (moments_[i] < moments_[latest]) {
      raise(i, moments_[latest], latest, no_place);
      const bool is_end = i == end_spot();
      for (std::uint32_t each = 0; is_end && each < windows_.size(); ++each) mark_due(each);
      if (!is_end) mark_due(spots_[i].element);
    } else if (moments_[i] > moments_[latest]) {
      latest = i;
    }
    if (moments_[i] <= spots_[i].until_read) continue;
    blame(i);
    blamed_reads_.push_back(spots_[i].last_read);
    return false;
  }
  return true;
}

std::uint32_t SpineMoments::spot_of(std::uint32_t element, std::size_t index) const {
  const auto& spots = spots_of_[element];
  return index < spots.size() ? spots[index] : end_spot();
}

/// From the last spot to the first, each takes of the appends that are open at its moment the last
/// one to be invoked. What was invoked after a spot's moment, and is not taken by a later spot,
/// raises the spot. False if appends are left over.
bool SpineMoments::raise_spots_of(std::uint32_t element) {
  const auto& windows = windows_[element];
  auto left = static_cast<std::size_t>(
      std::lower_bound(windows.begin(), windows.end(), end(),
                       [](const AppendWindow& each, Position at) { return each.until < at; }) -
      windows.begin());
  std::vector<Position> latest_from(left + 1, -1);
  for (std::size_t i = 0; i < left; ++i) {
    latest_from[i + 1] = std::max(latest_from[i], windows[i].from);
  }
  std::priority_queue<Position> open;
  for (auto index = spots_of_[element].size(); index-- > 0;) {
    budget_.spend();
    const auto spot = spots_of_[element][index];
    const auto needed = std::max(latest_from[left], open.empty() ? Position{-1} : open.top());
    if (needed > moments_[spot]) {
      raise(spot, needed, forced_by(element, index, needed), no_place);
    }
    for (; left > 0 && windows[left - 1].until >= moments_[spot]; --left) {
      open.push(windows[left - 1].from);
    }
    if (!open.empty()) open.pop();
  }
  if (open.empty() && left == 0) return true;
  blamed_elements_.push_back(element);
  blame(forced_by(element, std::size_t(-1), -1));
  return false;
}

/// The later spot because of which the spot with that index is not before `from`: too many appends
/// that were invoked from then on returned before the later spot.
std::uint32_t SpineMoments::forced_by(std::uint32_t element, std::size_t index,
                                      Position from) const {
  const auto& windows = windows_[element];
  auto window =
      std::lower_bound(windows.begin(), windows.end(), from,
                       [](const AppendWindow& each, Position at) { return each.until < at; });
  std::size_t count = 0;
  for (std::size_t later = 1; later <= spots_of_[element].size() - index; ++later) {
    budget_.spend();
    const auto spot = spot_of(element, index + later);
    for (; window != windows.end() && window->until < moments_[spot]; ++window) {
      count += window->from >= from ? 1 : 0;
    }
    if (count >= later) return spot;
  }
  return end_spot();
}

/// What raised the spot, and what raised that.
void SpineMoments::blame(std::uint32_t spot) {
  for (auto next = last_raise_[spot]; next != none; next = raises_[next].because_of) {
    const auto& raise = raises_[next];
    if (raise.spot != end_spot()) blamed_elements_.push_back(spots_[raise.spot].element);
    if (raise.read != no_place) blamed_reads_.push_back(raise.read);
  }
  std::sort(blamed_elements_.begin(), blamed_elements_.end());
  blamed_elements_.erase(std::unique(blamed_elements_.begin(), blamed_elements_.end()),
                         blamed_elements_.end());
}

}  // namespace sunder::checker
