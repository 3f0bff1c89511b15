#include "nemesis/wire_witness.h"

#include <fmt/format.h>

namespace sunder::nemesis {
namespace {

bool only_a_leader_sends(FrameType type) {
  return type == FrameType::append_entries || type == FrameType::install_snapshot ||
         type == FrameType::timeout_now;
}

}  // namespace

void WireWitness::saw(Link link, const FrameHeader& header) {
  if (header.from != link.from || header.to != link.to) {
    find(fmt::format("a frame on the link {} says it is for {}", link_name(link),
                     link_name({header.from, header.to})));
    return;
  }
  if (!header.term || !only_a_leader_sends(header.type)) return;
  const auto [leader, is_first] = leaders_.emplace(*header.term, link.from);
  if (!is_first && leader->second != link.from) {
    find(fmt::format("two leaders of term {}: {} and {} (sent {} to {})", *header.term,
                     node_name(leader->second), node_name(link.from),
                     frame_type_names().name(header.type), node_name(link.to)));
  }
}

void WireWitness::find(std::string finding) {
  if (said_.insert(finding).second) findings_.push_back(std::move(finding));
}

}  // namespace sunder::nemesis
