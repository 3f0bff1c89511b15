#pragma once
// Reads from the frames themselves who leads in which term, independent of what the nodes say of
// themselves, and finds what must never be seen: two leaders of one term. A frame counts even if it
// is dropped afterwards, for it was sent.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "nemesis/frames.h"
#include "nemesis/node_number.h"

namespace sunder::nemesis {

class WireWitness {
 public:
  void saw(Link link, const FrameHeader& header);

  /// Term -> the node that sent as its leader first.
  const std::map<std::uint64_t, NodeNumber>& leaders() const { return leaders_; }

  /// One sentence each; empty if all was well. Each is said once.
  const std::vector<std::string>& findings() const { return findings_; }

 private:
  void find(std::string finding);

  std::map<std::uint64_t, NodeNumber> leaders_;
  std::set<std::string> said_;
  std::vector<std::string> findings_;
};

}  // namespace sunder::nemesis
