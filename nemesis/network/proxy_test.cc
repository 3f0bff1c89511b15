#include "nemesis/network/proxy.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/frames_test.h"
#include "testing/temporary_folder.h"

namespace sunder::nemesis {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::HasSubstr;
using namespace std::chrono_literals;

const tcp::endpoint any_port(asio::ip::address_v4::loopback(), 0);

// One end of a connection that reads all it can get.
struct Peer {
  explicit Peer(tcp::socket s) : socket(std::move(s)) { read(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void read() {
    auto handler = [this, alive = std::weak_ptr(alive)](auto result, std::size_t size) {
      if (alive.expired()) return;
      received.append(buffer.data(), size);
      closed = bool(result);
      error = result;
      if (!result) read();
    };
    socket.async_read_some(asio::buffer(buffer), handler);
  }

  void send(const std::string& text) { asio::write(socket, asio::buffer(text)); }

  tcp::socket socket;
  std::array<char, 65536> buffer;
  std::string received;
  bool closed = false;
  boost::system::error_code error;
  // A handler may still be called when its peer is gone.
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

// Node 1 speaks to node 2 through the proxy; node 2 is an acceptor of the test.
struct ProxyTest : testing::Test {
  asio::io_context io;
  LinkRules rules;
  std::unique_ptr<Proxy> proxy;
  std::unique_ptr<tcp::acceptor> node_2 = std::make_unique<tcp::acceptor>(io, any_port);
  const tcp::endpoint node_2_endpoint = node_2->local_endpoint();
  tcp::endpoint entrance;
  const Link link{1, 2};
  // The terms of the leaders' frames.
  std::vector<std::uint64_t> watched;
  std::function<void()> on_watched = [] {};

  void use(Framing framing) {
    proxy = std::make_unique<Proxy>(io, rules, framing, [this](const SentFrame& sent) {
      watched.push_back(sent.term.value);
      on_watched();
    });
    entrance = proxy->add_link(link, any_port, node_2_endpoint);
  }

  template <class Condition>
  void run_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "waited in vain";
      io.run_one_for(1s);
    }
  }

  // On loopback what was sent can be read at once, so this is all that the proxy would do.
  void run_all_that_is_ready() {
    for (int i = 0; i < 10; ++i) io.poll();
  }

  std::unique_ptr<Peer> dial() {
    tcp::socket socket(io);
    socket.connect(entrance);
    return std::make_unique<Peer>(std::move(socket));
  }

  std::unique_ptr<Peer> accept() {
    std::unique_ptr<Peer> peer;
    node_2->async_accept([&](auto error, tcp::socket socket) {
      if (!error) peer = std::make_unique<Peer>(std::move(socket));
    });
    run_until([&] { return peer != nullptr; });
    return peer;
  }

  std::string frame(const std::string& payload) {
    return test_frame(FrameType::append_entries, payload);
  }
};

TEST_F(ProxyTest, a_door_carries_each_connection_on_the_link_of_the_node_that_dialed) {
  proxy = std::make_unique<Proxy>(io, rules, Framing::bytes);
  std::optional<NodeNumber> dialer;
  entrance = proxy->add_door(2, any_port, node_2_endpoint, [&](const auto&, const auto& door) {
    EXPECT_EQ(door, entrance);
    return dialer;
  });
  dialer = 1;
  auto from_1 = dial();
  auto at_2_from_1 = accept();
  dialer = 3;
  auto from_3 = dial();
  auto at_2_from_3 = accept();
  rules.block(1, {{1, 2}, {2, 3}});
  from_1->send("a");
  at_2_from_1->send("b");
  from_3->send("c");
  at_2_from_3->send("d");
  run_until([&] { return !from_1->received.empty() && !at_2_from_3->received.empty(); });
  EXPECT_EQ(from_1->received, "b");
  EXPECT_EQ(at_2_from_3->received, "c");
  run_all_that_is_ready();
  EXPECT_EQ(at_2_from_1->received + from_3->received, "");
  rules.release(1);
  run_until([&] { return !at_2_from_1->received.empty() && !from_3->received.empty(); });
  EXPECT_EQ(at_2_from_1->received + from_3->received, "ad");
}

TEST_F(ProxyTest, what_a_dialer_says_first_is_edited_once_it_is_whole) {
  proxy = std::make_unique<Proxy>(io, rules, Framing::bytes);
  entrance = proxy->add_door(
      2, any_port, node_2_endpoint, [](const auto&, const auto&) { return NodeNumber{1}; },
      [](std::string_view so_far) -> std::optional<std::string> {
        if (so_far.find('.') == std::string_view::npos) return std::nullopt;
        return "edited" + std::string(so_far.substr(so_far.find('.')));
      });
  auto sender = dial();
  auto receiver = accept();
  sender->send("hel");
  receiver->send("answer");
  run_until([&] { return sender->received == "answer"; });
  EXPECT_EQ(receiver->received, "");
  sender->send("lo.a");
  run_until([&] { return receiver->received == "edited.a"; });
  sender->send("hello.");
  run_until([&] { return receiver->received == "edited.ahello."; });
}

TEST_F(ProxyTest, a_link_of_sockets_in_the_file_system_is_held_and_healed) {
  using asio::local::stream_protocol;
  const TemporaryFolder folder;
  const std::string door = folder.path() / "door";
  const std::string node = folder.path() / "node";
  stream_protocol::acceptor listener(io, stream_protocol::endpoint(node));
  proxy = std::make_unique<Proxy>(io, rules, Framing::bytes);
  proxy->add_local_link(link, door, node);
  rules.block(1, {link});
  stream_protocol::socket sender(io);
  sender.connect(stream_protocol::endpoint(door));
  asio::write(sender, asio::buffer("a", 1));
  stream_protocol::socket receiver(io);
  bool is_accepted = false;
  listener.async_accept(receiver, [&](auto error) { is_accepted = !error; });
  run_all_that_is_ready();
  EXPECT_FALSE(is_accepted);
  rules.release(1);
  run_until([&] { return is_accepted && receiver.available() == 1; });
}

TEST_F(ProxyTest, a_door_is_closed_to_whom_no_node_owns) {
  proxy = std::make_unique<Proxy>(io, rules, Framing::bytes);
  entrance = proxy->add_door(2, any_port, node_2_endpoint,
                             [](const auto&, const auto&) { return std::nullopt; });
  auto stranger = dial();
  run_until([&] { return stranger->closed; });
  EXPECT_EQ(proxy->total().connections, 0u);
}

TEST_F(ProxyTest, frames_arrive_as_they_were_sent) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  const std::string sent = frame("a") + frame(std::string(300'000, 'b')) + frame("");
  sender->send(sent);
  run_until([&] { return receiver->received.size() >= sent.size(); });
  EXPECT_EQ(receiver->received, sent);
  EXPECT_EQ(proxy->statistics(link).frames_forwarded, 3u);
  EXPECT_EQ(proxy->statistics(link).bytes_forwarded, sent.size());
}

TEST_F(ProxyTest, a_blocked_framed_link_drops_frames_and_keeps_its_connection) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  rules.block(1, {link});
  sender->send(frame("lost") + frame("lost too"));
  run_until([&] { return proxy->statistics(link).frames_dropped == 2; });
  rules.release(1);
  sender->send(frame("after"));
  run_until([&] { return !receiver->received.empty(); });
  EXPECT_EQ(receiver->received, frame("after"));
  EXPECT_FALSE(sender->closed);
}

// One that is watched.
std::string term_frame(std::uint64_t term) {
  return test_frame(FrameType::timeout_now,
                    std::string(reinterpret_cast<const char*>(&term), sizeof(term)));
}

// A trigger on the wire: whoever sees the frame strikes before it is sent on.
TEST_F(ProxyTest, a_link_that_is_blocked_at_the_sight_of_a_frame_drops_it) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  on_watched = [this] { rules.block(1, {link}); };
  sender->send(term_frame(7));
  run_until([&] { return proxy->statistics(link).frames_dropped == 1; });
  on_watched = [] {};
  rules.release(1);
  sender->send(frame("after"));
  run_until([&] { return !receiver->received.empty(); });
  EXPECT_EQ(receiver->received, frame("after"));
  EXPECT_FALSE(sender->closed);
}

TEST_F(ProxyTest, a_link_that_is_cut_at_the_sight_of_a_frame_loses_it_with_its_connection) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  on_watched = [this] { rules.cut(1, {link}); };
  sender->send(term_frame(7) + frame("never"));
  run_until([&] { return sender->closed && receiver->closed; });
  EXPECT_EQ(receiver->received, "");
  EXPECT_THAT(watched, testing::ElementsAre(7));
}

