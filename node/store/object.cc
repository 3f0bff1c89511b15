#include "node/store/object.h"

#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "node/check.h"

namespace sunder {

using client_protocol::Operation;
using client_protocol::Request;
using client_protocol::Status;
using client_protocol::Value;
using client_protocol::Values;

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Object>> type_names{
    "text", "list", "set", "counter", "queue", "lock"};

Values values_of(const Sequence& elements) {
  Values values;
  values.reserve(elements.size());
  elements.for_each([&](const std::string& element) { values.emplace_back(element); });
  return values;
}

void save_elements(const Sequence& elements, ByteWriter& out) {
  out.number(static_cast<std::uint64_t>(elements.size()));
  elements.for_each([&](const std::string& element) { out.text(element); });
}

Sequence load_elements(ByteReader& in) {
  Sequence elements;
  for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
    elements.push_back(std::string(in.text()));
  }
  return elements;
}

/// How a type shows itself, is saved, and gets its digest.
struct Showing {
  Value operator()(const Text& text) const { return text.whole(); }
  Value operator()(const List& list) const { return values_of(list.elements); }
  Value operator()(const ElementSet& set) const {
    Values values;
    for (auto& element : set.elements()) values.emplace_back(std::move(element));
    return values;
  }
  Value operator()(const Counter& counter) const { return counter.total; }
  Value operator()(const Queue& queue) const { return values_of(queue.elements); }
  Value operator()(const Lock& lock) const { return Values{lock.token, lock.owner}; }
};

struct Saving {
  ByteWriter& out;

  void operator()(const Text& text) const { out.text(text.whole()); }
  void operator()(const List& list) const { save_elements(list.elements, out); }
  void operator()(const ElementSet& set) const {
    const auto elements = set.elements();
    out.number(static_cast<std::uint64_t>(elements.size()));
    for (const auto& element : elements) out.text(element);
  }
  void operator()(const Counter& counter) const { out.number(counter.total); }
  void operator()(const Queue& queue) const { save_elements(queue.elements, out); }
  void operator()(const Lock& lock) const {
    out.number(lock.token);
    out.number(static_cast<std::uint8_t>(lock.owner.has_value()));
    out.text(lock.owner.value_or(""));
  }
};

/// Fills an empty object of the type that was saved.
struct Loading {
  ByteReader& in;

  void operator()(Text& text) const { text.append(in.text()); }
  void operator()(List& list) const { list.elements = load_elements(in); }
  void operator()(ElementSet& set) const {
    for (auto left = in.number<std::uint64_t>(); left > 0; --left) set.add(std::string(in.text()));
  }
  void operator()(Counter& counter) const { counter.total = in.number<std::int64_t>(); }
  void operator()(Queue& queue) const { queue.elements = load_elements(in); }
  void operator()(Lock& lock) const {
    lock.token = in.number<std::int64_t>();
    const bool has_owner = in.number<std::uint8_t>() != 0;
    const auto owner = in.text();
    if (has_owner) lock.owner = owner;
  }
};

struct Digesting {
  trace::Digest operator()(const Text& text) const { return text.digest(); }
  trace::Digest operator()(const List& list) const { return list.elements.digest(); }
  trace::Digest operator()(const ElementSet& set) const { return set.digest(); }
  trace::Digest operator()(const Queue& queue) const { return queue.elements.digest(); }
  template <class Small>
  trace::Digest operator()(const Small& small) const {
    constexpr std::uint8_t seed = 8;
    std::string bytes;
    ByteWriter out(bytes);
    Saving{out}(small);
    return trace::digest_of(seed, bytes);
  }
};

/// A place in Object.
std::size_t type_for(Operation operation) {
  switch (operation) {
    case Operation::write:
    case Operation::cas:
    case Operation::append:
      return 0;
    case Operation::push:
      return 1;
    case Operation::add:
    case Operation::remove:
      return 2;
    case Operation::increment:
      return 3;
    case Operation::enqueue:
    case Operation::dequeue:
    case Operation::drain:
      return 4;
    case Operation::acquire:
    case Operation::release:
      return 5;
    case Operation::read:
    case Operation::generate:
    case Operation::txn:
      break;
  }
  CHECK(false, "a {} changes no object", name_of(operation));
}

template <std::size_t... Types>
Object empty_object(std::size_t type, std::index_sequence<Types...>) {
  std::optional<Object> made;
  const auto make = [&](auto number) {
    if (type == number()) made.emplace(std::in_place_index<number()>);
  };
  (make(std::integral_constant<std::size_t, Types>()), ...);
  if (!made) throw std::runtime_error(fmt::format("a value of type {}", type));
  return *std::move(made);
}

