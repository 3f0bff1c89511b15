#pragma once
// The clock of one node as faults have set it last. A running node is told as soon as it listens,
// however long it is paused or starting; one that starts begins with it.

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"
#include "nemesis/clock_setting.h"

namespace sunder::harness {

class ClockControl {
 public:
  /// Gets what the clock showed when the node had set it.
  using Told = std::function<void(const nemesis::ClockSetting& shown)>;

  ClockControl(boost::asio::io_context& io, std::unique_ptr<ClockSetter> setter, Told told);
  ClockControl(const ClockControl&) = delete;
  ClockControl& operator=(const ClockControl&) = delete;

  bool sets_rates() const { return setter_->sets_rates(); }
  void set(const nemesis::ClockSetting& setting);
  const nemesis::ClockSetting& setting() const { return wanted_; }

  /// With setting().
  void node_started();
  void node_ended() { is_running_ = false; }

 private:
  boost::asio::awaitable<void> talk();

  boost::asio::io_context& io_;
  std::unique_ptr<ClockSetter> setter_;
  Told told_;
  nemesis::ClockSetting wanted_;
  /// What the running node goes by, as far as it has said.
  nemesis::ClockSetting known_;
  bool is_running_ = false;
  bool is_talking_ = false;
};

}  // namespace sunder::harness
