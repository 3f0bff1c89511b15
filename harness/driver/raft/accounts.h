#pragma once
// Accounts in sunder's own node: each is a text with its balance, and one more text has the names
// of all. All are opened by one transaction. A transfer reads two accounts and then changes both in
// a transaction that is refused if one of them has changed meanwhile.

#include <optional>
#include <string>
#include <vector>

#include "node/api/client_protocol.h"
#include "workloads/generator.h"

namespace sunder::harness::accounts {

// The requests are without client and number.

/// Refused with `mismatch` if there are accounts already.
client_protocol::Request to_open(const workloads::Call& open);
client_protocol::Request to_learn_names();
client_protocol::Request to_read(const std::vector<std::string>& names);
client_protocol::Request to_prepare(const workloads::Call& transfer);
/// `read` is the reply to to_prepare(). Empty if there is too little on the account, or none.
/// Refused with `mismatch` if a balance is another one by then.
std::optional<client_protocol::Request> to_transfer(const workloads::Call& transfer,
                                                    const client_protocol::Reply& read);

/// Of the reply to to_learn_names(); empty if there are no accounts.
std::vector<std::string> names_in(const client_protocol::Reply& reply);
/// Of the reply to to_read(): balance by name.
history::Value balances_in(const std::vector<std::string>& names,
                           const client_protocol::Reply& reply);

}  // namespace sunder::harness::accounts