TEST_F(ProxyTest, what_was_delayed_is_delivered_when_the_sight_of_a_frame_heals_its_link) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  MessageFault late;
  late.effect = MessageEffect::delay;
  late.delay = 1h;
  rules.add(1, {link}, late, 1);
  sender->send(frame("late"));
  run_all_that_is_ready();
  EXPECT_EQ(receiver->received, "");
  on_watched = [this] { rules.release(1); };
  sender->send(term_frame(7));
  const std::string all = frame("late") + term_frame(7);
  run_until([&] { return receiver->received.size() >= all.size(); });
  EXPECT_EQ(receiver->received, all);
}

TEST_F(ProxyTest, a_frame_under_way_is_completed_when_its_link_is_blocked) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  const std::string whole = frame(std::string(100, 'x'));
  sender->send(whole.substr(0, 50));
  run_until([&] { return receiver->received.size() == 50; });
  rules.block(1, {link});
  sender->send(whole.substr(50) + frame("lost"));
  run_until([&] { return proxy->statistics(link).frames_dropped == 1; });
  run_until([&] { return receiver->received.size() >= whole.size(); });
  EXPECT_EQ(receiver->received, whole);
}

TEST_F(ProxyTest, the_other_direction_of_a_blocked_framed_link_stays_open) {
  use(Framing::frames);
  rules.block(1, {reverse(link)});
  auto sender = dial();
  auto receiver = accept();
  sender->send(frame("a"));
  run_until([&] { return receiver->received == frame("a"); });
}

