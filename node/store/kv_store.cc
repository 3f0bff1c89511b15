#include "node/store/kv_store.h"

#include <utility>

#include "node/check.h"

namespace sunder {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

namespace {

trace::Digest digest_of(const std::string& key, const std::string& value) {
  constexpr std::uint8_t seed = 1;
  std::string pair;
  ByteWriter out(pair);
  out.text(key);
  out.text(value);
  return trace::digest_of(seed, pair);
}

}  // namespace

std::optional<std::string> KvStore::read(const std::string& key) const {
  const auto* value = find(key);
  return value ? std::optional(*value) : std::nullopt;
}

const std::string* KvStore::find(const std::string& key) const {
  if (const auto found = values_.find(key); found != values_.end()) return &found->second;
  if (!frozen_) return nullptr;
  const auto found = frozen_->find(key);
  return found == frozen_->end() ? nullptr : &found->second;
}

std::string& KvStore::writable(const std::string& key) {
  const auto [place, is_new] = values_.try_emplace(key);
  if (!is_new || !frozen_) return place->second;
  const auto found = frozen_->find(key);
  if (found != frozen_->end()) place->second = found->second;
  return place->second;
}

void KvStore::write(const std::string& key, const std::string& value) {
  if (const auto* before = find(key)) digest_ -= digest_of(key, *before);
  values_[key] = value;
  digest_ += digest_of(key, value);
}

void KvStore::append(const std::string& key, const std::string& text) {
  if (const auto* before = find(key)) digest_ -= digest_of(key, *before);
  auto& value = writable(key);
  value += text;
  digest_ += digest_of(key, value);
}

std::shared_ptr<const KvStore::Values> KvStore::freeze() {
  CHECK(!frozen_, "two snapshots are taken at a time");
  frozen_ = std::make_shared<Values>(std::exchange(values_, {}));
  return frozen_;
}

void KvStore::thaw() {
  if (!frozen_) return;
  CHECK(frozen_.use_count() == 1, "the frozen values are still in use");
  for (auto& [key, value] : values_) frozen_->insert_or_assign(key, std::move(value));
  values_ = std::move(*frozen_);
  frozen_.reset();
}

Reply KvStore::apply(const Request& command) {
  Reply reply{.request = command.request, .value = {}, .leader = {}, .message = {}};
  switch (command.operation) {
    case Operation::write:
      write(command.key, command.value);
      return reply;
    case Operation::append:
      append(command.key, command.value);
      return reply;
    case Operation::cas:
      if (const auto present = read(command.key); present != command.expected) {
        reply.status = Status::mismatch;
        reply.value = present;
      } else {
        write(command.key, command.value);
      }
      return reply;
    case Operation::read:
      break;
  }
  CHECK(false, "a read came through the log");
}

KvStore::Values KvStore::values() const {
  Values all = values_;
  if (frozen_) all.insert(frozen_->begin(), frozen_->end());
  return all;
}

void KvStore::save(const Values& values, ByteWriter& out) {
  out.number(static_cast<std::uint64_t>(values.size()));
  for (const auto& [key, value] : values) {
    out.text(key);
    out.text(value);
  }
}

void KvStore::load(ByteReader& in) {
  frozen_.reset();
  values_.clear();
  digest_ = 0;
  for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
    const std::string key(in.text());
    write(key, std::string(in.text()));
  }
}

}  // namespace sunder
