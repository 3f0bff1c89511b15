#include "checker/objects/text_chains.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/linearizability/place.h"
#include "checker/linearizability/zones.h"
#include "checker/objects/token_code.h"

namespace sunder::checker {

namespace {

using history::List;
using history::never;
using history::Operation;
using history::Position;
using history::Value;
using Operations = std::span<const Operation* const>;
using Token = std::uint32_t;
using Node = std::uint32_t;
constexpr std::uint32_t no_node = UINT32_MAX;
/// The text at the start.
constexpr Node start_node = 0;

/// A state of the text that a read shows, or that a write leaves.
struct State {
  Node parent = no_node;
  /// The update that left it; `no_node` of the start.
  Place writer = no_node;
  Node head = start_node;
  Node child = no_node;
};

/// A completed read and the tokens that it shows.
struct TextReading {
  Place place;
  Node node;
  std::vector<Token> tokens;
};

std::string_view text_in(const Value& value) {
  return value.text() == nullptr ? std::string_view() : std::string_view(*value.text());
}

class TextChains {
 public:
  TextChains(Operations operations, const std::string& initial, Budget& budget)
      : operations_(operations), initial_(initial), budget_(budget) {}

  FastAnswer decide(Asked asked) {
    using Kind = FastAnswer::Kind;
    if (!collect_tokens()) return {};
    if (!collect_states()) return {Kind::not_linearizable};
    make_register();
    const auto zones = decide_by_zones(pointers_, Value(std::int64_t{start_node}), budget_, asked);
    FastAnswer answer{zones.kind};
    if (zones.kind == Kind::not_linearizable) blame_chains(zones.conflict);
    for (const auto place : zones.order) answer.order.push_back(places_[place]);
    return answer;
  }