TEST_F(ProxyTest, garbage_on_a_framed_link_closes_the_connection_and_is_said) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  testing::internal::CaptureStderr();
  sender->send("GET / HTTP/1.1\r\n\r\n");
  run_until([&] { return sender->closed && receiver->closed; });
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "proxy: n1->n2: received something that is not a frame; closed the connection\n");
  EXPECT_EQ(receiver->received, "");
  EXPECT_EQ(proxy->statistics(link).malformed_streams, 1u);
}

TEST_F(ProxyTest, a_payload_of_the_limit_passes_and_one_byte_more_closes_the_connection) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  std::string largest = frame(std::string(max_frame_payload_bytes, 'x'));
  asio::async_write(sender->socket, asio::buffer(largest), [](auto, std::size_t) {});
  run_until([&] { return receiver->received.size() == largest.size(); });
  EXPECT_TRUE(receiver->received == largest);
  ++largest[4];
  testing::internal::CaptureStderr();
  sender->send(largest.substr(0, frame_header_bytes));
  run_until([&] { return sender->closed && receiver->closed; });
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "proxy: n1->n2: received a frame of 16777217 bytes; at most 16777216 are allowed; "
            "closed the connection\n");
}

TEST_F(ProxyTest, byte_streams_pass_in_both_directions) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  dialer->send("request");
  run_until([&] { return acceptor->received == "request"; });
  acceptor->send("reply");
  run_until([&] { return dialer->received == "reply"; });
}

TEST_F(ProxyTest, a_blocked_byte_link_holds_its_direction_and_delivers_on_healing) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  rules.block(1, {link});
  dialer->send("held");
  acceptor->send("open");
  run_until([&] { return dialer->received == "open"; });
  run_all_that_is_ready();
  EXPECT_EQ(acceptor->received, "");
  rules.release(1);
  run_until([&] { return acceptor->received == "held"; });
}

