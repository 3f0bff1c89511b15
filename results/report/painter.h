#pragma once
// Colours of a terminal, if it wants them.

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "checker/verdict.h"

namespace sunder::results {

enum class Paint { green, amber, red, quiet, strong };

class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}

  std::string operator()(Paint paint, std::string_view text) const {
    if (!colour_) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", code(paint), text);
  }

 private:
  static std::string_view code(Paint paint) {
    switch (paint) {
      case Paint::green:
        return "32";
      case Paint::amber:
        return "33";
      case Paint::red:
        return "31";
      case Paint::quiet:
        return "2";
      case Paint::strong:
        break;
    }
    return "1";
  }

  bool colour_;
};

constexpr Paint paint_of(checker::Validity validity) {
  switch (validity) {
    case checker::Validity::valid:
      return Paint::green;
    case checker::Validity::unknown:
      return Paint::amber;
    case checker::Validity::invalid:
      break;
  }
  return Paint::red;
}

constexpr std::string_view sign_of(checker::Validity validity) {
  switch (validity) {
    case checker::Validity::valid:
      return "✓";
    case checker::Validity::unknown:
      return "?";
    case checker::Validity::invalid:
      break;
  }
  return "✕";
}

}  // namespace sunder::results
