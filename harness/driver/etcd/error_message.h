#pragma once
// What an answer of etcd's says went wrong.

#include <string>

#include "harness/driver/http_connection.h"

namespace sunder::harness::etcd {

/// Its HTTP status if it has no words for it.
std::string message_in(const HttpReply& reply);

}  // namespace sunder::harness::etcd
