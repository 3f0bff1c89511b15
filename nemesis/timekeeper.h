#pragma once
// The clock of faults and clients: the machine's, or that of a simulation, where an hour passes in
// a moment. Both give time points of the steady clock.

#include <chrono>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace sunder::nemesis {

/// One wait at a time.
class Alarm {
 public:
  using Clock = std::chrono::steady_clock;

  Alarm() = default;
  virtual ~Alarm() = default;
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// Not during a wait.
  virtual void set(Clock::time_point when) = 0;
  virtual Clock::time_point when() const = 0;
  /// Until then, or until it is cancelled.
  virtual boost::asio::awaitable<void> wait() = 0;
  virtual void cancel() = 0;
};

class Timekeeper {
 public:
  using Clock = std::chrono::steady_clock;

  Timekeeper() = default;
  virtual ~Timekeeper() = default;
  Timekeeper(const Timekeeper&) = delete;
  Timekeeper& operator=(const Timekeeper&) = delete;

  virtual Clock::time_point now() const = 0;
  /// Must not outlive this.
  virtual std::unique_ptr<Alarm> make_alarm() const = 0;
};

/// The machine's.
class MachineTime final : public Timekeeper {
 public:
  explicit MachineTime(boost::asio::io_context& io) : io_(io) {}

  Clock::time_point now() const override { return Clock::now(); }
  std::unique_ptr<Alarm> make_alarm() const override;

 private:
  boost::asio::io_context& io_;
};

}  // namespace sunder::nemesis
