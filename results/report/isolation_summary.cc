#include "results/report/isolation_summary.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/brief.h"
#include "results/report/format.h"

namespace sunder::results {

using checker::isolation::Account;
using checker::isolation::Level;
using checker::isolation::LevelFinding;
using checker::isolation::Model;
using checker::isolation::Order;
using checker::isolation::ShownAnomaly;
using checker::isolation::ShownEdge;
using checker::isolation::ShownTransaction;
using history::printable_line;

namespace {

/// The words of `text` in lines of at most that many columns. A longer word has a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find(' ', from), text.size());
    const auto word = text.substr(from, end - from);
    auto& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (columns_of(line) + 1 + columns_of(word) <= columns) {
      line += fmt::format(" {}", word);
    } else {
      lines.emplace_back(word);
    }
    from = end + 1;
  }
  return lines;
}

/// `text` behind `first`, its further lines behind `others`; both are equally wide.
void add_wrapped(std::string& out, std::string_view first, std::string_view others,
                 const std::string& text, std::size_t columns) {
  constexpr std::size_t narrowest = 20;
  const auto room =
      columns > columns_of(first) + narrowest ? columns - columns_of(first) : narrowest;
  bool is_first = true;
  for (const auto& line : wrapped(printable_line(text), room)) {
    out += fmt::format("{}{}\n", is_first ? first : others, line);
    is_first = false;
  }
}

std::string text_of(const ShownTransaction& transaction) {
  auto text = fmt::format("{}", fmt::join(transaction.steps, ", "));
  if (transaction.process != history::ProcessId::nemesis) {
    text = fmt::format("client {}: {}", static_cast<std::int64_t>(transaction.process), text);
  }
  if (transaction.steps_left_out > 0) {
    text += fmt::format("{}… {} more", transaction.steps.empty() ? "" : ", ",
                        transaction.steps_left_out);
  }
  if (transaction.outcome == history::Outcome::info) text += "; no answer";
  if (transaction.outcome == history::Outcome::fail) text += "; aborted";
  return text;
}

/// As the sentences have it, in quotes only if it is long.
std::string text_of_key(const std::string& key) {
  constexpr std::size_t short_key = 40;
  return key.size() <= short_key ? printable_line(key) : history::brief_text(key);
}

std::string label_of(const ShownEdge& edge) {
  return edge.key.empty() ? std::string(name_of(edge.kind))
                          : fmt::format("{} on {}", name_of(edge.kind), text_of_key(edge.key));
}

///   ╭─▶ T692  client 3: append 34 1
///   │     │ realtime: T692 had returned (line 1395) before T701 was invoked (line 1397)
///   │     ▼
///   │   T701  client 5: r 34 → []
///   │     │ rw on 34: T701's read of [] did not see T692's append of 1
///   ╰─────╯
void draw_cycle(std::string& out, const ShownAnomaly& anomaly, std::size_t columns) {
  std::size_t names = 0;
  for (const auto& each : anomaly.transactions) names = std::max(names, columns_of(each.name));
  for (std::size_t i = 0; i < anomaly.cycle.size(); ++i) {
    const auto& edge = anomaly.cycle[i];
    const auto& from = anomaly.transactions[edge.from];
    const auto name = padded(from.name, names);
    const std::string beside = fmt::format("  │     {}", std::string(names, ' '));
    add_wrapped(out, fmt::format("  {} {}  ", i == 0 ? "╭─▶" : "│  ", name), beside + "  ",
                text_of(from), columns);
    add_wrapped(
        out, "  │     │ ", "  │     │ ",
        edge.reason.empty() ? label_of(edge) : fmt::format("{}: {}", label_of(edge), edge.reason),
        columns);
    out += i + 1 < anomaly.cycle.size() ? "  │     ▼\n" : "  ╰─────╯\n";
  }
}

void list_transactions(std::string& out, const ShownAnomaly& anomaly, std::size_t columns) {
  std::size_t names = 0;
  for (const auto& each : anomaly.transactions) names = std::max(names, columns_of(each.name));
  for (const auto& each : anomaly.transactions) {
    add_wrapped(out, fmt::format("  {}  ", padded(each.name, names)), std::string(names + 4, ' '),
                text_of(each), columns);
  }
}

