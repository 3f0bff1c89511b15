#pragma once
// The clock setting that faults have ordered for one node. A running node gets it as soon as it
// listens, even if it is paused or still starting. A node that starts gets it from its command
// line.

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
  /// Called with what the node's clock shows after the setting.
  using OnSet = std::function<void(const nemesis::ClockSetting& shown)>;

  ClockControl(boost::asio::io_context& io, std::unique_ptr<ClockSetter> setter, OnSet on_set);
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
  OnSet on_set_;
  nemesis::ClockSetting wanted_;
  /// The setting that the running node has confirmed.
  nemesis::ClockSetting known_;
  bool is_running_ = false;
  bool is_talking_ = false;
};

}  // namespace sunder::harness
