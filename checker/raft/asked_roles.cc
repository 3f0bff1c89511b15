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

TraceEvidence evidence_of(const AskedRole& claim) {
  return {claim.time, claim.node, claim.term, 0,
          fmt::format("{} reported that it leads term {}", claim.node, claim.term)};
}

std::vector<AskedRole> read_claims(const std::filesystem::path& file) {
  std::vector<AskedRole> claims;
  read_asked_roles(file, [&claims](const AskedRole& said) {
    if (said.role == "leader") claims.push_back(said);
  });
  return claims;
}

AskedRole parse_asked_role(std::string_view line) {
  const auto json = nlohmann::json::parse(line);
  return {history::Time{json.at("time").get<std::int64_t>()}, json.at("node"), json.at("role"),
          json.at("term").get<std::uint64_t>()};
}

}  // namespace

void read_asked_roles(const std::filesystem::path& file,
                      const std::function<void(const AskedRole&)>& take) {
  history::LineReader lines(file);
  while (const auto line = lines.next()) {
    AskedRole said;
    try {
      said = parse_asked_role(*line);
    } catch (const nlohmann::json::exception& error) {
      if (lines.is_unterminated()) return;
      throw history::InputError({lines.file(), lines.line_number()},
                                fmt::format("is not a report of a role: {}", error.what()));
    }
    take(said);
  }
}

CheckResult check_asked_roles(const std::filesystem::path& file) {
  CheckResult result{"election safety", Validity::valid, {}, "asking", {}, {}};
  std::map<std::uint64_t, AskedRole> leaders;
  std::set<std::string> nodes;
  for (const auto& claim : read_claims(file)) {
    const auto [first, is_new] = leaders.emplace(claim.term, claim);
    nodes.insert(claim.node);
    if (is_new || first->second.node == claim.node) continue;
    result.validity = Validity::invalid;
    result.message = fmt::format("{} and {} both reported that they lead term {}",
                                 first->second.node, claim.node, claim.term);
    result.evidence = {evidence_of(first->second), evidence_of(claim)};
    return result;
  }
  if (leaders.empty()) {
    result.validity = Validity::unknown;
    result.message = "no node ever reported that it leads";
    return result;
  }
  result.message =
      fmt::format("{} nodes reported that they led {} terms, with one leader in each term",
                  nodes.size(), leaders.size());
  return result;
}

}  // namespace sunder::checker::raft
