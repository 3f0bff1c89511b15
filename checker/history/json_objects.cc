#include "checker/history/json_objects.h"

#include <fmt/format.h>

#include "checker/history/input_error.h"

namespace sunder::history {

namespace {

class ObjectFinder {
 public:
  ObjectFinder(LineReader& lines, const ObjectSink& sink) : lines_(lines), sink_(sink) {}

  bool read() {
    while (const auto line = lines_.next()) {
      for (std::size_t at = 0; at < line->size(); ++at) take((*line)[at], at);
      if (depth_ > 0) object_ += '\n';
    }
    return depth_ == 0 && arrays_ == 0;
  }

 private:
  void take(char c, std::size_t at) {
    if (depth_ == 0) return between(c, at);
    object_ += c;
    if (in_string_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
      return;
    }
    if (c == '"') in_string_ = true;
    if (c == '{') ++depth_;
    if (c == '}' && --depth_ == 0) pass_on();
  }

  void between(char c, std::size_t at) {
    if (c == '{') {
      depth_ = 1;
      object_ = c;
      line_ = lines_.line_number();
      column_ = static_cast<std::int64_t>(at) + 1;
    } else if (c == '[') {
      ++arrays_;
    } else if (c == ']' && arrays_ > 0) {
      --arrays_;
    } else if (std::string_view(", \t\r").find(c) == std::string_view::npos) {
      throw InputError({lines_.file(), lines_.line_number(), static_cast<std::int64_t>(at) + 1},
                       "expected an operation: {\"process\":0,\"type\":\"invoke\",\"f\":...}");
    }
  }

  void pass_on() {
    object_.reserve(object_.size() + LineReader::padding);
    sink_(object_, line_, column_);
  }

  LineReader& lines_;
  const ObjectSink& sink_;
  std::string object_;
  std::int64_t line_ = 0;
  std::int64_t column_ = 0;
  /// Open braces and brackets: of the object, and around it.
  int depth_ = 0;
  int arrays_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace

bool read_json_objects(LineReader& lines, const ObjectSink& sink) {
  return ObjectFinder(lines, sink).read();
}

}  // namespace sunder::history
