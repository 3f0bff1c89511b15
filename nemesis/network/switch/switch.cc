#include "nemesis/network/switch/switch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "nemesis/network/switch/fabric.h"
#include "nemesis/network/switch/patience.h"
#include "nemesis/network/switch/port_socket.h"

namespace sunder::nemesis {
namespace {

// Signals are for the program's own threads.
std::thread start_without_signals(const std::function<void()>& work) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(work);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

// How often it lost its core while it wanted to go on.
long interruptions_of_this_thread() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

std::vector<Fabric::Port> fabric_ports(const std::vector<SwitchPort>& ports) {
  std::vector<Fabric::Port> fabric;
  for (const SwitchPort& port : ports) fabric.push_back({port.who, port.mac});
  return fabric;
}

}  // namespace

namespace switch_parts {

class OwnDescriptor {
 public:
  OwnDescriptor(int opened, const char* what) : number_(opened) {
    if (opened < 0) throw std::system_error(errno, std::generic_category(), what);
  }
  ~OwnDescriptor() { ::close(number_); }
  OwnDescriptor(const OwnDescriptor&) = delete;
  OwnDescriptor& operator=(const OwnDescriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace switch_parts

class Switch::Implementation final : private LinkRules::Listener, private Fabric::Output {
 public:
  Implementation(LinkRules& rules, const std::vector<SwitchPort>& ports, Options options)
      : rules_(rules),
        ports_(ports),
        fabric_(rules, fabric_ports(ports), options.releases_last_frames, *this),
        poll_(::epoll_create1(EPOLL_CLOEXEC), "epoll_create"),
        timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create"),
        wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd") {
    for (const SwitchPort& port : ports) sockets_.emplace_back(port.socket);
    for (std::size_t i = 0; i < sockets_.size(); ++i) watch(sockets_[i].descriptor(), i);
    watch(timer_.number(), timer_event);
    watch(wake_.number(), wake_event);
    rules_.listen(*this);
    thread_ = start_without_signals([this] { run(); });
  }

  ~Implementation() override { close(); }

  void close() {
    if (!thread_.joinable()) return;
    should_end_ = true;
    wake();
    thread_.join();
    rules_.stop_listening(*this);
    const std::lock_guard lock(rules_.mutex());
    count_overruns();
    for (PortSocket& socket : sockets_) socket.close();
  }

  std::uint64_t undeliverable() {
    const std::lock_guard lock(rules_.mutex());
    count_overruns();
    return fabric_.undeliverable();
  }

  template <class Read>
  auto read(Read read) const {
    const std::lock_guard lock(rules_.mutex());
    return read(fabric_);
  }

  std::vector<NodeId> gone() const {
    const std::lock_guard lock(rules_.mutex());
    return gone_;
  }

 private:
  using Clock = MessageFates::Clock;

  // Larger than any number of a port.
  static constexpr std::uint64_t timer_event = std::uint64_t{1} << 32;
  static constexpr std::uint64_t wake_event = timer_event + 1;
  static constexpr int events_at_once = 16;
  using Events = std::array<epoll_event, events_at_once>;

  Framing framing() const override { return Framing::packets; }
  bool carries_clients() const override {
    return std::any_of(ports_.begin(), ports_.end(),
                       [](const SwitchPort& port) { return port.who == all_clients; });
  }

  void rules_changed(Link link) override {
    const std::lock_guard lock(rules_.mutex());
    fabric_.rules_changed(link, Clock::now());
    flush();
    arm_timer();
  }

  void reset(Link link) override {
    const std::lock_guard lock(rules_.mutex());
    fabric_.reset(link);
    flush();
  }

  void pass(std::size_t port, FrameView frame) override { sockets_[port].enqueue(frame); }
  void send(std::size_t port, std::shared_ptr<const Frame> frame) override {
    sockets_[port].enqueue(std::move(frame));
  }

  void watch(int descriptor, std::uint64_t number) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = number;
    if (::epoll_ctl(poll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0) return;
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }

  void wake() { ::eventfd_write(wake_.number(), 1); }

  void run() {
    Events events;
    while (!should_end_) {
      const int count = wait_for(events);
      for (int i = 0; i < count; ++i) {
        const std::uint64_t number = events[static_cast<std::size_t>(i)].data.u64;
        if (number < timer_event) {
          carry_from(static_cast<std::size_t>(number));
        } else if (number == timer_event) {
          deliver_due();
        }
      }
    }
  }

  int wait_for(Events& events) {
    const auto begin = Clock::now();
    if (patience_.polls(begin)) {
      const long interruptions = interruptions_of_this_thread();
      int count = 0;
      while (count == 0 && Clock::now() < begin + Patience::longest) {
        count = ::epoll_wait(poll_.number(), events.data(), events_at_once, 0);
      }
      patience_.polled(count == 0);
      if (interruptions_of_this_thread() != interruptions) patience_.was_interrupted(begin);
      if (count != 0) return count;
    }
    return ::epoll_wait(poll_.number(), events.data(), events_at_once, -1);
  }

  // Receives without the mutex, so that a change of rules waits for little.
  void carry_from(std::size_t port) {
    const auto received = sockets_[port].receive(buffers_);
    const std::lock_guard lock(rules_.mutex());
    const auto now = Clock::now();
    for (const FrameView frame : received.frames) fabric_.receive(port, frame, now);
    sockets_[port].note_error(received.error);
    flush();
    note_if_gone(port);
    arm_timer();
  }

  void deliver_due() {
    std::uint64_t expirations = 0;
    if (::read(timer_.number(), &expirations, sizeof expirations) < 0) return;
    const std::lock_guard lock(rules_.mutex());
    armed_for_.reset();
    fabric_.deliver_due(Clock::now());
    flush();
    arm_timer();
  }

  void flush() {
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
      if (!sockets_[i].has_waiting()) continue;
      fabric_.count_undeliverable(sockets_[i].flush());
      note_if_gone(i);
    }
  }