  /// Of a history that is not linearizable: operations to blame, all updates that their reads show
  /// among them.
  std::vector<Place> blamed() const {
    auto places = blamed_;
    for (const auto& reading : readings_) {
      if (std::find(blamed_.begin(), blamed_.end(), reading.place) == blamed_.end()) continue;
      for (const auto token : reading.tokens) {
        if (updates_[token] != no_node) places.push_back(updates_[token]);
      }
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
  }

  /// What the read at that place shows without the tokens of the appends that are not in `kept`.
  std::string cut(Place place, const std::vector<bool>& kept) const {
    const auto reading = std::find_if(readings_.begin(), readings_.end(),
                                      [&](const auto& each) { return each.place == place; });
    if (reading == readings_.end()) return std::string(shown_by(*operations_[place]));
    std::string text;
    for (const auto token : reading->tokens) {
      if (updates_[token] == no_node || kept[updates_[token]]) text += tokens_[token];
    }
    return text;
  }

 private:
  bool collect_tokens();
  bool collect_states();
  bool collect_reading(TextReading& reading);
  Node state_behind(Node parent, Token token);
  void make_register();
  void blame_chains(const std::vector<std::size_t>& conflict);
  void blame_chain(Node head);
  bool blame_within(const std::vector<std::pair<Node, Place>>& members);

  bool is_write(Token token) const {
    return updates_[token] == no_node || operations_[updates_[token]]->f == "write";
  }
  std::string_view shown_by(const Operation& read) const {
    return read.result.is_nil() ? std::string_view(initial_) : text_in(read.result);
  }

  Operations operations_;
  const std::string& initial_;
  Budget& budget_;
  TokenCode code_;
  /// By token: its text, and the update that wrote or appended it; `no_node` for the text at start.
  std::vector<std::string_view> tokens_;
  std::vector<Place> updates_;
  std::vector<State> states_;
  /// By parent and token. And by token the only state that it may have led to.
  std::unordered_map<std::uint64_t, Node> state_behind_;
  std::vector<Node> state_of_;
  std::vector<TextReading> readings_;
  /// The same history as one of a register whose values are the states.
  std::vector<Operation> register_;
  std::vector<const Operation*> pointers_;
  std::vector<Place> places_;
  /// By place: the state that the operation saw or left; `no_node` if no read shows it.
  std::vector<Node> node_of_;
  std::vector<Place> blamed_;
};

/// False if the procedure does not apply.
bool TextChains::collect_tokens() {
  if (!initial_.empty()) {
    tokens_.push_back(initial_);
    updates_.push_back(no_node);
  }
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (is_void(operation) || operation.f == "read") continue;
    budget_.spend();
    if (operation.weakened && operation.returned != never) return false;
    tokens_.push_back(text_in(operation.argument));
    updates_.push_back(place);
  }
  return code_.build(tokens_);
}

/// Fills `states_` and `readings_`. False if a read shows what no order of updates leads to.
bool TextChains::collect_states() {
  states_.emplace_back();
  state_of_.assign(tokens_.size(), no_node);
  node_of_.assign(operations_.size(), no_node);
  for (Token token = 0; token < tokens_.size(); ++token) {
    if (is_write(token)) state_behind(no_node, token);
  }
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    if (operation.f != "read" || !must_happen(operation)) continue;
    const auto shown = shown_by(operation);
    budget_.spend(shown.size() * 4);
    TextReading reading{place, start_node, {}};
    if (!code_.split(shown, reading.tokens)) {
      blamed_ = {place};
      return false;
    }
    readings_.push_back(std::move(reading));
    if (!collect_reading(readings_.back())) return false;
  }
  return true;
}

/// The state behind `parent`, made if it is new.
Node TextChains::state_behind(Node parent, Token token) {
  const auto key = std::uint64_t{parent} << 32 | token;
  const auto [at, is_new] = state_behind_.try_emplace(key, static_cast<Node>(states_.size()));
  if (!is_new) return at->second;
  if (parent == no_node && updates_[token] == no_node) return at->second = start_node;
  const auto node = at->second;
  const auto head = parent == no_node ? node : states_[parent].head;
  states_.push_back({parent, updates_[token], head, no_node});
  if (parent == no_node) {
    state_of_[token] = node;
    node_of_[updates_[token]] = node;
  }
  return node;
}

bool TextChains::collect_reading(TextReading& reading) {
  // Without a text at the start, appends may come first.
  Node node = initial_.empty() ? start_node : no_node;
  for (std::size_t i = 0; i < reading.tokens.size(); ++i) {
    const auto token = reading.tokens[i];
    if (is_write(token) ? i > 0 : node == no_node) {
      blamed_ = {reading.place};
      return false;
    }
    const auto next = state_behind(is_write(token) ? no_node : node, token);
    if (!is_write(token)) {
      const bool is_elsewhere = state_of_[token] != no_node && state_of_[token] != next;
      const bool is_fork = states_[node].child != no_node && states_[node].child != next;
      if (is_elsewhere || is_fork) {
        blamed_ = {reading.place};
        const auto other = is_elsewhere ? state_of_[token] : states_[node].child;
        for (const auto& each : readings_) {
          // An earlier read that shows the other state.
          Node seen = each.node;
          while (seen != no_node && seen != other) seen = states_[seen].parent;
          if (&each == &reading || seen == no_node) continue;
          blamed_.push_back(each.place);
          break;
        }
        return false;
      }
      states_[node].child = next;
      state_of_[token] = next;
      node_of_[updates_[token]] = next;
    }
    node = next;
  }
  if (node == no_node) {
    blamed_ = {reading.place};
    return false;
  }
  reading.node = node;
  node_of_[reading.place] = node;
  return true;
}

void TextChains::make_register() {
  budget_.expect(operations_.size() * 2 * sizeof(Operation));
  register_.reserve(operations_.size());
  auto next_unseen = static_cast<std::int64_t>(states_.size());
  for (Place place = 0; place < operations_.size(); ++place) {
    const auto& operation = *operations_[place];
    const bool is_read = operation.f == "read";
    const auto node = node_of_[place];
    if (is_void(operation) || (node == no_node && !must_happen(operation))) continue;
    if (is_read && !must_happen(operation)) continue;
    auto& made = register_.emplace_back();
    made.f = is_read ? "read" : "write";
    made.outcome = operation.outcome;
    made.weakened = operation.weakened;
    made.invoked = operation.invoked;
    made.returned = operation.returned;
    (is_read ? made.result : made.argument) =
        node == no_node ? Value(next_unseen++) : Value(std::int64_t{node});
    if (!is_read && node != no_node && states_[node].parent != no_node) {
      made.f = "cas";
      made.argument = List{Value(std::int64_t{states_[node].parent}), Value(std::int64_t{node})};
    }
    places_.push_back(place);
  }
  for (const auto& each : register_) pointers_.push_back(&each);
}

/// From each chain of the conflict: the operations that bound its time, and the longest read.
void TextChains::blame_chains(const std::vector<std::size_t>& conflict) {
  std::vector<Node> heads;
  for (const auto at : conflict) {
    const auto place = places_[at];
    if (node_of_[place] == no_node) {
      blamed_.push_back(place);
    } else {
      heads.push_back(states_[node_of_[place]].head);
    }
  }
  std::sort(heads.begin(), heads.end());
  heads.erase(std::unique(heads.begin(), heads.end()), heads.end());
  for (const auto head : heads) blame_chain(head);
}

void TextChains::blame_chain(Node head) {
  std::vector<std::pair<Node, Place>> members;
  for (const auto place : places_) {
    const auto node = node_of_[place];
    if (node != no_node && states_[node].head == head) members.emplace_back(node, place);
  }
  if (states_[head].writer != no_node) blamed_.push_back(states_[head].writer);
  Place first_back = no_node;
  Place last_out = no_node;
  const TextReading* longest = nullptr;
  for (const auto& member : members) {
    const auto place = member.second;
    const auto& each = *operations_[place];
    if (first_back == no_node || each.returned < operations_[first_back]->returned) {
      first_back = place;
    }
    if (last_out == no_node || each.invoked > operations_[last_out]->invoked) last_out = place;
  }
  for (const auto& reading : readings_) {
    if (states_[reading.node].head != head) continue;
    if (longest == nullptr || reading.tokens.size() > longest->tokens.size()) longest = &reading;
  }
  if (longest != nullptr) blamed_.push_back(longest->place);
  if (blame_within(members)) return;
  for (const auto place : {first_back, last_out}) {
    if (place != no_node) blamed_.push_back(place);
  }
}

/// Whether two of the chain's operations contradict each other: one returned before another was
/// invoked that must have been before it.
bool TextChains::blame_within(const std::vector<std::pair<Node, Place>>& members) {
  // By the chain's order: the update that left a state stands before the reads of it.
  std::unordered_map<Node, std::size_t> depths;
  std::vector<std::pair<std::size_t, Place>> order;
  for (const auto& member : members) {
    std::size_t depth = 0;
    std::vector<Node> path;
    for (auto node = member.first; node != no_node; node = states_[node].parent) {
      const auto known = depths.find(node);
      if (known != depths.end()) {
        depth = known->second;
        break;
      }
      path.push_back(node);
    }
    for (auto node = path.rbegin(); node != path.rend(); ++node) depths[*node] = ++depth;
    const bool is_read = operations_[member.second]->f == "read";
    order.emplace_back(2 * depths[member.first] + (is_read ? 1 : 0), member.second);
  }
  std::sort(order.begin(), order.end());
  Place latest = no_node;
  std::size_t latest_rank = 0;
  Place pending = no_node;
  std::size_t pending_rank = 0;
  for (const auto& [rank, place] : order) {
    if (pending != no_node && pending_rank < rank &&
        (latest == no_node || operations_[pending]->invoked > operations_[latest]->invoked)) {
      latest = pending;
      latest_rank = pending_rank;
      pending = no_node;
    }
    if (latest != no_node && latest_rank < rank &&
        operations_[place]->returned < operations_[latest]->invoked) {
      blamed_.push_back(latest);
      blamed_.push_back(place);
      return true;
    }
    if (pending == no_node || pending_rank < rank ||
        operations_[place]->invoked > operations_[pending]->invoked) {
      pending = place;
      pending_rank = rank;
    }
  }
  return false;
}

/// A part of a history that is not linearizable, from which appends are erased as long as the rest
/// is not linearizable either.
class Shrinker {
 public:
  Shrinker(Operations operations, const TextChains& chains, const std::string& initial,
           Budget& budget)
      : operations_(operations),
        chains_(chains),
        initial_(initial),
        budget_(budget),
        places_(chains.blamed()),
        kept_(operations.size(), false) {
    for (const auto place : places_) kept_[place] = true;
  }

