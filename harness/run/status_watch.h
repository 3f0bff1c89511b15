#pragma once
// Asks every node of a system without traces what it is, some ten times a second, and files each
// change of role or term: roles.jsonl. A role is true of some moment between question and answer;
// what a node was between two questions nobody has seen.

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/driver/driver.h"
#include "harness/run/append_file.h"
#include "harness/run/run_clock.h"
#include "nemesis/node_number.h"

namespace sunder::harness {

class StatusWatch {
 public:
  /// Called with each change, and with the first status after a silence.
  using Told = std::function<void(nemesis::NodeNumber node, const NodeStatus& status)>;

  /// Creates the file. The references must outlive this. Throws std::runtime_error naming the file.
  StatusWatch(boost::asio::io_context& io, const Driver& driver, const RunClock& clock,
              const std::filesystem::path& path, Told told);

  /// Goes on until stop(), and a little longer.
  boost::asio::awaitable<void> watch(nemesis::NodeNumber node);
  void stop();

  /// Every node has answered, and one leads if they say that of themselves at all.
  bool is_ready() const;

 private:
  struct Watched;
  void heard(nemesis::NodeNumber node, const NodeStatus& status);

  const RunClock& clock_;
  AppendFile file_;
  Told told_;
  std::vector<std::shared_ptr<Watched>> nodes_;
  bool stopped_ = false;
};

}  // namespace sunder::harness
