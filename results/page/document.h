#pragma once
// A page as one file: its template, the style, D3, the modules and its data, all inside. A policy
// in the template forbids it to load anything from elsewhere.

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace sunder::results {

/// Starts the module `main` of results/page/, which finds `data` in the element of that id.
std::string page_document(std::string_view main, const nlohmann::ordered_json& data);

/// JSON that can stand inside a script element: no text in it can end the element.
std::string json_for_script(const nlohmann::ordered_json& data);

}  // namespace sunder::results
