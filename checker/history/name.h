#pragma once
// A name that many operations have, such as that of a function or a key, in the size of a pointer.
// Each text is kept once in the process, for as long as it runs. Surprise: the first use of a text
// takes a lock; NameCache spares the later ones.

#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

namespace sunder::history {

class Name {
 public:
  Name() : text_(&empty_text()) {}
  Name(std::string_view text) : text_(text.empty() ? &empty_text() : &kept(text)) {}
  Name(const std::string& text) : Name(std::string_view(text)) {}
  Name(const char* text) : Name(std::string_view(text)) {}

  const std::string& text() const { return *text_; }
  bool empty() const { return text_->empty(); }
  operator const std::string&() const { return *text_; }
  operator std::string_view() const { return *text_; }

  friend bool operator==(const Name& left, const Name& right) { return left.text_ == right.text_; }
  friend bool operator==(const Name& left, const std::string& right) {
    return *left.text_ == right;
  }
  friend bool operator==(const Name& left, std::string_view right) { return *left.text_ == right; }
  friend bool operator==(const Name& left, const char* right) { return *left.text_ == right; }
  friend bool operator<(const Name& left, const Name& right) { return *left.text_ < *right.text_; }
  friend bool operator<(const Name& left, const std::string& right) { return *left.text_ < right; }
  friend bool operator<(const std::string& left, const Name& right) { return left < *right.text_; }
  friend std::ostream& operator<<(std::ostream& out, const Name& name) {
    return out << *name.text_;
  }

 private:
  static const std::string& empty_text();
  static const std::string& kept(std::string_view text);

  const std::string* text_;
};

/// The names that one reader has met, without a lock.
class NameCache {
 public:
  Name of(const std::string& text) {
    if (last_ == text) return last_;
    const auto [at, is_new] = names_.try_emplace(text);
    if (is_new) at->second = Name(text);
    return last_ = at->second;
  }

 private:
  std::unordered_map<std::string, Name> names_;
  Name last_;
};

}  // namespace sunder::history

template <>
struct fmt::formatter<sunder::history::Name> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const sunder::history::Name& name, Context& context) const {
    return fmt::formatter<std::string_view>::format(name.text(), context);
  }
};
