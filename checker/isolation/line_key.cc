#include "checker/isolation/line_key.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace sunder::checker::isolation {

namespace {

/// How many values are compared one by one before a key gets an index.
constexpr std::size_t short_search = 64;

/// How many bytes are equal, at most `most`. Reads up to 8 bytes behind the first that is not.
std::size_t equal_bytes(const char* left, const char* right, std::size_t most) {
  static_assert(std::endian::native == std::endian::little);
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= most; at += sizeof(std::uint64_t)) {
    std::uint64_t here = 0;
    std::uint64_t there = 0;
    std::memcpy(&here, left + at, sizeof here);
    std::memcpy(&there, right + at, sizeof there);
    const auto difference = here ^ there;
    if (difference != 0) {
      return at + static_cast<std::size_t>(std::countr_zero(difference)) / 8;
    }
  }
  while (at < most && left[at] == right[at]) ++at;
  return at;
}

}  // namespace

LineKey::LineKey(const Token& name)
    : is_number_(name.is_number),
      number_(name.number),
      text_(name.is_number ? std::string() : std::string(name.text)) {}

bool LineKey::is_same(const history::Value& value, const Token& token) {
  if (token.is_number) return value.integer() != nullptr && *value.integer() == token.number;
  return value.text() != nullptr && *value.text() == token.text.substr(1, token.text.size() - 2);
}

ValueId LineKey::add(const Token& value) {
  values_.push_back(value.value());
  return static_cast<ValueId>(values_.size());
}

void LineKey::build_index() {
  if (index_ != nullptr) return;
  index_ = std::make_unique<Index>();
  // Without an index all values were written before they were read.
  for (ValueId id = 1; id <= values_.size(); ++id) {
    const bool is_new = index_->try_emplace(values_[id - 1], Known{id, true}).second;
    is_written_twice_ = is_written_twice_ || !is_new;
  }
}

LineKey::Known& LineKey::indexed(const Token& value) {
  build_index();
  auto& known = index_->try_emplace(value.value()).first->second;
  if (known.id == 0) known.id = add(value);
  return known;
}

ValueId LineKey::write(const Token& value) {
  if (index_ != nullptr) {
    auto& known = indexed(value);
    return std::exchange(known.is_written, true) ? 0 : known.id;
  }
  if (grows_ && !values_.empty()) {
    const auto* last = values_.back().integer();
    grows_ = value.is_number && last != nullptr && *last < value.number;
  }
  const auto id = add(value);
  if (kind_ == Kind::list) unseen_.push_back(id);
  return id;
}

ValueId LineKey::read(const Token& value) {
  if (index_ != nullptr) return indexed(value).id;
  const auto from = values_.size() - std::min(values_.size(), short_search);
  for (auto at = values_.size(); at > from; --at) {
    if (is_same(values_[at - 1], value)) return static_cast<ValueId>(at);
  }
  return indexed(value).id;
}

/// Elements come into a trunk nearly in the order in which they were appended.
ValueId LineKey::take_unseen(const Token& value) {
  if (index_ != nullptr) return indexed(value).id;
  const auto end = std::min(unseen_.size(), first_unseen_ + short_search);
  for (auto at = first_unseen_; at < end; ++at) {
    const auto id = unseen_[at];
    if (!is_value(id, value)) continue;
    for (auto hole = at; hole > first_unseen_; --hole) unseen_[hole] = unseen_[hole - 1];
    ++first_unseen_;
    return id;
  }
  return indexed(value).id;
}

std::uint32_t LineKey::elements_in(const Trunk& trunk, std::size_t bytes) {
  const auto& ends = trunk.ends;
  const auto end = std::lower_bound(ends.begin(), ends.end(), bytes);
  return end != ends.end() && *end == bytes ? static_cast<std::uint32_t>(end - ends.begin()) + 1
                                            : 0;
}

/// The text stands behind the trunk's elements, or at the list's first one.
bool LineKey::extend(Trunk& trunk, PlainText& text) {
  while (true) {
    const char* begin = text.at();
    if (!trunk.ends.empty() && !text.skip(",")) return false;
    Token element;
    if (!text.token(element)) return false;
    const auto id = take_unseen(element);
    trunk.text.append(begin, text.at());
    trunk.ends.push_back(static_cast<std::uint32_t>(trunk.text.size()));
    trunk.elements.push_back(id);
    if (text.skip("]")) return true;
  }
}

/// Absent if the list does not go along this trunk; the text stands where it stood then.
std::optional<LineKey::List> LineKey::read_along(std::uint32_t at, PlainText& text) {
  auto& trunk = trunks_[at];
  const char* begin = text.at();
  const auto same = equal_bytes(begin, trunk.text.data(), trunk.text.size());
  if (begin[same] == ']') {
    const auto length = elements_in(trunk, same);
    if (length == 0) return std::nullopt;
    text.go_to(begin + same + 1);
    return List{at, length};
  }
  const bool goes_on = same == trunk.text.size() && (begin[same] == ',' || trunk.ends.empty());
  if (!goes_on) return std::nullopt;
  text.go_to(begin + same);
  if (!extend(trunk, text)) return List{};
  return List{at, static_cast<std::uint32_t>(trunk.ends.size())};
}

std::optional<LineKey::List> LineKey::read_list(PlainText& text) {
  if (text.skip("]")) return List{};
  if (trunks_.empty()) trunks_.emplace_back();
  auto list = read_along(last_trunk_, text);
  for (std::uint32_t at = 0; !list && at < trunks_.size(); ++at) {
    if (at != last_trunk_) list = read_along(at, text);
  }
  if (!list) {
    build_index();  // what was taken from the unseen ones for one trunk may be in another one
    trunks_.emplace_back();
    list = read_along(static_cast<std::uint32_t>(trunks_.size() - 1), text);
  }
  if (!list || list->length == 0) return std::nullopt;  // it is not plain
  last_trunk_ = list->trunk;
  return list;
}

bool LineKey::has_value_written_twice() const {
  if (grows_ || index_ != nullptr) return is_written_twice_;
  std::vector<std::int64_t> numbers;
  std::vector<std::string_view> texts;
  for (const auto& value : values_) {
    if (value.integer() != nullptr) {
      numbers.push_back(*value.integer());
    } else {
      texts.push_back(*value.text());
    }
  }
  std::sort(numbers.begin(), numbers.end());
  std::sort(texts.begin(), texts.end());
  return std::adjacent_find(numbers.begin(), numbers.end()) != numbers.end() ||
         std::adjacent_find(texts.begin(), texts.end()) != texts.end();
}

void LineKey::join(std::vector<ValueId>& elements) {
  for (auto& trunk : trunks_) {
    const auto begin = static_cast<std::uint32_t>(elements.size());
    elements.insert(elements.end(), trunk.elements.begin(), trunk.elements.end());
    trunk = Trunk{{}, {}, {}, begin};  // which frees what it held
  }
}

Key LineKey::take() {
  Key key;
  key.name = history::key_name(is_number_ ? history::Value(number_)
                                          : history::Value(text_.substr(1, text_.size() - 2)));
  key.is_list = kind_ == Kind::list;
  key.values = std::move(values_);
  return key;
}

}  // namespace sunder::checker::isolation
