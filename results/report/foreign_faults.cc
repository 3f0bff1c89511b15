#include "results/report/foreign_faults.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "checker/history/brief.h"

namespace sunder::results {

using history::Event;
using history::Time;

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Names that begin and end something, as nemeses of Jepsen's tests have them. Of the first two the
/// file decides: the one that it has first begins.
constexpr std::array ends_by_name = {Pair{"start", "stop"},
                                     Pair{"stop", "start"},
                                     Pair{"kill", "start"},
                                     Pair{"kill", "restart"},
                                     Pair{"crash", "start"},
                                     Pair{"crash", "restart"},
                                     Pair{"crash", "recover"},
                                     Pair{"pause", "resume"},
                                     Pair{"partition", "heal"},
                                     Pair{"isolate", "heal"},
                                     Pair{"bump-clock", "reset-clock"},
                                     Pair{"strobe-clock", "reset-clock"},
                                     Pair{"bump", "reset"},
                                     Pair{"strobe", "reset"},
                                     Pair{"skew", "reset"},
                                     Pair{"slow", "fast"},
                                     Pair{"flaky", "fast"},
                                     Pair{"break", "repair"}};

/// "start-partition" and "partition-start" end by "stop-partition" and "partition-stop".
constexpr std::array ends_by_word = {Pair{"start", "stop"},     Pair{"begin", "end"},
                                     Pair{"inject", "heal"},    Pair{"inject", "recover"},
                                     Pair{"enable", "disable"}, Pair{"break", "repair"}};

/// "heal-kill" ends "kill".
constexpr std::array<std::string_view, 4> ending_words = {"heal", "stop", "end", "recover"};

/// What the name says beside `word` and a hyphen in front of it or behind it; empty if that is not
/// its form.
struct Rest {
  std::string_view behind, before;
};
Rest rest_of(std::string_view name, std::string_view word) {
  Rest rest;
  if (name.size() <= word.size() + 1) return rest;
  const auto is_hyphen = [](char c) { return c == '-' || c == '_'; };
  if (name.starts_with(word) && is_hyphen(name[word.size()])) {
    rest.behind = name.substr(word.size() + 1);
  }
  const auto length = name.size() - word.size() - 1;
  if (name.ends_with(word) && is_hyphen(name[length])) rest.before = name.substr(0, length);
  return rest;
}

bool ends(std::string_view begin, std::string_view end) {
  for (const auto& [first, last] : ends_by_name) {
    if (first == begin && last == end) return true;
  }
  for (const auto& [first, last] : ends_by_word) {
    const auto [begun_behind, begun_before] = rest_of(begin, first);
    const auto [ended_behind, ended_before] = rest_of(end, last);
    if (!begun_behind.empty() && begun_behind == ended_behind) return true;
    if (!begun_before.empty() && begun_before == ended_before) return true;
  }
  return std::any_of(ending_words.begin(), ending_words.end(),
                     [&](auto word) { return rest_of(end, word).behind == begin; });
}

/// Its name says that something begins, whether or not the file has its end.
bool is_beginning(std::string_view name) {
  if (name == "start" || name == "begin") return true;
  return std::any_of(ends_by_word.begin(), ends_by_word.end(), [&](const Pair& pair) {
    const auto [behind, before] = rest_of(name, pair.first);
    return !behind.empty() || !before.empty();
  });
}

struct Action {
  std::string_view name;
  Time from{0};
  Time until{0};
  std::vector<const Event*> events;
};

/// Whether each event stands beside a second one of its name. The end of the file may have cut the
/// last pair.
bool come_in_pairs(std::span<const Event> events) {
  std::size_t pairs = 0;
  for (std::size_t begin = 0; begin < events.size();) {
    std::size_t end = begin;
    while (end < events.size() && events[end].f == events[begin].f) ++end;
    const auto length = end - begin;
    if (length % 2 != 0 && end < events.size()) return false;
    pairs += length / 2;
    begin = end;
  }
  return pairs > 0;
}

std::vector<Action> actions_of(std::span<const Event> events) {
  const std::size_t step = come_in_pairs(events) ? 2 : 1;
  std::vector<Action> actions;
  for (std::size_t i = 0; i < events.size(); i += step) {
    Action action{events[i].f, events[i].time, events[i].time, {}};
    for (std::size_t each = i; each < std::min(i + step, events.size()); ++each) {
      action.events.push_back(&events[each]);
      action.until = std::max(action.until, events[each].time);
    }
    actions.push_back(std::move(action));
  }
  return actions;
}

/// What the names of a file mean, from those that it has.
class Meanings {
 public:
  explicit Meanings(std::span<const Action> actions) {
    for (const auto& [name, from, until, events] : actions) {
      const bool is_new = std::find(names_.begin(), names_.end(), name) == names_.end();
      if (is_new && names_.size() < most_foreign_names) names_.push_back(name);
    }
    for (const auto begin : names_) {
      for (const auto end : names_) {
        if (begin == end || !ends(begin, end) || endings_.contains(end)) continue;
        endings_[begin].push_back(end);
        enders_[end].push_back(begin);
      }
    }
  }

