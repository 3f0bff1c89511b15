#include "node/store/element_set.h"

namespace sunder {
namespace {

constexpr std::uint8_t member_seed = 7;

}  // namespace

bool ElementSet::settle() {
  if (base_.use_count() > 1) return false;
  for (const auto& [element, is_in] : changed_) {
    if (is_in) {
      base_->insert(element);
    } else {
      base_->erase(element);
    }
  }
  changed_.clear();
  return true;
}

bool ElementSet::contains(const std::string& element) const {
  const auto changed = changed_.find(element);
  return changed != changed_.end() ? changed->second : base_->contains(element);
}

void ElementSet::add(const std::string& element) {
  if (contains(element)) return;
  digest_ += trace::digest_of(member_seed, element);
  if (settle()) {
    base_->insert(element);
  } else {
    changed_[element] = true;
  }
}

void ElementSet::remove(const std::string& element) {
  if (!contains(element)) return;
  digest_ -= trace::digest_of(member_seed, element);
  if (settle()) {
    base_->erase(element);
  } else {
    changed_[element] = false;
  }
}

std::vector<std::string> ElementSet::elements() const {
  std::vector<std::string> all;
  auto change = changed_.begin();
  const auto take_changes_before = [&](const std::string* end) {
    for (; change != changed_.end() && (end == nullptr || change->first < *end); ++change) {
      if (change->second) all.push_back(change->first);
    }
  };
  for (const auto& element : *base_) {
    take_changes_before(&element);
    const bool is_changed = change != changed_.end() && change->first == element;
    if (!is_changed) all.push_back(element);
  }
  take_changes_before(nullptr);
  return all;
}

}  // namespace sunder
