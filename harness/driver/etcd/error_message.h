#pragma once
// The error in an answer of etcd.

#include <string>

#include "harness/driver/http_connection.h"

namespace sunder::harness::etcd {

/// Its HTTP status if it has no words for it.
std::string message_in(const HttpReply& reply);

}  // namespace sunder::harness::etcd
