#pragma once
// A set of texts. A copy costs as much as was changed while another copy existed: both share the
// rest, which neither changes. The digest is kept up to date with each change; it depends on the
// elements that are there and not on the order of the changes.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/api/trace.h"

namespace sunder {

class ElementSet {
 public:
  void add(const std::string& element);
  void remove(const std::string& element);
  bool contains(const std::string& element) const;
  /// In ascending order.
  std::vector<std::string> elements() const;
  trace::Digest digest() const { return digest_; }

 private:
  /// Whether the base may be changed. If so, nothing is left beside it.
  bool settle();

  std::shared_ptr<std::set<std::string>> base_ = std::make_shared<std::set<std::string>>();
  /// Whether an element is in the set, if that was changed while another copy had the base.
  std::map<std::string, bool> changed_;
  /// The sum of the elements' digests.
  trace::Digest digest_ = 0;
};

}  // namespace sunder
