#pragma once
// An immutable object on the heap that its copies share, in the size of a pointer: what operations
// and their copies in conflicts hold beside numbers. Invariant: never null, unless it was moved
// from. Surprise: edit() copies the object first if anybody else holds it.

#include <atomic>
#include <cstdint>
#include <utility>

namespace sunder::history {

template <typename T>
class Shared {
 public:
  explicit Shared(T object) : box_(new Box{std::move(object)}) {}
  Shared(const Shared& other) : box_(other.box_) {
    if (box_ != nullptr) box_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Shared(Shared&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }
  ~Shared() {
    // The last holder must see what the others read before it frees the object.
    if (box_ != nullptr && box_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete box_;
  }

  const T& operator*() const { return box_->object; }
  const T* operator->() const { return &box_->object; }

  T& edit() {
    if (box_->holders.load(std::memory_order_acquire) > 1) *this = Shared(T(box_->object));
    return box_->object;
  }

  friend bool operator==(const Shared& left, const Shared& right) {
    return left.box_ == right.box_ || *left == *right;
  }

 private:
  struct Box {
    T object;
    std::atomic<std::uint32_t> holders{1};
  };

  Box* box_;
};

}  // namespace sunder::history
