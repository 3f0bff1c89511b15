#include "node/store/transaction.h"

#include <map>
#include <string>
#include <utility>

namespace sunder {

using client_protocol::Operation;
using client_protocol::Request;
using client_protocol::Status;
using client_protocol::Values;

namespace {

/// The objects that a transaction would leave behind.
class Draft {
 public:
  explicit Draft(const KvStore& store) : store_(store) {}

  const Object* find(const std::string& key) const {
    const auto found = changed_.find(key);
    if (found != changed_.end()) return &found->second;
    const auto* item = store_.find(key);
    return item != nullptr ? &item->object : nullptr;
  }
  void change(const Request& operation) {
    const auto* present = find(operation.key);
    const auto [place, is_new] = changed_.try_emplace(operation.key);
    if (is_new) {
      place->second = present != nullptr ? *present : empty_object_for(operation.operation);
    }
    sunder::change(place->second, operation);
  }

 private:
  const KvStore& store_;
  std::map<std::string, Object> changed_;
};

}  // namespace

Judgement judge_transaction(const KvStore& store, const std::vector<Request>& operations,
                            std::optional<std::uint64_t>& refused_at) {
  Draft draft(store);
  Values answers;
  bool changes = false;
  for (const auto& operation : operations) {
    auto judged = judge(draft.find(operation.key), operation);
    if (judged.status != Status::ok) {
      refused_at = answers.size();
      return judged;
    }
    answers.push_back(std::move(judged.value));
    if (!judged.changes) continue;
    draft.change(operation);
    changes = true;
  }
  return {Status::ok, std::move(answers), {}, changes};
}

}  // namespace sunder