  FastAnswer shrink() {
    FastAnswer answer{FastAnswer::Kind::not_linearizable};
    if (is_conflict()) erase_appends();
    std::vector<Operation> rest;
    fill(rest);
    std::size_t at = 0;
    for (const auto place : places_) {
      if (!kept_[place]) continue;
      answer.conflict.push_back(place);
      const auto& operation = *operations_[place];
      answer.cut_results.push_back(rest[at++].result);
      if (operation.f != "read") answer.about.push_back(operation.argument);
    }
    return answer;
  }

 private:
  void fill(std::vector<Operation>& rest) const {
    for (const auto place : places_) {
      if (!kept_[place]) continue;
      rest.push_back(*operations_[place]);
      if (rest.back().f == "read" && is_answered(rest.back())) {
        rest.back().result = chains_.cut(place, kept_);
      }
    }
  }

  bool is_conflict() const {
    std::vector<Operation> rest;
    fill(rest);
    std::vector<const Operation*> pointers;
    for (const auto& each : rest) {
      budget_.spend(heap_bytes_of(each));
      pointers.push_back(&each);
    }
    return TextChains(pointers, initial_, budget_).decide(Asked::verdict).kind ==
           FastAnswer::Kind::not_linearizable;
  }

  /// In ever smaller groups.
  void erase_appends() {
    std::vector<Place> appends;
    for (const auto place : places_) {
      if (operations_[place]->f == "append") appends.push_back(place);
    }
    for (auto size = std::max<std::size_t>(1, appends.size());; size /= 2) {
      for (std::size_t first = 0; first < appends.size(); first += size) {
        const auto end = std::min(first + size, appends.size());
        for (auto i = first; i < end; ++i) kept_[appends[i]] = false;
        if (is_conflict()) continue;
        for (auto i = first; i < end; ++i) kept_[appends[i]] = true;
      }
      std::erase_if(appends, [&](Place place) { return !kept_[place]; });
      if (size == 1) return;
    }
  }

  Operations operations_;
  const TextChains& chains_;
  const std::string& initial_;
  Budget& budget_;
  std::vector<Place> places_;
  std::vector<bool> kept_;
};

}  // namespace

FastAnswer decide_by_text_chains(Operations operations, const std::string& initial, Budget& budget,
                                 Asked asked) {
  TextChains chains(operations, initial, budget);
  auto answer = chains.decide(asked);
  if (answer.kind != FastAnswer::Kind::not_linearizable) return answer;
  return Shrinker(operations, chains, initial, budget).shrink();
}

}  // namespace sunder::checker