  bool is_known(std::string_view name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }
  bool begins(std::string_view name) const {
    return endings_.contains(name) || (is_beginning(name) && !enders_.contains(name));
  }
  /// The names that it ends.
  std::vector<std::string_view> ended_by(std::string_view name) const {
    const auto found = enders_.find(name);
    return found == enders_.end() ? std::vector<std::string_view>{} : found->second;
  }

 private:
  /// By their first use.
  std::vector<std::string_view> names_;
  std::map<std::string_view, std::vector<std::string_view>> endings_, enders_;
};

class WindowList {
 public:
  explicit WindowList(std::span<const Action> actions) : meanings_(actions) {}

  void add(const Action& action) {
    if (!meanings_.is_known(action.name)) return leave_out(action);
    bool has_ended_any = false;
    for (const auto name : meanings_.ended_by(action.name)) {
      const auto open = open_.find(name);
      if (open == open_.end()) continue;
      faults_.windows[open->second].until = action.until;
      say(faults_.windows[open->second], action);
      open_.erase(open);
      has_ended_any = true;
    }
    if (has_ended_any) return;
    const bool begins = meanings_.begins(action.name);
    const auto open = open_.find(action.name);
    if (begins && open != open_.end()) return say(faults_.windows[open->second], action);
    if (faults_.windows.size() == most_foreign_windows) return leave_out(action);
    if (begins) open_[action.name] = faults_.windows.size();
    FaultWindow window;
    window.kind = action.name;
    window.is_fault = begins;
    window.from = action.from;
    if (!begins) window.until = action.until;
    say(window, action);
    faults_.windows.push_back(std::move(window));
  }

  ForeignFaults finish() { return std::move(faults_); }

 private:
  void leave_out(const Action& action) { faults_.events_left_out += action.events.size(); }

  /// The values of the action's events, with its name where it is not the window's own.
  static void say(FaultWindow& window, const Action& action) {
    constexpr std::size_t most_values = 6;
    for (const auto* event : action.events) {
      if (event->value.is_nil() || window.said.size() > most_values) continue;
      if (window.said.size() == most_values) {
        window.said.emplace_back("…");
        continue;
      }
      const auto* text = event->value.text();
      auto value = text != nullptr ? std::string(history::printable_line(*text))
                                   : history::brief(event->value);
      constexpr std::size_t longest = 200;
      if (value.size() > longest) value = history::brief(event->value);
      if (action.name != window.kind) value = fmt::format("{}: {}", action.name, value);
      window.said.push_back(std::move(value));
    }
  }

  Meanings meanings_;
  ForeignFaults faults_;
  /// The window that is open, by name.
  std::map<std::string_view, std::size_t> open_;
};

}  // namespace

ForeignFaults foreign_faults(std::span<const Event> events) {
  const auto actions = actions_of(events);
  WindowList windows(actions);
  for (const auto& action : actions) windows.add(action);
  return windows.finish();
}

}  // namespace sunder::results
