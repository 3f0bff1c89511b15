#include "harness/flags/model_flags.h"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "checker/models/catalog.h"
#include "results/store/value_json.h"

namespace sunder::harness {

namespace {

struct ModelFlag {
  std::string meaning;
  std::vector<std::string_view> models;
};

std::map<std::string, ModelFlag> model_flags() {
  std::map<std::string, ModelFlag> flags;
  for (const auto& model : checker::model_catalog()) {
    for (const auto& [name, meaning] : model.parameters) {
      auto& flag = flags[std::string(name)];
      flag.meaning = meaning;
      flag.models.push_back(model.name);
    }
  }
  return flags;
}

}  // namespace

void describe_model_flags(FlagSet& flags) {
  for (const auto& [name, flag] : model_flags()) {
    flags.value(name,
                fmt::format("{}, the same for all keys; models that take it: {}", flag.meaning,
                            fmt::join(flag.models, ", ")),
                "", "JSON");
  }
}

std::vector<std::string> model_flag_names() {
  std::vector<std::string> names;
  for (const auto& [name, flag] : model_flags()) names.push_back(name);
  return names;
}

std::map<std::string, std::string> model_flags_in(const Flags& flags) {
  std::map<std::string, std::string> texts;
  for (const auto& name : model_flag_names()) {
    if (flags.given(name)) texts[name] = flags.text(name);
  }
  return texts;
}

checker::Parameters parameters_in(const std::map<std::string, std::string>& texts) {
  checker::Parameters parameters;
  for (const auto& [name, text] : texts) {
    const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
    if (json.is_discarded()) {
      throw std::invalid_argument(
          fmt::format("--{0} {1}: use JSON, such as --{0} 0 or --{0} '\"a\"'", name, text));
    }
    auto value = results::value_of(json);
    if (!history::canonicalize(value).empty()) {
      throw std::invalid_argument(fmt::format("--{} {}: a member is there twice", name, text));
    }
    parameters[name] = std::move(value);
  }
  return parameters;
}

}  // namespace sunder::harness
