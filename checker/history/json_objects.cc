#include "checker/history/json_objects.h"

#include <array>

#include <fmt/format.h>

#include "checker/history/input_error.h"

namespace sunder::history {

namespace {

/// The characters by which objects and strings begin and end.
constexpr auto means_something = [] {
  std::array<bool, 256> table{};
  for (const unsigned char c : {'"', '\\', '{', '}'}) table[c] = true;
  return table;
}();

class ObjectFinder {
 public:
  ObjectFinder(LineReader& lines, const ObjectSink& sink) : lines_(lines), sink_(sink) {}

  bool read() {
    while (const auto line = lines_.next()) {
      std::size_t at = 0;
      while (at < line->size()) at = depth_ == 0 ? between(*line, at) : within(*line, at);
      if (depth_ > 0) object_ += '\n';
    }
    return depth_ == 0 && arrays_ == 0;
  }

 private:
  /// Takes the object's part of the line from `begin` on. Returns where the rest begins.
  std::size_t within(std::string_view line, std::size_t begin) {
    const auto end = end_of_object(line, begin);
    const auto part = line.substr(begin, end - begin);
    if (depth_ > 0) {
      object_ += part;
    } else if (object_.empty()) {
      sink_(part, line_, column_);  // what follows the line may be read
    } else {
      object_ += part;
      object_.reserve(object_.size() + LineReader::padding);
      sink_(object_, line_, column_);
      object_.clear();
    }
    return end;
  }

  /// Behind the brace that closes the object, or the end of the line.
  std::size_t end_of_object(std::string_view line, std::size_t at) {
    for (; at < line.size(); ++at) {
      const char c = line[at];
      if (!means_something[static_cast<unsigned char>(c)]) continue;
      if (in_string_) {
        if (c == '\\') ++at;  // no string goes on behind the line's end
        if (c == '"') in_string_ = false;
      } else if (c == '"') {
        in_string_ = true;
      } else if (c == '{') {
        ++depth_;
      } else if (c == '}' && --depth_ == 0) {
        return at + 1;
      }
    }
    return line.size();
  }

  /// Takes a character between objects. Returns where the rest begins.
  std::size_t between(std::string_view line, std::size_t at) {
    const char c = line[at];
    if (c == '{') {
      line_ = lines_.line_number();
      column_ = static_cast<std::int64_t>(at) + 1;
      return within(line, at);
    }
    if (c == '[') {
      ++arrays_;
    } else if (c == ']' && arrays_ > 0) {
      --arrays_;
    } else if (std::string_view(", \t\r").find(c) == std::string_view::npos) {
      throw InputError({lines_.file(), lines_.line_number(), static_cast<std::int64_t>(at) + 1},
                       "expected an operation: {\"process\":0,\"type\":\"invoke\",\"f\":...}");
    }
    return at + 1;
  }

  LineReader& lines_;
  const ObjectSink& sink_;
  /// The parts of an object on the lines before.
  std::string object_;
  std::int64_t line_ = 0;
  std::int64_t column_ = 0;
  /// Open braces and brackets: of the object, and around it.
  int depth_ = 0;
  int arrays_ = 0;
  bool in_string_ = false;
};

}  // namespace

bool read_json_objects(LineReader& lines, const ObjectSink& sink) {
  return ObjectFinder(lines, sink).read();
}

}  // namespace sunder::history
