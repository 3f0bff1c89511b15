#pragma once
// A text that grows at its end. A copy costs as much as was added while another copy existed: both
// share the rest, which neither changes. The digest is kept up to date with each change; it
// depends on the text and not on the pieces that it was made of.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "node/api/trace.h"

namespace sunder {

class Text {
 public:
  explicit Text(std::string_view text = {}) { append(text); }

  void append(std::string_view piece);

  std::size_t size() const { return base_->size() + added_.size(); }
  std::string whole() const { return *base_ + added_; }
  bool is(std::string_view text) const;
  trace::Digest digest() const;

 private:
  std::shared_ptr<std::string> base_ = std::make_shared<std::string>();
  /// What was added while another copy had the base.
  std::string added_;
  /// FNV-1a of all bytes.
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace sunder
