#include "harness/serve/request_path.h"

#include <charconv>

#include <fmt/format.h>

namespace sunder::harness::serve {

namespace {

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    unsigned byte = 0;
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, byte, 16);
    if (digits.size() != 2 || parsed.ec != std::errc{} || parsed.ptr != end) return {};
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

bool is_plain(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

}  // namespace

std::optional<std::vector<std::string>> request_path(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  if (!target.starts_with('/')) return {};
  std::vector<std::string> names;
  if (target == "/") return names;
  while (!target.empty()) {
    target.remove_prefix(1);
    const auto name = percent_decoded(target.substr(0, target.find('/')));
    if (!name || !is_plain(*name)) return {};
    names.push_back(*name);
    target.remove_prefix(std::min(target.find('/'), target.size()));
  }
  return names;
}

std::string address_of(std::span<const std::string> names) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  std::string address;
  for (const std::string& name : names) {
    address += '/';
    for (const char byte : name) {
      if (plain.find(byte) != std::string_view::npos) {
        address += byte;
      } else {
        address += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
      }
    }
  }
  return address;
}

}  // namespace sunder::harness::serve
