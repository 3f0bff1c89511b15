#pragma once
// The messages of Maelstrom's protocol as far as its workload lin-kv needs them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness::maelstrom {

/// The body of a request, without its msg_id. Throws std::logic_error for an operation that lin-kv
/// does not have.
nlohmann::json body_of(const workloads::Call& call);

/// What the body of a reply means for its call. Of errors, those that Maelstrom's documentation
/// calls definite certainly did not happen; so did nothing of a read that failed.
///
/// | reply                                            | read      | write | cas  |
/// |--------------------------------------------------|-----------|-------|------|
/// | read_ok, write_ok, cas_ok                        | ok        | ok    | ok   |
/// | error 20, the key does not exist                 | ok: nil   | fail  | fail |
/// | error 1, 10, 11, 12, 14, 21, 22, 30              | fail      | fail  | fail |
/// | error 0 (timeout), 13 (crash), any other         | fail      | info  | info |
/// | anything else                                    | fail      | info  | info |
/// | none in time (decided by the caller)             | fail      | info  | info |
workloads::Completion classify(const workloads::Call& call, const nlohmann::json& body);

}  // namespace sunder::harness::maelstrom
