#include "harness/driver/base64.h"

#include <algorithm>
#include <stdexcept>

// Boost keeps its codec among the parts of Beast that may change; nothing else here looks there.
#include <boost/beast/core/detail/base64.hpp>

namespace sunder::harness {

namespace codec = boost::beast::detail::base64;

std::string to_base64(std::string_view bytes) {
  std::string text(codec::encoded_size(bytes.size()), '\0');
  text.resize(codec::encode(text.data(), bytes.data(), bytes.size()));
  return text;
}

std::string from_base64(std::string_view text) {
  std::string bytes(codec::decoded_size(text.size()), '\0');
  const auto [written, read] = codec::decode(bytes.data(), text.data(), text.size());
  const auto rest = text.substr(read);
  if (std::any_of(rest.begin(), rest.end(), [](char c) { return c != '='; }) || rest.size() > 2) {
    throw std::invalid_argument("not base64: '" + std::string(text) + "'");
  }
  bytes.resize(written);
  return bytes;
}

}  // namespace sunder::harness