TEST_F(ProxyTest, the_replies_of_a_byte_link_are_gated_by_the_opposite_link) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  rules.block(1, {reverse(link)});
  dialer->send("open");
  acceptor->send("held");
  run_until([&] { return acceptor->received == "open"; });
  run_all_that_is_ready();
  EXPECT_EQ(dialer->received, "");
  rules.release(1);
  run_until([&] { return dialer->received == "held"; });
}

TEST_F(ProxyTest, a_held_stream_stops_its_sender_and_loses_nothing) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  rules.block(1, {link});
  std::string much;
  much.resize(20'000'000, 'x');
  std::size_t written = 0;
  asio::async_write(dialer->socket, asio::buffer(much),
                    [&](auto, std::size_t size) { written = size; });
  run_all_that_is_ready();
  EXPECT_EQ(written, 0u);
  rules.release(1);
  run_until([&] { return acceptor->received.size() == much.size(); });
  EXPECT_EQ(written, much.size());
}

// Sizes around what the relay reads before it makes way for other connections: its last read must
// not be left unwritten until something else arrives.
TEST_F(ProxyTest, the_end_of_a_burst_is_not_kept_back) {
  for (std::size_t size = 800'000; size < 1'200'000; size += 20'000) {
    use(Framing::bytes);
    auto dialer = dial();
    auto acceptor = accept();
    rules.block(1, {link});
    const std::string burst(size, 'x');
    asio::async_write(dialer->socket, asio::buffer(burst), [](auto, std::size_t) {});
    run_all_that_is_ready();
    rules.release(1);
    ASSERT_NO_FATAL_FAILURE(run_until([&] { return acceptor->received.size() == size; }));
  }
}

TEST_F(ProxyTest, a_byte_link_that_is_blocked_when_dialed_connects_on_healing) {
  use(Framing::bytes);
  rules.block(1, {link});
  auto dialer = dial();
  dialer->send("early");
  run_all_that_is_ready();
  EXPECT_EQ(proxy->statistics(link).connections, 0u);
  rules.release(1);
  auto acceptor = accept();
  run_until([&] { return acceptor->received == "early"; });
}

TEST_F(ProxyTest, an_attempt_given_up_while_its_link_was_blocked_is_forgotten) {
  use(Framing::bytes);
  rules.block(1, {link});
  auto dialer = dial();
  dialer->send("early");
  run_all_that_is_ready();
  dialer->socket.close();
  rules.release(1);
  run_all_that_is_ready();
  EXPECT_EQ(proxy->statistics(link).connections, 0u);
}

TEST_F(ProxyTest, a_byte_stream_may_be_closed_in_one_direction) {
  use(Framing::bytes);
  auto dialer = dial();
  auto acceptor = accept();
  dialer->send("last");
  dialer->socket.shutdown(tcp::socket::shutdown_send);
  run_until([&] { return acceptor->closed; });
  EXPECT_EQ(acceptor->received, "last");
  acceptor->send("still");
  run_until([&] { return dialer->received == "still"; });
}

TEST_F(ProxyTest, when_the_destination_dies_the_source_is_closed) {
  for (Framing framing : {Framing::frames, Framing::bytes}) {
    use(framing);
    auto sender = dial();
    auto receiver = accept();
    receiver->socket.close();
    run_until([&] { return sender->closed; });
  }
}

TEST_F(ProxyTest, an_attempt_to_reach_a_dead_node_is_closed_and_works_after_its_restart) {
  use(Framing::frames);
  node_2.reset();
  auto early = dial();
  run_until([&] { return early->closed; });
  EXPECT_EQ(proxy->statistics(link).refused_connections, 1u);
  node_2 = std::make_unique<tcp::acceptor>(io, node_2_endpoint);
  auto sender = dial();
  auto receiver = accept();
  sender->send(frame("again"));
  run_until([&] { return receiver->received == frame("again"); });
}

