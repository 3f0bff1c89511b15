#include "node/store/kv_store.h"

#include <utility>

#include "node/check.h"
#include "node/store/transaction.h"

namespace sunder {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using client_protocol::Value;

namespace {

trace::Digest digest_of(const std::string& key, const Item& item) {
  constexpr std::uint8_t seed = 1;
  std::string pair;
  ByteWriter out(pair);
  out.text(key);
  out.number(item.version.value);
  out.number(static_cast<std::uint8_t>(item.object.index()));
  out.number(digest_of(item.object));
  return trace::digest_of(seed, pair);
}

const Item* find_in(const KvStore::Items& items, const std::string& key) {
  const auto found = items.find(key);
  return found == items.end() ? nullptr : &found->second;
}

const Object* object_in(const Item* item) {
  return item != nullptr ? &item->object : nullptr;
}

}  // namespace

Value KvStore::read(const std::string& key) const {
  const auto* item = find(key);
  return item != nullptr ? shown(item->object) : Value();
}

Reply KvStore::read(const Request& request) const {
  Reply reply;
  reply.request = request.request;
  if (request.operation == Operation::txn) {
    reply.value = judge_transaction(*this, request.operations, reply.at).value;
    return reply;
  }
  const auto* item = find(request.key);
  if (item == nullptr) return reply;
  reply.value = shown(item->object);
  reply.version = item->version;
  return reply;
}

const Item* KvStore::find(const std::string& key) const {
  const auto* item = find_in(items_, key);
  return item != nullptr || !frozen_ ? item : find_in(*frozen_, key);
}

Item& KvStore::writable(const Request& operation) {
  const auto [place, is_new] = items_.try_emplace(operation.key);
  auto& item = place->second;
  if (!is_new) return item;
  const auto* frozen = frozen_ ? find_in(*frozen_, operation.key) : nullptr;
  if (frozen != nullptr) {
    item = *frozen;
  } else {
    item.object = empty_object_for(operation.operation);
  }
  return item;
}

void KvStore::change(const Request& operation, Index at) {
  if (const auto* before = find(operation.key)) digest_ -= digest_of(operation.key, *before);
  auto& item = writable(operation);
  sunder::change(item.object, operation);
  item.version = at;
  digest_ += digest_of(operation.key, item);
}

void KvStore::put(const std::string& key, Item item) {
  if (const auto* before = find(key)) digest_ -= digest_of(key, *before);
  digest_ += digest_of(key, item);
  items_.insert_or_assign(key, std::move(item));
}

std::shared_ptr<const KvStore::Items> KvStore::freeze() {
  CHECK(!frozen_, "two snapshots are taken at a time");
  frozen_ = std::make_shared<Items>(std::exchange(items_, {}));
  return frozen_;
}

void KvStore::thaw() {
  if (!frozen_) return;
  CHECK(frozen_.use_count() == 1, "the frozen items are still in use");
  for (auto& [key, item] : items_) frozen_->insert_or_assign(key, std::move(item));
  items_ = std::move(*frozen_);
  frozen_.reset();
}

Reply KvStore::apply(const Request& command, Index at) {
  CHECK(command.operation != Operation::read, "a read came through the log");
  Reply reply{.request = command.request, .value = {}, .leader = {}, .message = {}};
  if (command.operation == Operation::generate) {
    reply.value = static_cast<std::int64_t>(at.value);
    return reply;
  }
  const bool is_one = command.operation != Operation::txn;
  const auto* present = is_one ? find(command.key) : nullptr;
  auto judged = is_one ? judge(object_in(present), command)
                       : judge_transaction(*this, command.operations, reply.at);
  reply.status = judged.status;
  reply.value = std::move(judged.value);
  reply.message = std::move(judged.message);
  if (judged.status == Status::mismatch && present != nullptr) reply.version = present->version;
  if (!judged.changes) return reply;
  if (is_one) change(command, at);
  for (const auto& each : command.operations) {
    if (each.operation != Operation::read) change(each, at);
  }
  return reply;
}

KvStore::Items KvStore::items() const {
  Items all = items_;
  if (frozen_) all.insert(frozen_->begin(), frozen_->end());
  return all;
}

void KvStore::save(const Items& items, ByteWriter& out) {
  out.number(static_cast<std::uint64_t>(items.size()));
  for (const auto& [key, item] : items) {
    out.text(key);
    out.number(item.version.value);
    sunder::save(item.object, out);
  }
}

void KvStore::load(ByteReader& in) {
  frozen_.reset();
  items_.clear();
  digest_ = 0;
  for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
    const std::string key(in.text());
    const Index version{in.number<std::uint64_t>()};
    put(key, {load_object(in), version});
  }
}

}  // namespace sunder
