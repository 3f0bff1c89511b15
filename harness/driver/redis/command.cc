#include "harness/driver/redis/command.h"

#include <array>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "harness/driver/value_text.h"

namespace sunder::harness::redis {

namespace {

using history::EventType;
using history::List;
using history::Value;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;
using Words = std::vector<std::string>;

constexpr const char* ids_key = "ids";
constexpr const char* accounts_key = "accounts";

// Answers 1, or what it found.
constexpr const char* compare_and_set =
    "local found=redis.call('getex',KEYS[1]) "
    "if found==ARGV[1] then redis.call('set',KEYS[1],ARGV[2]) return 1 else return found end";

// The first command of each writes, though it changes nothing: a replica refuses it.
constexpr const char* read_list =
    "redis.call('persist',KEYS[1]) return redis.call('lrange',KEYS[1],0,-1)";
constexpr const char* read_set =
    "redis.call('persist',KEYS[1]) return redis.call('smembers',KEYS[1])";
constexpr const char* read_accounts =
    "redis.call('persist',KEYS[1]) return redis.call('hgetall',KEYS[1])";

// Answer 1, or the owner that they found.
constexpr const char* acquire =
    "local owner=redis.call('getex',KEYS[1]) if owner then return owner end "
    "redis.call('set',KEYS[1],ARGV[1]) return 1";
constexpr const char* release =
    "local owner=redis.call('getex',KEYS[1]) if owner~=ARGV[1] then return owner end "
    "redis.call('del',KEYS[1]) return 1";

// Answer 1, or 0 if they changed nothing.
constexpr const char* open_accounts =
    "redis.call('persist',KEYS[1]) if redis.call('exists',KEYS[1])==1 then return 0 end "
    "for i=1,#ARGV,2 do redis.call('hset',KEYS[1],ARGV[i],ARGV[i+1]) end return 1";
constexpr const char* transfer =
    "redis.call('persist',KEYS[1]) "
    "if tonumber(redis.call('hget',KEYS[1],ARGV[1]) or '0')<tonumber(ARGV[3]) then return 0 end "
    "redis.call('hincrby',KEYS[1],ARGV[1],-tonumber(ARGV[3])) "
    "redis.call('hincrby',KEYS[1],ARGV[2],ARGV[3]) return 1";

// Answers what each step read.
constexpr const char* transaction =
    "redis.call('persist',KEYS[1]) local said={} "
    "for i=1,#KEYS do local f=ARGV[2*i-1] said[i]=false "
    "if f=='w' then redis.call('set',KEYS[i],ARGV[2*i]) "
    "elseif f=='append' then redis.call('rpush',KEYS[i],ARGV[2*i]) "
    "elseif redis.call('type',KEYS[i]).ok=='list' then said[i]=redis.call('lrange',KEYS[i],0,-1) "
    "else said[i]=redis.call('get',KEYS[i]) end end return said";

[[noreturn]] void refuse(const Call& call) {
  throw std::logic_error("the redis driver does not know the operation " + call.f + " of a " +
                         std::string(workloads::name_of(call.kind)));
}

Words script(const char* text, const Words& keys, const Words& arguments) {
  Words words{"EVAL", text, std::to_string(keys.size())};
  words.insert(words.end(), keys.begin(), keys.end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

Words read_of(const Call& call) {
  switch (call.kind) {
    case Kind::list:
      return script(read_list, {call.key}, {});
    case Kind::set:
      return script(read_set, {call.key}, {});
    case Kind::accounts:
      return script(read_accounts, {accounts_key}, {});
    default:
      return {"GETEX", call.key};
  }
}

Words steps_of(const Call& call) {
  Words keys;
  Words arguments;
  for (const auto& step : *call.value.list()) {
    const auto& parts = *step.list();
    keys.push_back(to_stored_text(parts.at(1)));
    arguments.push_back(to_stored_text(parts.at(0)));
    arguments.push_back(to_stored_text(parts.at(2)));
  }
  return script(transaction, keys, arguments);
}

Words accounts_of(const Call& call) {
  if (call.f == "open") {
    Words arguments;
    for (const auto& [name, balance] : *call.value.object()) {
      arguments.push_back(name);
      arguments.push_back(to_stored_text(balance));
    }
    return script(open_accounts, {accounts_key}, arguments);
  }
  return script(transfer, {accounts_key},
                {*call.value.text("from"), *call.value.text("to"),
                 std::to_string(*call.value.integer("amount"))});
}

/// The commands of one word that take a value.
struct Command {
  Kind kind;
  std::string_view f;
  const char* word;
};
constexpr std::array commands{
    Command{Kind::register_, "write", "SET"}, Command{Kind::text, "write", "SET"},
    Command{Kind::text, "append", "APPEND"},  Command{Kind::list, "append", "RPUSH"},
    Command{Kind::set, "add", "SADD"},        Command{Kind::set, "remove", "SREM"},
    Command{Kind::counter, "add", "INCRBY"},  Command{Kind::queue, "enqueue", "RPUSH"}};

const char* word_of(const Call& call) {
  for (const auto& command : commands) {
    if (command.kind == call.kind && command.f == call.f) return command.word;
  }
  return nullptr;
}

/// The value of a string, or the values of a list.
Value stored_value(const Reply& reply) {
  if (reply.kind == Reply::Kind::text) return from_stored_text(reply.text);
  if (reply.kind != Reply::Kind::list) return {};
  List list;
  for (const auto& item : reply.items) list.push_back(from_stored_text(item.text));
  return list;
}

/// "HGETALL" answers names and balances in turn.
Value balances_in(const Reply& reply) {
  history::Object balances;
  for (std::size_t i = 0; i + 1 < reply.items.size(); i += 2) {
    balances.emplace_back(reply.items[i].text, from_stored_text(reply.items[i + 1].text));
  }
  return balances;
}

/// What a read found. Absent if the reply is none to a read of that kind.
std::optional<Value> found_by_read(const Call& call, const Reply& reply) {
  const bool is_list = reply.kind == Reply::Kind::list;
  const bool is_text = reply.kind == Reply::Kind::text;
  switch (call.kind) {
    case Kind::list:
    case Kind::set:
      return is_list ? std::optional(stored_value(reply)) : std::nullopt;
    case Kind::accounts:
      return is_list ? std::optional(balances_in(reply)) : std::nullopt;
    case Kind::text:
      if (is_text) return Value(reply.text);
      break;
    default:
      if (is_text) return stored_value(reply);
  }
  return reply.kind == Reply::Kind::nothing ? std::optional(Value()) : std::nullopt;
}

/// An absent list is empty.
Value read_by_step(const Call& call, const Reply& reply) {
  auto value = stored_value(reply);
  return value.is_nil() && call.kind == Kind::list_transaction ? List() : value;
}

std::optional<Value> found_by_steps(const Call& call, const Reply& reply) {
  const auto& asked = *call.value.list();
  if (reply.kind != Reply::Kind::list || reply.items.size() != asked.size()) return std::nullopt;
  List steps;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto parts = *asked[i].list();
    if (parts.at(0) == Value("r")) parts.at(2) = read_by_step(call, reply.items[i]);
    steps.emplace_back(std::move(parts));
  }
  return steps;
}

Completion refused(const Call& call, std::string why, const Reply& reply) {
  history::Answer answer;
  answer.found = stored_value(reply);
  return {EventType::fail, call.value, std::move(why), std::move(answer)};
}

/// Of a script that answers 1, or what it found instead.
std::optional<Completion> compared(const Call& call, const Reply& reply) {
  if (reply.kind == Reply::Kind::integer && reply.text == "1") {
    return Completion{EventType::ok, call.value, {}};
  }
  if (reply.kind != Reply::Kind::text && reply.kind != Reply::Kind::nothing) return std::nullopt;
  const auto* why = call.f == "acquire" ? "held" : call.f == "release" ? "not held" : "mismatch";
  return refused(call, why, reply);
}

/// Of a script on the accounts: 1, or 0 if it changed nothing.
std::optional<Completion> changed_accounts(const Call& call, const Reply& reply) {
  if (reply.kind != Reply::Kind::integer) return std::nullopt;
  if (reply.text == "1") return Completion{EventType::ok, call.value, {}};
  if (reply.text != "0") return std::nullopt;
  const auto* why = call.f == "open" ? "the accounts exist" : "insufficient";
  return Completion{EventType::fail, call.value, why};
}

std::optional<Completion> dequeued(const Call& call, const Reply& reply) {
  if (reply.kind == Reply::Kind::text) {
    return Completion{EventType::ok, from_stored_text(reply.text), {}};
  }
  if (reply.kind != Reply::Kind::nothing) return std::nullopt;
  return refused(call, "empty", reply);
}

std::optional<Completion> change_answered(const Call& call, const Reply& reply) {
  const bool is_integer = reply.kind == Reply::Kind::integer;
  if (call.f == "cas" || call.kind == Kind::lock) return compared(call, reply);
  if (call.f == "dequeue") return dequeued(call, reply);
  if (call.kind == Kind::accounts) return changed_accounts(call, reply);
  if (call.f == "generate" && is_integer) {
    return Completion{EventType::ok, from_stored_text(reply.text), {}};
  }
  const bool is_done =
      call.f == "write" ? reply.kind == Reply::Kind::text && reply.text == "OK" : is_integer;
  return is_done ? std::optional(Completion{EventType::ok, call.value, {}}) : std::nullopt;
}

}  // namespace

workloads::Operations operations() {
  return {{Kind::register_, {"cas", "read", "write"}},
          {Kind::text, {"append", "read", "write"}},
          {Kind::list, {"append", "read"}},
          {Kind::set, {"add", "read", "remove"}},
          {Kind::counter, {"add", "read"}},
          {Kind::queue, {"dequeue", "enqueue"}},
          {Kind::lock, {"acquire", "release"}},
          {Kind::ids, {"generate"}},
          {Kind::accounts, {"open", "read", "transfer"}},
          {Kind::transaction, {"txn"}},
          {Kind::list_transaction, {"txn"}}};
}

std::vector<std::string> command_of(const Call& call) {
  if (!operations().has(call.kind, call.f)) refuse(call);
  if (call.f == "read") return read_of(call);
  if (call.f == "txn") return steps_of(call);
  if (call.f == "dequeue") return {"LPOP", call.key};
  if (call.f == "generate") return {"INCR", ids_key};
  if (call.kind == Kind::accounts) return accounts_of(call);
  if (call.kind == Kind::lock) {
    return script(call.f == "acquire" ? acquire : release, {call.key},
                  {to_stored_text(call.value)});
  }
  if (const char* word = word_of(call)) return {word, call.key, to_stored_text(call.value)};
  const auto* pair = call.value.list();
  if (pair == nullptr || pair->size() != 2 || pair->front().is_nil()) refuse(call);
  return script(compare_and_set, {call.key},
                {to_stored_text(pair->front()), to_stored_text(pair->back())});
}

Completion completion_of(const Call& call, const Reply& reply) {
  std::optional<Completion> completion;
  if (call.f == "read" || call.f == "txn") {
    auto found = call.f == "read" ? found_by_read(call, reply) : found_by_steps(call, reply);
    if (found) completion = Completion{EventType::ok, std::move(*found), {}};
  } else {
    completion = change_answered(call, reply);
  }
  return completion ? std::move(*completion) : unanswered(call, "no reply to this command");
}

}  // namespace sunder::harness::redis
