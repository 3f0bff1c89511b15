#include "node/store/text.h"

#include "node/api/bytes.h"

namespace sunder {

void Text::append(std::string_view piece) {
  for (const char c : piece) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  if (base_.use_count() > 1) {
    added_ += piece;
    return;
  }
  base_->append(added_).append(piece);
  added_.clear();
}

bool Text::is(std::string_view text) const {
  return text.size() == size() && text.starts_with(*base_) && text.ends_with(added_);
}

trace::Digest Text::digest() const {
  constexpr std::uint8_t seed = 4;
  std::string bytes;
  ByteWriter out(bytes);
  out.number(hash_);
  out.number(static_cast<std::uint64_t>(size()));
  return trace::digest_of(seed, bytes);
}

}  // namespace sunder
