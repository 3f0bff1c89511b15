#include "harness/driver/etcd/error_message.h"

#include <nlohmann/json.hpp>

namespace sunder::harness::etcd {

std::string message_in(const HttpReply& reply) {
  const auto body = nlohmann::json::parse(reply.body, nullptr, false);
  const bool has_message =
      body.is_object() && body.contains("message") && body["message"].is_string();
  return has_message ? body["message"].get<std::string>()
                     : "HTTP status " + std::to_string(reply.status);
}

}  // namespace sunder::harness::etcd