std::string names_of(const std::vector<Level>& levels) {
  std::vector<std::string> names;
  for (const Level level : levels) names.push_back(name_of(level));
  return fmt::format("{}", fmt::join(names, ", "));
}

void draw(std::string& out, const ShownAnomaly& anomaly, const Painter& paint,
          std::size_t columns) {
  const auto title =
      fmt::format("{} rules out {} and what implies {}", printable_line(anomaly.name),
                  names_of(anomaly.rules_out), anomaly.rules_out.size() == 1 ? "it" : "them");
  for (const auto& line : wrapped(title, columns > 2 ? columns - 2 : columns)) {
    out += fmt::format("  {}\n", paint(Paint::red, line));
  }
  if (anomaly.cycle.empty()) {
    list_transactions(out, anomaly, columns);
  } else {
    draw_cycle(out, anomaly, columns);
  }
  out += '\n';
}

/// The weakest levels that the anomalies of that name rule out.
std::vector<Level> ruled_out_by(std::string_view name, const Account& account) {
  std::vector<Level> all;
  for (const auto& each : account.anomalies) {
    if (each.name == name) all.insert(all.end(), each.rules_out.begin(), each.rules_out.end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::vector<Level> weakest;
  std::copy_if(all.begin(), all.end(), std::back_inserter(weakest), [&](Level level) {
    return std::none_of(all.begin(), all.end(), [&](Level other) {
      return other != level && checker::isolation::implies(level, other);
    });
  });
  return weakest;
}

/// "lost-update: 12 (key x 7, key y 5); rules out cursor-stability", the anomalies in the account's
/// order.
void count_anomalies(std::string& out, const Account& account, std::size_t columns) {
  constexpr std::size_t most_keys = 6;
  std::set<std::string_view> seen;
  for (const auto& anomaly : account.anomalies) {
    if (!seen.insert(anomaly.name).second) continue;
    std::vector<std::pair<std::size_t, std::string>> keys;
    std::size_t total = 0;
    for (const auto& each : account.counts) {
      if (each.anomaly != anomaly.name) continue;
      total += each.count;
      if (!each.key.empty()) keys.emplace_back(each.count, each.key);
    }
    std::stable_sort(keys.begin(), keys.end(),
                     [](const auto& left, const auto& right) { return left.first > right.first; });
    std::vector<std::string> texts;
    for (const auto& [count, key] : keys) {
      if (texts.size() == most_keys) {
        const auto more = keys.size() - most_keys;
        texts.push_back(fmt::format("{} more key{}", more, more == 1 ? "" : "s"));
        break;
      }
      texts.push_back(fmt::format("key {} {}", text_of_key(key), format_count(count)));
    }
    const auto where = texts.empty() ? "" : fmt::format(" ({})", fmt::join(texts, ", "));
    add_wrapped(out, "  ", "    ",
                fmt::format("{}: {}{}; rules out {}", anomaly.name,
                            format_count(std::max<std::size_t>(total, 1)), where,
                            names_of(ruled_out_by(anomaly.name, account))),
                columns);
  }
}

std::string_view level_sign(checker::isolation::Finding finding) {
  switch (finding) {
    case checker::isolation::Finding::proved:
      return "✓";
    case checker::isolation::Finding::not_ruled_out:
      return "?";
    case checker::isolation::Finding::ruled_out:
      break;
  }
  return "✕";
}

Paint level_paint(checker::isolation::Finding finding) {
  switch (finding) {
    case checker::isolation::Finding::proved:
      return Paint::green;
    case checker::isolation::Finding::not_ruled_out:
      return Paint::amber;
    case checker::isolation::Finding::ruled_out:
      break;
  }
  return Paint::red;
}

constexpr std::array orders{Order::values, Order::session, Order::real_time};

/// A row a model, the strongest first; a column an order. A claimed level is in brackets.
void table_of_levels(std::string& out, const Account& account, const Painter& paint,
                     std::size_t columns) {
  constexpr std::size_t models_wide = 21;  // "monotonic-atomic-view"
  constexpr std::size_t cell_wide = 18;    // "[? not ruled out]"
  const bool has_words = columns >= 2 + models_wide + 2 + orders.size() * cell_wide - 1;
  const auto wide = has_words ? cell_wide : std::size_t{8};
  out += paint(Paint::quiet, fmt::format("  {:{}}  {:{}}{:{}}{}", "", models_wide, "alone", wide,
                                         has_words ? "strong-session" : "session", wide,
                                         has_words ? "strong (strict)" : "strong"));
  out += '\n';
  std::map<Model, std::map<Order, const LevelFinding*>> rows;
  for (const auto& each : account.levels) rows[each.level.model][each.level.order] = &each;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    std::string line =
        fmt::format("  {:{}}  ", name_of(Level{row->first, Order::values}), models_wide);
    for (const auto order : orders) {
      const auto found = row->second.find(order);
      if (found == row->second.end()) {
        line += std::string(wide, ' ');
        continue;
      }
      const auto& finding = *found->second;
      auto text = has_words
                      ? fmt::format("{} {}", level_sign(finding.finding), name_of(finding.finding))
                      : std::string(level_sign(finding.finding));
      if (finding.level == account.claimed) text = fmt::format("[{}]", text);
      line += paint(level_paint(finding.finding), text);
      line += std::string(wide - std::min(wide, columns_of(text)), ' ');
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
}

std::string strongest(const Account& account) {
  if (account.strongest.empty()) return "no level stands";
  std::vector<std::string> texts;
  auto levels = account.strongest;
  std::sort(levels.rbegin(), levels.rend());
  for (const Level level : levels) {
    const auto* finding = finding_on(level, account);
    texts.push_back(finding == nullptr
                        ? name_of(level)
                        : fmt::format("{} ({})", name_of(level), name_of(finding->finding)));
  }
  return fmt::format("strongest level{} that stand{}: {}", texts.size() == 1 ? "" : "s",
                     texts.size() == 1 ? "s" : "", fmt::join(texts, ", "));
}

/// Why not more is known, each reason once.
void open_questions(std::string& out, const Account& account, std::size_t columns) {
  constexpr std::size_t most_levels = 8;
  std::vector<std::pair<std::string, std::vector<Level>>> open;
  for (const auto& each : account.levels) {
    if (each.finding != checker::isolation::Finding::not_ruled_out || each.open.empty()) continue;
    const auto known = std::find_if(open.begin(), open.end(),
                                    [&](const auto& other) { return other.first == each.open; });
    auto& levels = known == open.end() ? open.emplace_back(each.open, std::vector<Level>{}).second
                                       : known->second;
    levels.push_back(each.level);
  }
  for (const auto& [reason, levels] : open) {
    const auto which = levels.size() == account.levels.size() ? "every level"
                       : levels.size() > most_levels ? fmt::format("{} levels", levels.size())
                                                     : names_of(levels);
    add_wrapped(out, "  ? ", "    ", fmt::format("{}: {}", which, reason), columns);
  }
}

bool all_are_proved(const Account& account) {
  return std::all_of(account.levels.begin(), account.levels.end(), [](const auto& each) {
    return each.finding == checker::isolation::Finding::proved;
  });
}

}  // namespace

std::string isolation_summary(const Account& account, const Painter& paint, std::size_t columns) {
  std::string out;
  const auto* claimed = finding_on(account.claimed, account);
  if (claimed != nullptr && claimed->finding == checker::isolation::Finding::ruled_out) {
    draw(out, account.anomalies.at(claimed->anomaly), paint, columns);
  }
  count_anomalies(out, account, columns);
  if (!account.anomalies.empty()) out += '\n';
  add_wrapped(out, "  ", "    ",
              all_are_proved(account) ? "every level is proved" : strongest(account), columns);
  if (all_are_proved(account)) return out;
  table_of_levels(out, account, paint, columns);
  open_questions(out, account, columns);
  return out;
}

}  // namespace sunder::results
