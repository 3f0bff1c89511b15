#include "checker/history/independent_keys.h"

namespace sunder::history {

namespace {

/// The value's two parts, if it has exactly two and the first can be a key.
const List* pair_in(const Value& value) {
  const auto* list = value.list();
  const bool is_pair = list != nullptr && list->size() == 2 && list->front().list() == nullptr &&
                       list->front().object() == nullptr;
  return is_pair ? list : nullptr;
}

}  // namespace

/// Whether an invocation shows that the values are pairs. A read has no argument, so [k nil] can
/// only be a read of key k. A cas without a key is a pair of values; with a key it is a key and a
/// pair.
IndependentKeys::Kind IndependentKeys::kind_of(const Event& event) {
  if (event.process == ProcessId::nemesis || event.type != EventType::invoke) {
    return Kind::undecided;
  }
  const auto* pair = pair_in(event.value);
  if (event.f == "cas")
    return pair_in(event.value) && (*pair)[1].list() ? Kind::keyed : Kind::plain;
  if (pair == nullptr) return Kind::plain;
  if (event.f == "read") return (*pair)[1].is_nil() ? Kind::keyed : Kind::plain;
  return event.f == "txn" ? Kind::undecided : Kind::keyed;
}

void IndependentKeys::add(Event event, std::int64_t line) {
  if (kind_ == Kind::undecided) {
    kind_ = kind_of(event);
    if (kind_ == Kind::undecided) {
      held_.emplace_back(std::move(event), line);
      return;
    }
    pass_held();
  }
  pass(event, line);
}

void IndependentKeys::pass_held() {
  for (auto& [event, line] : held_) pass(event, line);
  held_.clear();
}

void IndependentKeys::pass(Event& event, std::int64_t line) const {
  if (kind_ == Kind::keyed && event.process != ProcessId::nemesis) {
    if (const auto* pair = pair_in(event.value)) {
      const auto& key = pair->front();
      event.key = key.text() != nullptr ? *key.text() : to_json(key);
      event.value = Value((*pair)[1]);
    }
  }
  sink_(event, line);
}

void IndependentKeys::finish() {
  pass_held();
}

}  // namespace sunder::history
