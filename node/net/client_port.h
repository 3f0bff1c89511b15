#pragma once
// The port for clients: JSON lines (api/client_protocol.h, api/admin_protocol.h) over TCP. A
// connection may have many requests under way. A wrong request that has a request number is
// answered `bad_request`; any other wrong line closes its connection and no other.

#include <functional>
#include <map>
#include <memory>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "node/api/admin_protocol.h"
#include "node/api/client_protocol.h"
#include "node/net/listener.h"
#include "node/store/proposals.h"

namespace sunder {

class ClientPort : public Clients {
 public:
  using OnRequest = std::function<void(Connection, const client_protocol::Request&)>;
  using OnAdmin = std::function<void(Connection, const admin_protocol::Request&)>;

  ClientPort(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& address,
             OnRequest on_request, OnAdmin on_admin);

  void answer(Connection connection, const client_protocol::Reply& reply) override;

 private:
  struct Session;

  void begin(boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<void> read_requests(std::shared_ptr<Session> session);
  boost::asio::awaitable<void> write_answers(std::shared_ptr<Session> session);
  void take_lines(Session& session);
  void take_line(Session& session, std::string_view line);
  void close(Session& session);

  boost::asio::io_context& io_;
  OnRequest on_request_;
  OnAdmin on_admin_;
  std::map<Connection, std::shared_ptr<Session>> sessions_;
  Connection next_ = 1;
  Listener listener_;
};

}  // namespace sunder
