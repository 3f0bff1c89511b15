#include "checker/history/event.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "checker/invariant.h"

namespace sunder::history {

namespace {

bool is_word_for_empty(std::string_view text) {
  constexpr std::array words{"empty", "queue-empty", "queue empty", "queue is empty", "exhausted"};
  const auto is_same = [text](std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char left, char right) {
                        return std::tolower(static_cast<unsigned char>(left)) == right;
                      });
  };
  return std::any_of(words.begin(), words.end(), is_same);
}

/// Operations that require something of what they meet.
bool has_condition(std::string_view f) {
  constexpr std::array conditional{"cas", "dequeue", "acquire", "release", "transfer", "remove"};
  return std::find(conditional.begin(), conditional.end(), f) != conditional.end();
}

/// The words of sunder's drivers for what was not so.
bool is_word_for_refusal(std::string_view error) {
  constexpr std::array words{"mismatch", "held", "not held", "insufficient"};
  return std::find(words.begin(), words.end(), error) != words.end();
}

}  // namespace

bool is_refused(std::string_view f, std::string_view error) {
  if (!has_condition(f)) return false;
  return error.empty() || is_word_for_refusal(error) || is_word_for_empty(error);
}

bool is_refused(const Event& completion) {
  if (completion.type != EventType::fail) return false;
  if (completion.answer && completion.answer->found) return true;
  return is_refused(completion.f, completion.error);
}

std::optional<Answer> answer_of(const Event& completion) {
  auto answer = completion.answer;
  if (completion.type != EventType::fail || completion.f != "dequeue") return answer;
  const auto* value = completion.value.text();
  if (!is_word_for_empty(completion.error) && (value == nullptr || !is_word_for_empty(*value))) {
    return answer;
  }
  if (!answer) answer.emplace();
  if (!answer->found) answer->found.emplace();
  return answer;
}

std::string_view name_of(EventType type) {
  switch (type) {
    case EventType::invoke:
      return "invoke";
    case EventType::ok:
      return "ok";
    case EventType::fail:
      return "fail";
    case EventType::info:
      return "info";
  }
  CHECK(false, "event type {}", static_cast<int>(type));
}

std::optional<std::uint64_t> command_digest(std::string_view text) {
  std::uint64_t digest = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, digest, 16);
  if (text.size() != 16 || error != std::errc{} || rest != end) return std::nullopt;
  return digest;
}

std::optional<EventType> event_type_named(std::string_view name) {
  if (name == "invoke") return EventType::invoke;
  if (name == "ok") return EventType::ok;
  if (name == "fail") return EventType::fail;
  if (name == "info") return EventType::info;
  return std::nullopt;
}

}  // namespace sunder::history