Object empty_object(std::size_t type) {
  return empty_object(type, std::make_index_sequence<std::variant_size_v<Object>>());
}

Judgement refused(Status status, Value value = {}, std::string message = {}) {
  return {status, std::move(value), std::move(message), false};
}

Judgement changed(Value answer = {}) {
  return {Status::ok, std::move(answer), {}, true};
}

Judgement judge_cas(const Text* present, const Request& operation) {
  const bool fits = present == nullptr ? !operation.expected
                                       : operation.expected && present->is(*operation.expected);
  if (fits) return changed();
  return refused(Status::mismatch, present == nullptr ? Value() : Value(present->whole()));
}

Judgement judge_increment(const Counter& counter, std::int64_t amount) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(counter.total, amount, &sum)) return changed();
  return refused(Status::out_of_range, counter.total,
                 fmt::format("{} and {} are beyond 64 bits", counter.total, amount));
}

Judgement judge_acquire(const Lock& lock) {
  if (lock.owner) return refused(Status::held, lock.owner);
  return changed(lock.token + 1);
}

Judgement judge_release(const Lock& lock, const std::string& owner) {
  if (lock.owner != owner) return refused(Status::not_held, lock.owner);
  return changed();
}

/// Of an object of the operation's type, or of an empty one.
Judgement judge_same_type(const Object& object, const Request& operation) {
  switch (operation.operation) {
    case Operation::dequeue: {
      const auto& elements = std::get<Queue>(object).elements;
      return elements.empty() ? refused(Status::empty) : changed(elements.front());
    }
    case Operation::drain:
      return changed(shown(object));
    case Operation::increment:
      return judge_increment(std::get<Counter>(object), operation.amount);
    case Operation::acquire:
      return judge_acquire(std::get<Lock>(object));
    case Operation::release:
      return judge_release(std::get<Lock>(object), operation.value);
    default:
      return changed();
  }
}

}  // namespace

std::string_view type_of(const Object& object) {
  return type_names.at(object.index());
}

Value shown(const Object& object) {
  return std::visit(Showing(), object);
}

trace::Digest digest_of(const Object& object) {
  return std::visit(Digesting(), object);
}

void save(const Object& object, ByteWriter& out) {
  out.number(static_cast<std::uint8_t>(object.index()));
  std::visit(Saving{out}, object);
}

Object load_object(ByteReader& in) {
  auto object = empty_object(in.number<std::uint8_t>());
  std::visit(Loading{in}, object);
  return object;
}

Object empty_object_for(Operation operation) {
  return empty_object(type_for(operation));
}

Judgement judge(const Object* present, const Request& operation) {
  if (operation.operation == Operation::read) {
    return {Status::ok, present == nullptr ? Value() : shown(*present), {}, false};
  }
  const auto type = type_for(operation.operation);
  if (present != nullptr && present->index() != type) {
    return refused(Status::wrong_type, {},
                   fmt::format("{} is for a {}, and the key has a {}", name_of(operation.operation),
                               type_names.at(type), type_of(*present)));
  }
  if (operation.operation == Operation::cas) {
    return judge_cas(present == nullptr ? nullptr : &std::get<Text>(*present), operation);
  }
  return present == nullptr ? judge_same_type(empty_object(type), operation)
                            : judge_same_type(*present, operation);
}

void change(Object& object, const Request& operation) {
  switch (operation.operation) {
    case Operation::write:
    case Operation::cas:
      object = Text(operation.value);
      return;
    case Operation::append:
      std::get<Text>(object).append(operation.value);
      return;
    case Operation::push:
      std::get<List>(object).elements.push_back(operation.value);
      return;
    case Operation::add:
      std::get<ElementSet>(object).add(operation.value);
      return;
    case Operation::remove:
      std::get<ElementSet>(object).remove(operation.value);
      return;
    case Operation::increment:
      std::get<Counter>(object).total += operation.amount;
      return;
    case Operation::enqueue:
      std::get<Queue>(object).elements.push_back(operation.value);
      return;
    case Operation::dequeue:
      std::get<Queue>(object).elements.pop_front();
      return;
    case Operation::drain:
      std::get<Queue>(object).elements.clear();
      return;
    case Operation::acquire: {
      auto& lock = std::get<Lock>(object);
      ++lock.token;
      lock.owner = operation.value;
      return;
    }
    case Operation::release:
      std::get<Lock>(object).owner.reset();
      return;
    case Operation::read:
    case Operation::generate:
    case Operation::txn:
      break;
  }
  CHECK(false, "a {} changes no object", name_of(operation.operation));
}

}  // namespace sunder
