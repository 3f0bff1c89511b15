#include "node/store/sequence.h"

#include <utility>

#include "node/api/bytes.h"
#include "node/check.h"

namespace sunder {
namespace {

/// Odd, so that it has an inverse modulo 2^64.
constexpr std::uint64_t place_step = 0x9e3779b97f4a7c15;

/// Newton's iteration doubles the right bits each time, from three.
constexpr std::uint64_t inverse_of(std::uint64_t odd) {
  std::uint64_t inverse = odd;
  for (int right_bits = 3; right_bits < 64; right_bits *= 2) inverse *= 2 - odd * inverse;
  return inverse;
}

constexpr std::uint64_t place_step_back = inverse_of(place_step);
static_assert(place_step * place_step_back == 1);

constexpr std::uint8_t element_seed = 5;

}  // namespace

bool Sequence::settle() {
  if (base_.use_count() > 1) return false;
  base_->erase(base_->begin(), base_->begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  for (auto& element : added_) base_->push_back(std::move(element));
  added_.clear();
  return true;
}

void Sequence::push_back(std::string element) {
  sum_ += trace::digest_of(element_seed, element) * power_;
  power_ *= place_step;
  (settle() ? *base_ : added_).push_back(std::move(element));
}

void Sequence::pop_front() {
  sum_ = (sum_ - trace::digest_of(element_seed, front())) * place_step_back;
  power_ *= place_step_back;
  if (settle()) {
    base_->pop_front();
  } else if (taken_ < base_->size()) {
    ++taken_;
  } else {
    added_.pop_front();
  }
}

const std::string& Sequence::front() const {
  CHECK(!empty());
  return taken_ < base_->size() ? (*base_)[taken_] : added_.front();
}

trace::Digest Sequence::digest() const {
  constexpr std::uint8_t seed = 6;
  std::string bytes;
  ByteWriter out(bytes);
  out.number(sum_);
  out.number(static_cast<std::uint64_t>(size()));
  return trace::digest_of(seed, bytes);
}

}  // namespace sunder
