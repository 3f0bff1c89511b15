#include "checker/raft/asked_roles.h"

#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checker/history/input_error.h"
#include "checker/history/line_reader.h"

namespace sunder::checker::raft {

namespace {

// A node that said that it leads.
struct Claim {
  history::Time time{0};
  std::string node;
  std::uint64_t term = 0;
};

TraceEvidence evidence_of(const Claim& claim) {
  return {claim.time, claim.node, claim.term, 0,
          fmt::format("{} said that it leads term {}", claim.node, claim.term)};
}

std::vector<Claim> read_claims(const std::filesystem::path& file) {
  std::vector<Claim> claims;
  history::LineReader lines(file);
  while (const auto line = lines.next()) {
    try {
      const auto json = nlohmann::json::parse(*line);
      if (json.at("role") != "leader") continue;
      claims.push_back({history::Time{json.at("time").get<std::int64_t>()}, json.at("node"),
                        json.at("term").get<std::uint64_t>()});
    } catch (const nlohmann::json::exception& error) {
      if (lines.is_unterminated()) break;
      throw history::InputError({lines.file(), lines.line_number()},
                                fmt::format("says no role: {}", error.what()));
    }
  }
  return claims;
}

}  // namespace

CheckResult check_asked_roles(const std::filesystem::path& file) {
  CheckResult result{"election safety", Validity::valid, {}, "asking", {}, {}};
  std::map<std::uint64_t, Claim> leaders;
  std::set<std::string> nodes;
  for (const auto& claim : read_claims(file)) {
    const auto [first, is_new] = leaders.emplace(claim.term, claim);
    nodes.insert(claim.node);
    if (is_new || first->second.node == claim.node) continue;
    result.validity = Validity::invalid;
    result.message = fmt::format("{} and {} both said that they lead term {}", first->second.node,
                                 claim.node, claim.term);
    result.evidence = {evidence_of(first->second), evidence_of(claim)};
    return result;
  }
  if (leaders.empty()) {
    result.validity = Validity::unknown;
    result.message = "no node that was asked ever said that it leads";
    return result;
  }
  result.message = fmt::format("asked for it, {} nodes said that they led {} terms, one a term",
                               nodes.size(), leaders.size());
  return result;
}

}  // namespace sunder::checker::raft
