#pragma once
// Elements that are added at the end and removed at the front. A copy costs as much as was added
// while another copy existed: both share the rest, which neither changes. The digest is kept up to
// date with each change; it depends on the elements that are there and not on those that were.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "node/api/trace.h"

namespace sunder {

class Sequence {
 public:
  void push_back(std::string element);
  /// Must not be empty.
  void pop_front();
  void clear() { *this = {}; }

  std::size_t size() const { return base_->size() - taken_ + added_.size(); }
  bool empty() const { return size() == 0; }
  /// Must not be empty.
  const std::string& front() const;
  trace::Digest digest() const;

  template <class Visit>
  void for_each(const Visit& visit) const {
    for (std::size_t place = taken_; place < base_->size(); ++place) visit((*base_)[place]);
    for (const auto& element : added_) visit(element);
  }

 private:
  /// Whether the base may be changed. If so, nothing is left beside it.
  bool settle();

  std::shared_ptr<std::deque<std::string>> base_ = std::make_shared<std::deque<std::string>>();
  /// Elements of the base that were removed while another copy had it.
  std::size_t taken_ = 0;
  std::deque<std::string> added_;
  /// The sum of each element's digest times a constant to the power of its place from the front.
  std::uint64_t sum_ = 0;
  /// The constant to the power of the size.
  std::uint64_t power_ = 1;
};

}  // namespace sunder
