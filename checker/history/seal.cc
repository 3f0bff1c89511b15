#include "checker/history/seal.h"

#include <cmath>
#include <cstring>

#include <fmt/format.h>
#include <simdjson.h>

#include "checker/history/line_reader.h"

namespace sunder::history {

namespace {

namespace dom = simdjson::dom;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 32)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 29);
}

std::uint64_t digest_of_bytes(std::string_view bytes) {
  std::uint64_t hash = mix(0x9e3779b97f4a7c15, bytes.size());
  for (; bytes.size() >= sizeof hash; bytes.remove_prefix(sizeof hash)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    hash = mix(hash, word);
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, bytes.data(), bytes.size());
  return mix(hash, rest);
}

/// 150.0 is 150.
std::uint64_t digest_of_number(double number) {
  constexpr double whole_numbers_end = 9007199254740992;  // 2^53
  if (std::floor(number) == number && std::abs(number) < whole_numbers_end) {
    return mix('i', static_cast<std::uint64_t>(static_cast<std::int64_t>(number)));
  }
  std::uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  return mix('d', bits);
}

std::uint64_t digest_of_value(const dom::element& value) {
  switch (value.type()) {
    case dom::element_type::OBJECT: {
      // A sum, so that the order of the members is of no account.
      std::uint64_t members = 0;
      for (const auto& member : dom::object(value)) {
        members += mix(digest_of_bytes(member.key), digest_of_value(member.value));
      }
      return mix('o', members);
    }
    case dom::element_type::ARRAY: {
      std::uint64_t hash = 'a';
      for (const auto element : dom::array(value)) hash = mix(hash, digest_of_value(element));
      return mix('a', hash);
    }
    case dom::element_type::STRING:
      return mix('s', digest_of_bytes(std::string_view(value)));
    case dom::element_type::INT64:
      return mix('i', static_cast<std::uint64_t>(std::int64_t(value)));
    case dom::element_type::UINT64:
      // simdjson gives this type only to numbers beyond those of the other.
      return mix('u', std::uint64_t(value));
    case dom::element_type::DOUBLE:
      return digest_of_number(double(value));
    case dom::element_type::BOOL:
      return mix('b', bool(value) ? 1 : 0);
    case dom::element_type::NULL_VALUE:
      break;
  }
  return mix('n', 0);
}

}  // namespace

struct Sealer::Parser {
  dom::parser json;
};

Sealer::Sealer() : parser_(std::make_unique<Parser>()) {}
Sealer::~Sealer() = default;

std::uint64_t Sealer::add(std::string_view line) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return 0;
  dom::element value;
  const bool is_json = parser_->json.parse(line).get(value) == simdjson::SUCCESS;
  const auto digest = is_json ? digest_of_value(value) : digest_of_bytes(line);
  ++seal_.records;
  seal_.content += digest;
  seal_.order = mix(seal_.order, digest);
  return digest;
}

Seal seal_of(const std::filesystem::path& file) {
  Sealer sealer;
  LineReader lines(file);
  while (const auto line = lines.next()) sealer.add(*line);
  return sealer.seal();
}

std::string difference(const Seal& sealed, const Seal& found) {
  if (found.records < sealed.records) {
    return fmt::format("lacks {} of its {} records", sealed.records - found.records,
                       sealed.records);
  }
  if (found.records > sealed.records) {
    return fmt::format("has {} records more than the {} that the run wrote",
                       found.records - sealed.records, sealed.records);
  }
  if (found.content != sealed.content) return "has a record that the run did not write";
  return found.order == sealed.order ? "" : "has its records in another order";
}

}  // namespace sunder::history
