#include "checker/history/edn_value.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

namespace sunder::history {

namespace {

enum CharacterClass : unsigned char { of_a_word, blank, other_end };

/// By character. Commas are blanks.
constexpr auto classes = [] {
  std::array<CharacterClass, 256> all{};
  for (const char c : std::string_view(" \t\n\v\f\r,")) all[static_cast<unsigned char>(c)] = blank;
  for (const char c : std::string_view("()[]{}\";")) all[static_cast<unsigned char>(c)] = other_end;
  return all;
}();

bool is_blank(char c) {
  return classes[static_cast<unsigned char>(c)] == blank;
}

bool ends_word(char c) {
  return classes[static_cast<unsigned char>(c)] != of_a_word;
}

bool looks_numeric(std::string_view word) {
  const std::size_t first = word.front() == '-' || word.front() == '+' ? 1 : 0;
  return word.size() > first && std::isdigit(static_cast<unsigned char>(word[first])) != 0;
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

bool is_high_surrogate(unsigned code) {
  return code >= 0xd800 && code < 0xdc00;
}

bool is_low_surrogate(unsigned code) {
  return code >= 0xdc00 && code < 0xe000;
}

}  // namespace

void EdnReader::refuse(std::string message) const {
  throw EdnError{std::move(message), at_, false};
}

void EdnReader::refuse_end() const {
  throw EdnError{"the text ends in the middle of a value", text_.size(), true};
}

bool EdnReader::at_end() {
  while (at_ < text_.size()) {
    if (is_blank(text_[at_])) {
      ++at_;
    } else if (text_[at_] == ';') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (text_.substr(at_, 2) == "#_") {
      at_ += 2;
      if (++discards_ > max_depth) refuse(fmt::format("more than {} #_ in a row", max_depth));
      next();
      --discards_;
    } else {
      return false;
    }
  }
  return true;
}

bool EdnReader::skip(char expected) {
  if (at_end() || text_[at_] != expected) return false;
  ++at_;
  return true;
}

Value EdnReader::next() {
  return next(0);
}

Value EdnReader::next(int depth) {
  if (depth > max_depth) refuse(fmt::format("nested deeper than {} levels", max_depth));
  if (at_end()) refuse_end();
  switch (text_[at_]) {
    case '[':
      ++at_;
      return items(']', depth);
    case '(':
      ++at_;
      return items(')', depth);
    case '{':
      ++at_;
      return entries(depth);
    case '"':
      ++at_;
      return text(Escapes::replaced);
    case '\\':
      ++at_;
      return character();
    case '#':
      ++at_;
      return tagged(depth);
    case ']':
    case ')':
    case '}':
      refuse(fmt::format("'{}' closes nothing", text_[at_]));
    default:
      return atom();
  }
}

bool EdnReader::enter_map() {
  if (at_end()) refuse_end();
  const auto begin = at_;
  if (text_[at_] == '#') {
    ++at_;
    if (word().empty()) {
      at_ = begin;
      return false;
    }
    if (at_end()) refuse_end();
  }
  if (skip('{')) return true;
  at_ = begin;
  return false;
}

std::optional<std::string_view> EdnReader::keyword() {
  if (at_end() || text_[at_] != ':') return std::nullopt;
  const auto begin = at_;
  const auto whole = word();
  if (whole.size() > 1 && at_ < text_.size()) return whole.substr(1);
  at_ = begin;
  return std::nullopt;
}

std::optional<std::string_view> EdnReader::next_name() {
  if (skip('}')) return std::nullopt;
  if (at_end()) refuse_end();
  auto name = keyword();
  if (!name) {
    made_ = text_or_json(next());
    name = made_;
  }
  if (at_end()) refuse_end();
  if (text_[at_] == '}') refuse("a map needs a value for each key");
  return name;
}

std::string_view EdnReader::next_text() {
  if (const auto name = keyword()) return *name;
  const auto value = next();
  made_ = value.is_nil() ? std::string() : text_or_json(value);
  return made_;
}

List EdnReader::items(char close, int depth) {
  List list;
  while (!skip(close)) {
    if (at_end()) refuse_end();
    list.push_back(next(depth + 1));
  }
  return list;
}

Object EdnReader::entries(int depth) {
  Object object;
  while (!skip('}')) {
    if (at_end()) refuse_end();
    auto name = text_or_json(next(depth + 1));
    if (at_end()) refuse_end();
    if (text_[at_] == '}') refuse("a map needs a value for each key");
    object.emplace_back(std::move(name), next(depth + 1));
  }
  return object;
}

Value EdnReader::tagged(int depth) {
  if (at_ == text_.size()) refuse_end();
  if (text_[at_] == '{') {
    ++at_;
    return items('}', depth);
  }
  if (text_[at_] == '#') {  // ##NaN, ##Inf: no JSON number, so text
    ++at_;
    return "##" + std::string(word());
  }
  const auto begin = at_ - 1;
  if (text_[at_] == '"') {  // a regular expression
    ++at_;
    text(Escapes::kept);
    return text_.substr(begin, at_ - begin);
  }
  const auto tag = word();
  if (tag.empty()) refuse("'#' must be followed by a set or a tag");
  auto value = next(depth + 1);
  if (tag == "object") return text_.substr(begin, at_ - begin);
  // A record (#jepsen.history.Op{...}) or a collection is what it holds. A scalar that needs a tag
  // differs from the one without it: only the whole says whether two are equal.
  if (value.list() != nullptr || value.object() != nullptr || tag == "inst" || tag == "uuid") {
    return value;
  }
  return text_.substr(begin, at_ - begin);
}

Value EdnReader::text(Escapes escapes) {
  std::string out;
  while (at_ < text_.size() && text_[at_] != '"') {
    char c = text_[at_++];
    if (c != '\\') {
      out += c;
      continue;
    }
    if (at_ == text_.size()) refuse_end();
    c = text_[at_++];
    if (escapes == Escapes::kept) continue;
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case 'r':
        out += '\r';
        break;
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case '"':
      case '\\':
        out += c;
        break;
      case 'u':
        append_utf8(out, code_point());
        break;
      default:
        refuse(fmt::format("\\{} is no escape", c));
    }
  }
  if (at_ == text_.size()) refuse_end();
  ++at_;
  return out;
}

unsigned EdnReader::code_unit() {
  unsigned code = 0;
  if (text_.size() - at_ < 4) refuse_end();
  const char* first = text_.data() + at_;
  if (std::from_chars(first, first + 4, code, 16).ptr != first + 4) {
    refuse("\\u must be followed by four hexadecimal digits");
  }
  at_ += 4;
  return code;
}

/// Java writes a character beyond 16 bits as a pair of surrogates. One without its other half is no
/// character; it becomes U+FFFD, because text in UTF-8 cannot hold it.
unsigned EdnReader::code_point() {
  constexpr unsigned replacement = 0xfffd;
  const unsigned first = code_unit();
  if (is_low_surrogate(first)) return replacement;
  if (!is_high_surrogate(first)) return first;
  if (text_.substr(at_, 2) != "\\u") return replacement;
  const auto behind_first = at_;
  at_ += 2;
  const unsigned second = code_unit();
  if (is_low_surrogate(second)) return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
  at_ = behind_first;
  return replacement;
}

Value EdnReader::character() {
  if (at_ == text_.size()) refuse_end();
  const auto begin = at_++;
  word();
  const auto name = text_.substr(begin, at_ - begin);
  if (name == "newline") return "\n";
  if (name == "space") return " ";
  if (name == "tab") return "\t";
  if (name == "return") return "\r";
  return name;
}

std::string_view EdnReader::word() {
  const auto begin = at_;
  while (at_ < text_.size() && !ends_word(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

Value EdnReader::atom() {
  const auto begin = at_;
  const auto whole = word();
  if (whole == "nil") return {};
  if (whole == "true") return true;
  if (whole == "false") return false;
  if (whole.front() == ':') {
    if (whole.size() == 1) {
      at_ = begin;
      refuse("':' must be followed by a keyword's name");
    }
    return whole.substr(1);
  }
  return looks_numeric(whole) ? number(whole) : whole;
}

/// 5N and 1.5M are Clojure's big numbers. A number that 64 bits cannot hold, a ratio (1/3) and a
/// number in another base (0x1f) become text: they can only be compared for equality. An integer
/// keeps its N there, so that it differs from a string of digits.
Value EdnReader::number(std::string_view word) {
  auto digits = word;
  if (digits.front() == '+') digits.remove_prefix(1);
  if (digits.back() == 'N' || digits.back() == 'M') digits.remove_suffix(1);
  const char* end = digits.data() + digits.size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(digits.data(), end, integer);
      read.ptr == end && read.ec == std::errc()) {
    return integer;
  }
  if (digits.find_first_not_of("0123456789", 1) == std::string_view::npos) {
    return std::string(digits) + 'N';
  }
  double real = 0;
  if (const auto read = std::from_chars(digits.data(), end, real);
      read.ptr == end && read.ec == std::errc()) {
    return real;
  }
  return word;
}

}  // namespace sunder::history