TEST_F(ProxyTest, a_slow_receiver_stops_the_sender_and_loses_nothing) {
  use(Framing::frames);
  auto sender = dial();
  run_until([&] { return proxy->statistics(link).connections == 1; });
  tcp::socket receiver = node_2->accept();
  std::string sent;
  for (int i = 0; i < 200; ++i)
    sent += frame(std::string(100'000, static_cast<char>('a' + i % 26)));
  std::size_t written = 0;
  asio::async_write(sender->socket, asio::buffer(sent),
                    [&](auto, std::size_t size) { written = size; });
  run_all_that_is_ready();
  EXPECT_EQ(written, 0u);
  Peer peer(std::move(receiver));
  run_until([&] { return peer.received.size() == sent.size(); });
  EXPECT_TRUE(peer.received == sent);
}

MessageFault message_fault(MessageEffect effect) {
  MessageFault fault;
  fault.effect = effect;
  return fault;
}

TEST_F(ProxyTest, messages_of_the_chosen_type_are_dropped_and_others_pass) {
  use(Framing::frames);
  MessageFault drop = message_fault(MessageEffect::drop);
  drop.types = {FrameType::request_vote};
  rules.add(1, {link}, drop, 7);
  auto sender = dial();
  auto receiver = accept();
  sender->send(test_frame(FrameType::request_vote, "lost") + frame("kept"));
  run_until([&] { return receiver->received == frame("kept"); });
  EXPECT_EQ(proxy->statistics(link).frames_dropped, 1u);
}

TEST_F(ProxyTest, what_leaders_send_is_seen_in_parts_and_though_it_is_dropped) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  const std::string term_7 =
      test_frame(FrameType::install_snapshot, std::string("\x07\0\0\0\0\0\0\0...", 11));
  sender->send(term_7.substr(0, 25));
  run_until([&] { return receiver->received == term_7.substr(0, 25); });
  EXPECT_THAT(watched, testing::IsEmpty());
  sender->send(term_7.substr(25));
  run_until([&] { return receiver->received == term_7; });
  rules.block(1, {link});
  sender->send(term_7);
  run_until([&] { return proxy->statistics(link).frames_dropped == 1; });
  EXPECT_THAT(watched, testing::ElementsAre(7, 7));
}

TEST_F(ProxyTest, a_duplicated_message_arrives_twice) {
  use(Framing::frames);
  rules.add(1, {link}, message_fault(MessageEffect::duplicate), 7);
  auto sender = dial();
  auto receiver = accept();
  sender->send(frame("twice"));
  run_until([&] { return receiver->received == frame("twice") + frame("twice"); });
}

TEST_F(ProxyTest, delayed_messages_arrive_late_and_in_order) {
  use(Framing::frames);
  MessageFault delay = message_fault(MessageEffect::delay);
  delay.shape = DelayShape::jitter;
  delay.delay = 20ms;
  rules.add(1, {link}, delay, 7);
  auto sender = dial();
  auto receiver = accept();
  std::string sent;
  for (int i = 0; i < 50; ++i) sent += frame(std::to_string(i));
  const auto begin = std::chrono::steady_clock::now();
  sender->send(sent);
  run_until([&] { return receiver->received.size() == sent.size(); });
  EXPECT_EQ(receiver->received, sent);
  // The longest of 50 draws between 0 and 40 ms.
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 30ms);
}

TEST_F(ProxyTest, reordered_messages_all_arrive_but_not_in_order) {
  use(Framing::frames);
  MessageFault reorder = message_fault(MessageEffect::reorder);
  reorder.delay = 5ms;
  reorder.probability = 0.5;
  rules.add(1, {link}, reorder, 7);
  auto sender = dial();
  auto receiver = accept();
  std::string sent;
  for (char i = 'a'; i <= 'z'; ++i) sent += frame(std::string(1, i));
  sender->send(sent);
  run_until([&] { return receiver->received.size() == sent.size(); });
  EXPECT_NE(receiver->received, sent);
  std::string sorted_received = receiver->received;
  std::sort(sorted_received.begin(), sorted_received.end());
  std::sort(sent.begin(), sent.end());
  EXPECT_EQ(sorted_received, sent);
}

TEST_F(ProxyTest, a_corrupted_message_differs_in_one_bit_of_its_payload) {
  use(Framing::frames);
  rules.add(1, {link}, message_fault(MessageEffect::corrupt), 7);
  auto sender = dial();
  auto receiver = accept();
  const std::string sent = frame(std::string(100, '\0'));
  sender->send(sent);
  run_until([&] { return receiver->received.size() == sent.size(); });
  int bits = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const int changed =
        __builtin_popcount(static_cast<unsigned char>(sent[i] ^ receiver->received[i]));
    bits += changed;
  }
  EXPECT_EQ(bits, 1);
  EXPECT_EQ(receiver->received.substr(0, frame_header_bytes), sent.substr(0, frame_header_bytes));
}

