#include "harness/seeds/seed_result.h"

#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/store/verdict_json.h"

namespace sunder::harness::seeds {

std::uint64_t SeedResult::times_traced(std::string_view event) const {
  const auto found = traced.find(event);
  return found == traced.end() ? 0 : found->second;
}

std::string to_line(const SeedResult& result) {
  nlohmann::json json{{"seed", result.seed},
                      {"died", result.died},
                      {"complaint", result.complaint},
                      {"operations", result.operations},
                      {"simulated", result.simulated.count()},
                      {"traced", result.traced}};
  auto verdict = result.verdict;
  if (verdict.validity == checker::Validity::valid) verdict.checks.clear();
  json["verdict"] = nlohmann::json::parse(results::to_verdict_json({verdict, {}}));
  constexpr auto replace = nlohmann::json::error_handler_t::replace;
  return json.dump(-1, ' ', false, replace);
}

SeedResult seed_result_from_line(std::string_view line) {
  try {
    const auto json = nlohmann::json::parse(line);
    SeedResult result;
    result.seed = json.at("seed").get<std::uint64_t>();
    result.died = json.at("died").get<std::string>();
    result.complaint = json.at("complaint").get<std::string>();
    result.operations = json.at("operations").get<std::int64_t>();
    result.simulated = std::chrono::nanoseconds(json.at("simulated").get<std::int64_t>());
    for (const auto& [event, count] : json.at("traced").items()) {
      result.traced[event] = count.get<std::uint64_t>();
    }
    result.verdict = results::parse_verdict_json(json.at("verdict").dump()).verdict;
    return result;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("no result of a seed: {}: {}", error.what(), line));
  }
}

}  // namespace sunder::harness::seeds
