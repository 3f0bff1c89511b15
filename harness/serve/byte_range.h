#pragma once
// Which part of a file a request asks for (RFC 9110, section 14). One range is answered; several in
// one request, other units and what cannot be read are answered with the whole file, as the RFC
// allows.

#include <cstdint>
#include <optional>
#include <string_view>

namespace sunder::harness::serve {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  bool operator==(const ByteRange&) const = default;
};

enum class RangeKind { whole, part, unsatisfiable };

struct RangeAnswer {
  RangeKind kind = RangeKind::whole;
  /// What is to be sent; nothing if unsatisfiable.
  ByteRange bytes;
  bool operator==(const RangeAnswer&) const = default;
};

/// `header` is the value of the field Range, empty if there is none.
RangeAnswer range_of(std::string_view header, std::uint64_t file_size);

}  // namespace sunder::harness::serve
