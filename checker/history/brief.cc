#include "checker/history/brief.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace sunder::history {

namespace {

constexpr std::size_t most_characters = 70;
/// Of one element of a list that is cut.
constexpr std::size_t most_of_element = 24;
constexpr std::size_t few = 8;

/// Moves to the beginning of a character of UTF-8.
std::size_t character_at(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (text[at] & 0xC0) == 0x80) --at;
  return at;
}

std::string brief_string(std::string_view text, std::size_t most, std::size_t center) {
  std::string whole;
  if (text.size() <= most) {
    append_json_string(whole, text);
    return whole;
  }
  const auto from =
      character_at(text, center > most / 2 ? std::min(center - most / 2, text.size() - most) : 0);
  const auto until = character_at(text, from + most);
  append_json_string(whole, text.substr(from, until - from));
  const auto before = from > 0 ? fmt::format("({} bytes) … ", from) : std::string();
  const auto after =
      until < text.size() ? fmt::format(" … ({} bytes)", text.size() - until) : std::string();
  return before + whole + after;
}

std::string brief_json(const Value& value, std::size_t most) {
  if (const auto* text = value.text()) return brief_string(*text, most, 0);
  auto json = to_json(value);
  if (json.size() <= most) return json;
  const auto shown = character_at(json, most);
  return fmt::format("{} … ({} bytes)", std::string_view(json).substr(0, shown),
                     json.size() - shown);
}

using Places = std::unordered_map<Value, std::size_t, ValueHash>;

/// Where an element that is missing would stand.
std::size_t gap_for(const Value& missing, const Value* written_before, const List& list,
                    const Places& places) {
  if (written_before != nullptr) {
    const auto found = places.find(*written_before);
    if (found != places.end()) return found->second + 1;
  }
  const auto* wanted = missing.integer();
  const auto greater = std::find_if(list.begin(), list.end(), [wanted](const Value& each) {
    return wanted != nullptr && each.integer() != nullptr && *each.integer() > *wanted;
  });
  return greater == list.end() ? 0 : static_cast<std::size_t>(greater - list.begin());
}

std::size_t center_of(const List& list, std::span<const Value* const> focus) {
  Places places;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto [first, is_new] = places.try_emplace(list[i], i);
    if (!is_new && focus.empty()) return i;  // twice in the list
  }
  for (std::size_t i = 0; i < focus.size(); ++i) {
    if (places.contains(*focus[i])) continue;
    return gap_for(*focus[i], i > 0 ? focus[i - 1] : nullptr, list, places);
  }
  if (focus.empty()) return 0;
  if (focus.size() < few) return places.at(*focus.back());
  const auto common = std::min(list.size(), focus.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (!(list[i] == *focus[i])) return i;
  }
  return common;
}

std::string brief_list(const List& list, std::span<const Value* const> focus) {
  const auto center = std::min(center_of(list, focus), list.size() - 1);
  std::size_t from = center;
  std::size_t until = center;
  std::string before;
  std::string after;
  while (before.size() + after.size() < most_characters && (from > 0 || until < list.size())) {
    if (until < list.size()) {
      after += (after.empty() ? "" : ",") + brief_json(list[until++], most_of_element);
    }
    if (from > 0) before.insert(0, brief_json(list[--from], most_of_element) + ",");
  }
  return fmt::format("[{}{}{}{}]", from > 0 ? fmt::format("… {} more, ", from) : "", before, after,
                     until < list.size() ? fmt::format(", … {} more", list.size() - until) : "");
}

/// Where one of the values begins in the text; else where the values in their order end.
std::size_t place_in(std::string_view text, std::span<const Value* const> focus) {
  std::size_t end = 0;
  for (const auto* each : focus) {
    if (each->text() == nullptr || each->text()->empty()) continue;
    const auto at = text.find(*each->text(), end);
    if (at == std::string_view::npos) return end;
    end = at + each->text()->size();
  }
  return end;
}

/// The length of the control character of UTF-8, or of the byte that is none, at the place; 0 for
/// any other character.
std::size_t control_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (is_control(text[at])) return 1;
  const bool is_c1 = byte == 0xC2 && at + 1 < text.size() &&
                     static_cast<unsigned char>(text[at + 1]) >= 0x80 &&
                     static_cast<unsigned char>(text[at + 1]) < 0xA0;
  return is_c1 ? 2 : 0;
}

std::size_t length_of_character(unsigned char byte) {
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte < 0xE0) return 2;
  if (byte >= 0xE0 && byte < 0xF0) return 3;
  return byte >= 0xF0 && byte < 0xF5 ? 4 : 0;
}

bool is_whole(std::string_view text, std::size_t at, std::size_t length) {
  if (length == 0 || at + length > text.size()) return false;
  for (std::size_t i = 1; i < length; ++i) {
    if ((text[at + i] & 0xC0) != 0x80) return false;
  }
  return true;
}

std::string without_controls(std::string_view text, std::string_view kept) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto length = length_of_character(byte);
    if (kept.find(text[at]) != std::string_view::npos) {
      out += text[at++];
    } else if (const auto control = control_at(text, at); control > 0) {
      const auto last = static_cast<unsigned char>(text[at + control - 1]);
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(last));
      at += control;
    } else if (is_whole(text, at, length)) {
      out += text.substr(at, length);
      at += length;
    } else {
      out += "\uFFFD";
      ++at;
    }
  }
  return out;
}

}  // namespace

std::string brief(const Value& value, std::span<const Value* const> focus) {
  std::string shown;
  if (const auto* text = value.text()) {
    const bool is_short = text->size() <= most_characters;
    shown = brief_string(*text, most_characters, is_short ? 0 : place_in(*text, focus));
  } else if (const auto* list = value.list(); list != nullptr && !list->empty()) {
    const bool is_long = list->size() > most_characters || to_json(value).size() > most_characters;
    shown = is_long ? brief_list(*list, focus) : to_json(value);
  } else {
    shown = brief_json(value, most_characters);
  }
  return printable_line(shown);
}

std::string brief_text(std::string_view text) {
  return printable_line(brief_string(text, most_characters, 0));
}

std::string printable(std::string_view text) {
  return without_controls(text, "\n\t");
}

std::string printable_line(std::string_view text) {
  return without_controls(text, "");
}

}  // namespace sunder::history
