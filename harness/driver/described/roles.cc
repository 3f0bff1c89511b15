#include "harness/driver/described/roles.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

namespace sunder::harness::described {

namespace asio = boost::asio;

namespace {

std::optional<NodeStatus::Role> role_named(std::string_view name) {
  if (name == "leader") return NodeStatus::Role::leader;
  if (name == "follower") return NodeStatus::Role::follower;
  if (name == "candidate") return NodeStatus::Role::candidate;
  return std::nullopt;
}

std::optional<std::uint64_t> term_in(std::string_view text) {
  std::uint64_t term = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), term);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return term;
}

/// A text or a number as text; empty if it is nothing of that.
std::string text_at(const nlohmann::json& json, const std::string& pointer) {
  const auto place = nlohmann::json::json_pointer(pointer);
  if (!json.contains(place)) return {};
  const auto& value = json.at(place);
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_integer() || value.is_boolean() ? value.dump() : std::string();
}

class RoleReader final : public StatusReader {
 public:
  RoleReader(std::unique_ptr<StatusReader> ready,
             std::function<asio::awaitable<std::optional<NodeStatus>>(Deadline)> role,
             std::chrono::nanoseconds patience, std::chrono::nanoseconds pause)
      : ready_(std::move(ready)), role_(std::move(role)), patience_(patience), pause_(pause) {}

  asio::awaitable<std::optional<NodeStatus>> ask(Deadline until) override {
    if (!is_ready_) is_ready_ = (co_await ready_->ask(until)).has_value();
    if (!is_ready_) co_return std::nullopt;
    if (std::chrono::steady_clock::now() < next_question_) co_return last_;
    last_ = co_await role_(until);
    next_question_ = std::chrono::steady_clock::now() + pause_;
    co_return last_;
  }

  std::chrono::nanoseconds patience() const override {
    return is_ready_ ? patience_ : ready_->patience();
  }

 private:
  std::unique_ptr<StatusReader> ready_;
  std::function<asio::awaitable<std::optional<NodeStatus>>(Deadline)> role_;
  std::chrono::nanoseconds patience_;
  std::chrono::nanoseconds pause_;
  bool is_ready_ = false;
  std::optional<NodeStatus> last_;
  Deadline next_question_;
};

}  // namespace

std::optional<NodeStatus> status_in_words(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  const auto line = text.rfind('\n');
  std::istringstream words{
      std::string(line == std::string_view::npos ? text : text.substr(line + 1))};
  std::string name;
  std::string number;
  std::string more;
  words >> name >> number >> more;
  const auto role = role_named(name);
  const auto term = number.empty() ? std::optional<std::uint64_t>(0) : term_in(number);
  if (!role || !term || !more.empty()) return std::nullopt;
  return NodeStatus{*role, *term};
}

std::optional<NodeStatus> status_in_json(const std::string& json, const Roles& roles,
                                         const std::vector<std::string>& leader) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (parsed.is_discarded()) return std::nullopt;
  const auto role = text_at(parsed, roles.role);
  const auto term =
      roles.term.empty() ? std::optional<std::uint64_t>(0) : term_in(text_at(parsed, roles.term));
  if (role.empty() || !term) return std::nullopt;
  const bool leads = std::find(leader.begin(), leader.end(), role) != leader.end();
  return NodeStatus{leads ? NodeStatus::Role::leader : NodeStatus::Role::follower, *term};
}

std::unique_ptr<StatusReader> make_role_reader(
    std::unique_ptr<StatusReader> ready,
    std::function<asio::awaitable<std::optional<NodeStatus>>(Deadline)> role,
    std::chrono::nanoseconds patience, std::chrono::nanoseconds pause) {
  return std::make_unique<RoleReader>(std::move(ready), std::move(role), patience, pause);
}

}  // namespace sunder::harness::described
