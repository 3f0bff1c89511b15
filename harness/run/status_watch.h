#pragma once
// Asks every node of a system without traces for its role, about ten times a second, and files each
// change of role or term: roles.jsonl. A role holds at some moment between question and answer; a
// role that began and ended between two questions is not seen.

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
#include "nemesis/link.h"

namespace sunder::harness {

class StatusWatch {
 public:
  /// Called with each change, and with the first status after a silence.
  using OnStatus = std::function<void(NodeId node, const NodeStatus& status)>;

  /// Creates the file. The references must outlive this. Throws std::runtime_error naming the file.
  StatusWatch(boost::asio::io_context& io, const Driver& driver, const RunClock& clock,
              const std::filesystem::path& path, OnStatus on_status);

  /// Until stop(), and as long as the question under way may take.
  boost::asio::awaitable<void> watch(NodeId node);
  void stop();

  bool is_ready(NodeId node) const;
  /// Every node has answered, and one leads if they say that of themselves at all.
  bool is_ready() const;

 private:
  struct Watched;
  void report(NodeId node, const NodeStatus& status);

  const RunClock& clock_;
  AppendFile file_;
  OnStatus on_status_;
  std::vector<std::shared_ptr<Watched>> nodes_;
  bool stopped_ = false;
};

}  // namespace sunder::harness