TEST_F(ProxyTest, a_healed_link_delivers_what_was_delayed_and_carries_on_at_once) {
  use(Framing::frames);
  MessageFault delay = message_fault(MessageEffect::delay);
  delay.delay = 1h;
  rules.add(1, {link}, delay, 7);
  auto sender = dial();
  auto receiver = accept();
  sender->send(frame("late") + frame("later"));
  run_all_that_is_ready();
  EXPECT_EQ(receiver->received, "");
  rules.release(1);
  sender->send(frame("after"));
  const std::string all = frame("late") + frame("later") + frame("after");
  run_until([&] { return receiver->received.size() == all.size(); });
  EXPECT_EQ(receiver->received, all);
}

TEST_F(ProxyTest, a_throttled_stream_takes_its_time) {
  use(Framing::bytes);
  MessageFault throttle = message_fault(MessageEffect::throttle);
  throttle.bytes_per_second = 1'000'000;
  rules.add(1, {link}, throttle, 7);
  auto dialer = dial();
  auto acceptor = accept();
  const auto begin = std::chrono::steady_clock::now();
  dialer->send(std::string(50'000, 'x'));
  run_until([&] { return acceptor->received.size() == 50'000; });
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 50ms);
}

TEST_F(ProxyTest, a_cut_link_loses_its_connections_and_makes_none_until_healed) {
  for (Framing framing : {Framing::frames, Framing::bytes}) {
    use(framing);
    auto sender = dial();
    auto receiver = accept();
    rules.cut(1, {link});
    run_until([&] { return sender->closed && receiver->closed; });
    auto refused = dial();
    run_until([&] { return refused->closed; });
    rules.release(1);
    auto again = dial();
    accept();
  }
}

TEST_F(ProxyTest, a_reset_tears_connections_down_and_new_ones_work) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  rules.reset({link});
  run_until([&] { return sender->closed && receiver->closed; });
  EXPECT_EQ(sender->error, asio::error::connection_reset);
  EXPECT_EQ(receiver->error, asio::error::connection_reset);
  auto again = dial();
  accept();
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

std::set<int> inheritable_descriptors() {
  std::set<int> found;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) found.insert(descriptor);
  }
  return found;
}

TEST_F(ProxyTest, thousands_of_reconnects_leak_no_descriptor) {
  use(Framing::frames);
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 2000; ++i) {
    auto sender = dial();
    auto receiver = accept();
    sender->socket.close();
    run_until([&] { return receiver->closed; });
  }
  run_all_that_is_ready();
  EXPECT_EQ(proxy->statistics(link).connections, 2000u);
  EXPECT_EQ(open_descriptors(), before);
}

// The test's own end of the connection is one of Asio's sockets, which are inherited.
TEST_F(ProxyTest, no_child_process_inherits_its_descriptors) {
  const std::set<int> before = inheritable_descriptors();
  use(Framing::frames);
  auto sender = dial();
  const int own = sender->socket.native_handle();
  run_until([&] { return proxy->statistics(link).connections == 1; });
  std::set<int> expected = before;
  expected.insert(own);
  EXPECT_EQ(inheritable_descriptors(), expected);
}

TEST_F(ProxyTest, an_address_in_use_is_named) {
  use(Framing::frames);
  try {
    proxy->add_link({2, 1}, entrance, node_2_endpoint);
    FAIL();
  } catch (const boost::system::system_error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("cannot listen at 127.0.0.1:" + std::to_string(entrance.port())));
  }
}

TEST_F(ProxyTest, closed_it_leaves_the_io_context_without_work) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  proxy->close();
  run_until([&] { return sender->closed && receiver->closed; });
  node_2.reset();
  io.restart();
  io.run();
}

}  // namespace
}  // namespace sunder::nemesis
