#include "node/api/crc32c.h"

#include <boost/crc.hpp>

namespace sunder {

std::uint32_t crc32c(std::initializer_list<std::string_view> parts) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  for (const auto part : parts) crc.process_bytes(part.data(), part.size());
  return crc.checksum();
}

}  // namespace sunder
