#include "checker/history/name.h"

#include <mutex>
#include <unordered_set>

namespace sunder::history {

namespace {

struct HashOfText {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

}  // namespace

const std::string& Name::empty_text() {
  static const std::string empty;
  return empty;
}

const std::string& Name::kept(std::string_view text) {
  static std::mutex mutex;
  static std::unordered_set<std::string, HashOfText, std::equal_to<>> texts;
  const std::lock_guard lock(mutex);
  const auto found = texts.find(text);
  return found != texts.end() ? *found : *texts.emplace(text).first;
}

}  // namespace sunder::history
