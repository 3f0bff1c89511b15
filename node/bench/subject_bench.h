#pragma once
// A replicated store under load: three processes in a temporary folder, and clients of its leader.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <sys/types.h>

namespace sunder::bench {

constexpr int nodes = 3;
constexpr std::size_t value_bytes = 100;

enum class Asked { write, read };
std::string_view name_of(Asked asked);

/// One connection to the leader.
class Client {
 public:
  Client() = default;
  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Writes a value of `value_bytes` to one of a thousand keys, or reads it, linearizably. Throws
  /// if that is not answered ok.
  virtual boost::asio::awaitable<void> ask(Asked asked, std::uint64_t key) = 0;
};

class Subject {
 public:
  Subject() = default;
  virtual ~Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  virtual std::string_view name() const = 0;
  virtual std::unique_ptr<Client> make_client(boost::asio::io_context& io) = 0;
};

/// The folder and the processes in it, gone with this object.
class Processes {
 public:
  Processes();
  ~Processes();
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  /// What they print is thrown away.
  void start(std::vector<std::string> arguments);

 private:
  std::filesystem::path directory_;
  std::vector<pid_t> pids_;
};

/// Ports on loopback that nobody listens on now.
std::vector<std::uint16_t> free_ports(int count);
boost::asio::ip::tcp::endpoint loopback(std::uint16_t port);

std::unique_ptr<Subject> start_node_cluster();
/// Null if there is no etcd on the PATH.
std::unique_ptr<Subject> start_etcd_cluster();

}  // namespace sunder::bench
