#include "workloads/operations.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::workloads {

namespace {

using Row = std::pair<Kind, std::string_view>;

constexpr std::array kind_names{
    Row{Kind::register_, "register"},
    Row{Kind::versioned_register, "versioned-register"},
    Row{Kind::text, "text"},
    Row{Kind::list, "list"},
    Row{Kind::set, "set"},
    Row{Kind::counter, "counter"},
    Row{Kind::queue, "queue"},
    Row{Kind::lock, "lock"},
    Row{Kind::ids, "ids"},
    Row{Kind::accounts, "accounts"},
    Row{Kind::transaction, "transaction"},
    Row{Kind::list_transaction, "list-transaction"},
    Row{Kind::log, "log"},
};

}  // namespace

std::string_view name_of(Kind kind) {
  return std::find_if(kind_names.begin(), kind_names.end(),
                      [kind](const Row& row) { return row.first == kind; })
      ->second;
}

Kind kind_named(std::string_view name) {
  std::vector<std::string_view> known;
  for (const auto& [kind, its_name] : kind_names) {
    if (its_name == name) return kind;
    known.push_back(its_name);
  }
  throw std::invalid_argument(
      fmt::format("unknown kind of object '{}'; there are: {}", name, fmt::join(known, ", ")));
}

bool Operations::has(Kind kind, const std::string& f) const {
  const auto found = by_kind_.find(kind);
  return found != by_kind_.end() && found->second.contains(f);
}

std::string Operations::missing_for(const Operations& needed) const {
  Operations missing;
  for (const auto& [kind, functions] : needed.by_kind_) {
    for (const auto& f : functions) {
      if (!has(kind, f)) missing.add(kind, f);
    }
  }
  return missing.text();
}

std::string Operations::text() const {
  std::vector<std::string> kinds;
  for (const auto& [kind, functions] : by_kind_) {
    kinds.push_back(fmt::format("{} ({})", name_of(kind), fmt::join(functions, ", ")));
  }
  return fmt::format("{}", fmt::join(kinds, ", "));
}

}  // namespace sunder::workloads