  void count_overruns() {
    for (PortSocket& socket : sockets_) fabric_.count_undeliverable(socket.take_overrun());
  }

  void note_if_gone(std::size_t port) {
    if (!sockets_[port].has_gone() || fabric_.has_gone(port)) return;
    fabric_.port_has_gone(port);
    gone_.push_back(ports_[port].who);
    ::epoll_ctl(poll_.number(), EPOLL_CTL_DEL, sockets_[port].descriptor(), nullptr);
  }

  void arm_timer() {
    const auto due = fabric_.next_due();
    if (due == armed_for_) return;
    armed_for_ = due;
    itimerspec setting{};
    if (due) {
      // A time of zero would disarm it.
      const auto nanoseconds = std::max<std::int64_t>(1, due->time_since_epoch().count());
      setting.it_value.tv_sec = nanoseconds / 1'000'000'000;
      setting.it_value.tv_nsec = nanoseconds % 1'000'000'000;
    }
    ::timerfd_settime(timer_.number(), TFD_TIMER_ABSTIME, &setting, nullptr);
  }

  LinkRules& rules_;
  const std::vector<SwitchPort> ports_;
  // The thread receives from a socket without the mutex, and buffers and patience are its own;
  // everything else here is under the mutex.
  std::deque<PortSocket> sockets_;
  ReceiveBuffers buffers_;
  Patience patience_;
  Fabric fabric_;
  std::vector<NodeId> gone_;
  std::optional<Fabric::Time> armed_for_;
  switch_parts::OwnDescriptor poll_;
  switch_parts::OwnDescriptor timer_;
  switch_parts::OwnDescriptor wake_;
  std::atomic<bool> should_end_ = false;
  std::thread thread_;
};

Switch::Switch(LinkRules& rules, const std::vector<SwitchPort>& ports, Options options)
    : implementation_(std::make_unique<Implementation>(rules, ports, options)) {}

Switch::~Switch() = default;

LinkStatistics Switch::statistics(Link link) const {
  return implementation_->read([link](const Fabric& fabric) { return fabric.statistics(link); });
}

LinkStatistics Switch::total() const {
  return implementation_->read([](const Fabric& fabric) { return fabric.total(); });
}

std::uint64_t Switch::undeliverable_frames() const {
  return implementation_->undeliverable();
}

std::vector<NodeId> Switch::gone() const {
  return implementation_->gone();
}

void Switch::close() {
  implementation_->close();
}

}  // namespace sunder::nemesis
