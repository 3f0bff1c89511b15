#pragma once
// What a fault does: the parameters of one kind of fault, such as Kill or Partition
// (nemesis/kinds/). A value: it is copied and compared as its parameters are. For each type P of
// parameters there is a function `const FaultKind& kind_of(const P&)` beside it.

#include <concepts>
#include <memory>
#include <utility>

namespace sunder::nemesis {

class FaultKind;

template <class P>
concept FaultParameters = std::equality_comparable<P> && requires(const P& parameters) {
  { kind_of(parameters) } -> std::same_as<const FaultKind&>;
};

class Action {
 public:
  // Implicit, so that `fault.action = Kill{}` reads as what it means.
  template <FaultParameters P>
  Action(P parameters)  // NOLINT(google-explicit-constructor)
      : kind_(&kind_of(parameters)),
        held_(std::make_shared<const Held<P>>(std::move(parameters))) {}

  const FaultKind& kind() const { return *kind_; }

  /// Null if the action has parameters of another type.
  template <class P>
  const P* get_if() const {
    const auto* held = dynamic_cast<const Held<P>*>(held_.get());
    return held == nullptr ? nullptr : &held->parameters;
  }

  /// Throws std::bad_cast if the action has parameters of another type.
  template <class P>
  const P& get() const {
    return dynamic_cast<const Held<P>&>(*held_).parameters;
  }

  bool operator==(const Action& other) const { return held_->equals(*other.held_); }

 private:
  struct Erased {
    virtual ~Erased() = default;
    virtual bool equals(const Erased& other) const = 0;
  };
  template <class P>
  struct Held final : Erased {
    explicit Held(P value) : parameters(std::move(value)) {}
    bool equals(const Erased& other) const override {
      const auto* same = dynamic_cast<const Held*>(&other);
      return same != nullptr && same->parameters == parameters;
    }
    P parameters;
  };

  const FaultKind* kind_;
  std::shared_ptr<const Erased> held_;
};

}  // namespace sunder::nemesis
