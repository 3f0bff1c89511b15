#include "results/store/value_json.h"

#include <nlohmann/json.hpp>

namespace sunder::results {

using history::List;
using history::Object;
using history::Shared;
using history::Value;
using Json = nlohmann::ordered_json;

namespace {

struct ToJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(const Shared<std::string>& text) const { return *text; }
  Json operator()(const Shared<List>& list) const {
    Json json = Json::array();
    for (const Value& element : *list) json.push_back(results::json_of(element));
    return json;
  }
  Json operator()(const Shared<Object>& object) const {
    Json json = Json::object();
    for (const auto& [name, member] : *object) json[name] = results::json_of(member);
    return json;
  }
  Json operator()(const auto& scalar) const { return scalar; }
};

}  // namespace

Json json_of(const Value& value) {
  return std::visit(ToJson{}, value.data);
}

Value value_of(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return json.get<std::int64_t>();
    case Json::value_t::number_float:
      return json.get<double>();
    case Json::value_t::string:
      return json.get<std::string>();
    case Json::value_t::array: {
      List list;
      for (const Json& element : json) list.push_back(value_of(element));
      return list;
    }
    case Json::value_t::object: {
      Object object;
      for (const auto& [name, member] : json.items()) object.emplace_back(name, value_of(member));
      return object;
    }
    default:
      return {};
  }
}

}  // namespace sunder::results
