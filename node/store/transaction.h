#pragma once
// Several operations at once. They are tried on copies of the objects first; each meets what the
// ones before it have done. A refused one refuses the whole, so nothing has to be undone.

#include <cstdint>
#include <optional>
#include <vector>

#include "node/api/client_protocol.h"
#include "node/store/kv_store.h"

namespace sunder {

/// The reply to a txn and whether its changes are to be made. Its value is a list with what each
/// read answers, null for the others; of a refused one, what the refused operation answered.
Judgement judge_transaction(const KvStore& store,
                            const std::vector<client_protocol::Request>& operations,
                            std::optional<std::uint64_t>& refused_at);

}  // namespace sunder
