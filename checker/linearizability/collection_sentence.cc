#include "checker/linearizability/collection_sentence.h"

#include <algorithm>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/linearizability/sentence.h"

namespace sunder::checker {

namespace {

using history::brief;
using history::List;
using history::Operation;
using history::Value;

std::string owner(const Operation& operation) {
  return fmt::format("{}'s {}", name_of_client(operation), operation.f);
}

const List& seen_in(const Operation& read) {
  static const List empty;
  const auto* seen = read.result.list();
  return seen == nullptr ? empty : *seen;
}

std::ptrdiff_t count_of(const Value& element, const Operation& read) {
  return std::count(seen_in(read).begin(), seen_in(read).end(), element);
}

std::string_view added(const Operation& add) {
  return add.f == "append" ? "appended" : "added";
}

class CollectionSentence {
 public:
  explicit CollectionSentence(const Counterexample& counterexample)
      : operations_(counterexample.operations),
        elements_(counterexample.elements),
        culprit_(operations_[counterexample.culprit]) {}

  std::string text() const {
    if (culprit_.f != "read") return {};
    for (const auto& element : elements_) {
      auto sentence = about_shown(element);
      if (!sentence.empty()) return sentence;
    }
    if (const auto* lost = this->lost()) {
      const auto& add = *completed_add_before(*lost);
      return fmt::format("{} lacks {}, which {} had {} by then", owner(culprit_), brief(*lost),
                         owner(add), added(add));
    }
    for (const auto& element : elements_) {
      auto sentence = about_earlier_read(element);
      if (!sentence.empty()) return sentence;
    }
    const bool is_of_two =
        elements_.size() == 2 && !may_be_removed(elements_[0]) && !may_be_removed(elements_[1]);
    return is_of_two ? about_order(elements_[0], elements_[1]) : std::string();
  }

  /// The element that the culprit lacks although its add had returned.
  const Value* lost() const {
    for (const auto& element : elements_) {
      if (count_of(element, culprit_) == 0 && completed_add_before(element) != nullptr) {
        return &element;
      }
    }
    return nullptr;
  }

 private:
  const Operation* add_of(const Value& element) const {
    const auto found =
        std::find_if(operations_.begin(), operations_.end(), [&](const Operation& each) {
          return each.f != "read" && each.f != "remove" && each.argument == element;
        });
    return found == operations_.end() ? nullptr : &*found;
  }

  bool may_be_removed(const Value& element) const {
    return std::any_of(operations_.begin(), operations_.end(), [&](const Operation& each) {
      return each.f == "remove" && each.argument == element && each.invoked < culprit_.returned;
    });
  }

  const Operation* completed_add_before(const Value& element) const {
    if (may_be_removed(element)) return nullptr;
    for (const auto& each : operations_) {
      const bool adds = each.f != "read" && each.argument == element;
      if (adds && must_happen(each) && each.returned < culprit_.invoked) return &each;
    }
    return nullptr;
  }

  /// Those of the element that had returned when the culprit began, or all.
  std::ptrdiff_t count_appends(const Value& element, bool only_before) const {
    return std::count_if(operations_.begin(), operations_.end(), [&](const Operation& each) {
      const bool is_before = must_happen(each) && each.returned < culprit_.invoked;
      return each.f == "append" && each.argument == element && (is_before || !only_before);
    });
  }

  static std::string times(std::ptrdiff_t count) {
    return count == 1 ? "once" : fmt::format("{} times", count);
  }

  /// The element is there twice, or before anybody added it.
  std::string about_shown(const Value& element) const {
    const auto count = count_of(element, culprit_);
    if (count == 0) return {};
    const auto* add = add_of(element);
    if (add == nullptr && count == 1) {
      return fmt::format("{} shows {}, which nobody had added", owner(culprit_), brief(element));
    }
    const bool is_list = add != nullptr && add->f == "append";
    const auto appends = is_list ? count_appends(element, false) : 1;
    if (count > appends) {
      return fmt::format("{} shows {} {} times: {}", owner(culprit_), brief(element), count,
                         is_list ? "it was appended " + times(appends) : "a set has it once");
    }
    if (is_list && count < count_appends(element, true)) {
      return fmt::format("{} shows {} {}, although {} appends of it had returned by then",
                         owner(culprit_), brief(element), times(count),
                         count_appends(element, true));
    }
    if (appends > 1) return {};
    if (add->invoked < culprit_.returned) return {};
    return fmt::format("{} shows {} before {} was invoked", owner(culprit_), brief(element),
                       owner(*add));
  }

  /// The culprit lacks what a read that had returned has.
  std::string about_earlier_read(const Value& element) const {
    if (count_of(element, culprit_) > 0 || may_be_removed(element)) return {};
    for (const auto& each : operations_) {
      const bool had_it = each.f == "read" && count_of(element, each) > 0;
      if (!had_it || each.returned > culprit_.invoked) continue;
      return fmt::format("{} lacks {}, which {} had shown before: it disappeared", owner(culprit_),
                         brief(element), owner(each));
    }
    return {};
  }

  std::string about_order(const Value& left, const Value& right) const {
    for (const auto& other : operations_) {
      if (other.f != "read" || &other == &culprit_) continue;
      const bool is_crossed = count_of(left, culprit_) + count_of(right, other) == 0 ||
                              count_of(right, culprit_) + count_of(left, other) == 0;
      if (!is_crossed) {
        return fmt::format("{} shows {}, {} shows {}: these are two orders", owner(other),
                           brief(other.result), owner(culprit_), brief(culprit_.result));
      }
      const bool has_left = count_of(left, culprit_) > 0;
      return fmt::format("{} shows {} without {}, {} shows {} without {}: one came first",
                         owner(other), brief(has_left ? right : left),
                         brief(has_left ? left : right), owner(culprit_),
                         brief(has_left ? left : right), brief(has_left ? right : left));
    }
    const auto* first = add_of(left);
    const auto* second = add_of(right);
    if (first == nullptr || second == nullptr) return {};
    if (second->returned < first->invoked) std::swap(first, second);
    if (first->returned > second->invoked) return {};
    const bool lacks = count_of(first->argument, culprit_) == 0;
    return fmt::format("{} shows {} {} {}, although {} of {} had returned before {} of {} began",
                       owner(culprit_), brief(second->argument), lacks ? "without" : "before",
                       brief(first->argument), owner(*first), brief(first->argument),
                       owner(*second), brief(second->argument));
  }

  const std::vector<Operation>& operations_;
  const std::vector<Value>& elements_;
  const Operation& culprit_;
};

}  // namespace

std::string sentence_about_collection(const Counterexample& counterexample) {
  return CollectionSentence(counterexample).text();
}

const Value* lost_element(const Counterexample& counterexample) {
  const auto& culprit = counterexample.operations[counterexample.culprit];
  if (culprit.f != "read" || culprit.result.text() != nullptr) return nullptr;
  return CollectionSentence(counterexample).lost();
}

}  // namespace sunder::checker
