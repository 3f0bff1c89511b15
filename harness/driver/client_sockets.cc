#include "harness/driver/client_sockets.h"

#include <utility>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/query.hpp>

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

class ClientSockets final : public asio::execution_context::service {
 public:
  // Asio tells services apart by it.
  using key_type = ClientSockets;
  static inline asio::execution_context::id id;

  explicit ClientSockets(asio::execution_context& context)
      : asio::execution_context::service(context) {}

  MakeClientSocket make;

 private:
  void shutdown() override { make = nullptr; }
};

}  // namespace

void set_client_sockets(asio::io_context& io, MakeClientSocket make) {
  asio::use_service<ClientSockets>(io).make = std::move(make);
}

void open_client_socket(boost::beast::tcp_stream& stream) {
  auto& context = asio::query(stream.get_executor(), asio::execution::context);
  if (!asio::has_service<ClientSockets>(context)) return;
  const auto& make = asio::use_service<ClientSockets>(context).make;
  if (make && !stream.socket().is_open()) stream.socket().assign(asio::ip::tcp::v4(), make());
}

}  // namespace sunder::harness
