#include "nemesis/network/switch/fabric.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "nemesis/network/switch/forged_reset.h"
#include "nemesis/network/switch/wire_packets.h"

namespace sunder::nemesis {
namespace {

// Packets have no type of sunder's own messages.
constexpr auto untyped = static_cast<FrameType>(0);

constexpr std::size_t most_queued_bytes = std::size_t{16} << 20;
constexpr std::size_t least_queue_bytes = std::size_t{64} << 10;

// A slow link queues what it carries in a second: more would be late by minutes.
std::size_t queue_limit(const LinkState& state) {
  const auto rate = state.fates == nullptr ? std::nullopt : state.fates->bytes_per_second();
  if (!rate) return most_queued_bytes;
  return std::clamp(static_cast<std::size_t>(*rate), least_queue_bytes, most_queued_bytes);
}

bool is_lossy(const LinkState& state) {
  return state.is_blocked || state.is_cut ||
         (state.fates != nullptr && state.fates->strikes_single_messages());
}

}  // namespace

Fabric::Fabric(LinkRules& rules, const std::vector<Port>& ports, bool releases_last_frames,
               Output& output)
    : rules_(rules),
      ports_(ports),
      has_gone_(ports.size()),
      releases_last_frames_(releases_last_frames),
      output_(output) {
  for (std::size_t from = 0; from < ports.size(); ++from) {
    for (std::size_t to = 0; to < ports.size(); ++to) {
      if (from == to) {
        carriers_.push_back(nullptr);
        continue;
      }
      const Link link{ports[from].who, ports[to].who};
      TcpFlows& flows = flows_[std::min(link, reverse(link))];
      carriers_.push_back(std::make_unique<Carrier>(
          Carrier{link, from, to, link < reverse(link) ? Side::first : Side::second, flows,
                  InFlight<Message>(rules, link, Traffic::messages)}));
      rules_changed(link, {});
    }
  }
}

Fabric::Contents Fabric::contents_of(FrameView frame) {
  Contents contents{ipv4_in(frame), {}};
  if (contents.packet) contents.tcp = tcp_in(frame, *contents.packet);
  return contents;
}

Fabric::Carrier* Fabric::find(Link link) {
  const auto found = std::find_if(carriers_.begin(), carriers_.end(), [&](const auto& carrier) {
    return carrier && carrier->link == link;
  });
  return found == carriers_.end() ? nullptr : found->get();
}

const LinkStatistics& Fabric::statistics(Link link) const {
  const auto found = std::find_if(carriers_.begin(), carriers_.end(), [&](const auto& carrier) {
    return carrier && carrier->link == link;
  });
  if (found == carriers_.end()) throw std::out_of_range("the switch has no such link");
  return (*found)->statistics;
}

LinkStatistics Fabric::total() const {
  LinkStatistics total;
  for (const auto& carrier : carriers_) {
    if (carrier) total += carrier->statistics;
  }
  return total;
}

void Fabric::receive(std::size_t port, FrameView frame, Time now) {
  if (frame.size() < packet_begin) {
    ++undeliverable_;
    return;
  }
  const MacAddress destination = destination_of(frame);
  const bool is_group = is_for_a_group(destination);
  const Contents contents = contents_of(frame);
  bool is_known = false;
  for (std::size_t to = 0; to < ports_.size(); ++to) {
    if (to == port || (!is_group && ports_[to].mac != destination)) continue;
    is_known = true;
    carry(*carriers_[port * ports_.size() + to], frame, contents, now);
  }
  if (!is_known) ++undeliverable_;
}

void Fabric::carry(Carrier& carrier, FrameView frame, const Contents& contents, Time now) {
  if (has_gone_[carrier.to_port]) {
    ++undeliverable_;
    return;
  }
  if (contents.tcp) {
    const auto answer = carrier.flows.sent(carrier.sender, *contents.packet, *contents.tcp);
    if (answer) {
      carrier.statistics.frames_dropped += packets_in(frame);
      send(carrier, *answer);
      return;
    }
  }
  if (!carrier.is_open) return judge(carrier, frame, now);
  note_delivery(carrier, frame, contents);
  output_.pass(carrier.to_port, frame);
}

void Fabric::judge(Carrier& carrier, FrameView frame, Time now) {
  const LinkState state = rules_.state(carrier.link);
  if (carrier.in_flight.passage() == Passage::lost) return lose(carrier, frame);
  if (state.fates != nullptr && state.fates->strikes_single_messages()) {
    for (auto& packet : wire_packets(frame)) {
      enqueue(carrier, std::make_shared<const Frame>(std::move(packet)), now);
    }
  } else {
    enqueue(carrier, std::make_shared<const Frame>(frame.begin(), frame.end()), now);
  }
  deliver_due(carrier, now);
}

void Fabric::enqueue(Carrier& carrier, const Message& message, Time now) {
  const std::size_t size = message->size() - offload_bytes;
  const bool fits =
      carrier.in_flight.size_bytes() + size <= queue_limit(rules_.state(carrier.link));
  if (!fits || carrier.in_flight.send(message, untyped, size, now) == 0) {
    return lose(carrier, *message);
  }
  busy_.insert(carrier.from_port * ports_.size() + carrier.to_port);
}

void Fabric::deliver_due(Time now) {
  // Delivery changes the set.
  const std::vector<std::size_t> busy(busy_.begin(), busy_.end());
  for (const std::size_t index : busy) deliver_due(*carriers_[index], now);
}

void Fabric::deliver_due(Carrier& carrier, Time now) {
  while (auto arrival = carrier.in_flight.take_due(now)) {
    Message message = std::move(arrival->message);
    if (arrival->is_lost) {
      lose(carrier, *message);
      continue;
    }
    if (arrival->corrupted_byte) {
      Frame damaged = *message;
      if (!corrupt(damaged, *arrival->corrupted_byte)) {
        lose(carrier, *message);
        continue;
      }
      // TCP sends it again: for the flow it was not delivered.
      carrier.statistics.frames_forwarded += 1;
      carrier.statistics.bytes_forwarded += damaged.size() - offload_bytes;
      output_.send(carrier.to_port, std::make_shared<const Frame>(std::move(damaged)));
      continue;
    }
    note_delivery(carrier, *message, contents_of(*message));
    output_.send(carrier.to_port, std::move(message));
  }
  if (!carrier.in_flight.empty()) return;
  busy_.erase(carrier.from_port * ports_.size() + carrier.to_port);
  carrier.is_open = carrier.in_flight.passage() == Passage::open;
}

std::optional<Fabric::Time> Fabric::next_due() const {
  std::optional<Time> next;
  for (const std::size_t index : busy_) {
    const auto due = carriers_[index]->in_flight.next_due();
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

// A cut link refuses connections: it answers what it loses with a reset, to both ends.
void Fabric::lose(Carrier& carrier, FrameView frame) {
  carrier.statistics.frames_dropped += packets_in(frame);
  const Contents contents = contents_of(frame);
  if (!contents.tcp) return;
  if (!rules_.is_cut(carrier.link)) {
    if (releases_last_frames_) carrier.last_lost.keep(*contents.packet, *contents.tcp, frame);
    return;
  }
  if (contents.tcp->has(TcpSegment::syn)) ++carrier.statistics.refused_connections;
  for (const auto& reset : carrier.flows.tear(carrier.sender, *contents.packet, *contents.tcp)) {
    send(carrier, reset);
  }
}

void Fabric::note_delivery(Carrier& carrier, FrameView frame, const Contents& contents) {
  carrier.statistics.frames_forwarded += packets_in(frame);
  carrier.statistics.bytes_forwarded += frame.size() - offload_bytes;
  if (!contents.tcp) return;
  carrier.flows.delivered(carrier.sender, *contents.packet, *contents.tcp);
  if (!carrier.last_lost.empty()) carrier.last_lost.forget(*contents.packet, *contents.tcp);
  if (contents.tcp->has(TcpSegment::syn) && !contents.tcp->has(TcpSegment::ack_flag)) {
    ++carrier.statistics.connections;
  }
}

void Fabric::send(const Carrier& carrier, const TcpReset& reset) {
  const bool back = reset.receiver == carrier.sender;
  const std::size_t receiver = back ? carrier.from_port : carrier.to_port;
  const std::size_t peer = back ? carrier.to_port : carrier.from_port;
  if (has_gone_[receiver]) return;
  output_.send(receiver, std::make_shared<const Frame>(
                             forged_reset(reset, ports_[receiver].mac, ports_[peer].mac)));
}

void Fabric::tear_all(Carrier& carrier) {
  for (const auto& reset : carrier.flows.tear_all()) send(carrier, reset);
}

void Fabric::rules_changed(Link link, Time now) {
  Carrier* carrier = find(link);
  if (carrier == nullptr) return;
  const LinkState state = rules_.state(link);
  carrier->in_flight.rules_changed();
  if (state.is_cut && !carrier->was_cut) {
    carrier->last_lost.take();
    tear_all(*carrier);
  }
  const bool healed = !is_lossy(state) && (carrier->was_lossy || state.fates == nullptr);
  carrier->was_cut = state.is_cut;
  carrier->was_lossy = is_lossy(state);
  if (healed) release_last_lost(*carrier, now);
  deliver_due(*carrier, now);
}

void Fabric::release_last_lost(Carrier& carrier, Time now) {
  for (const auto& frame : carrier.last_lost.take()) enqueue(carrier, frame, now);
}

void Fabric::reset(Link link) {
  for (Carrier* carrier : {find(link), find(reverse(link))}) {
    if (carrier == nullptr) return;
    carrier->in_flight.lose_all();
    carrier->last_lost.take();
    deliver_due(*carrier, {});
  }
  tear_all(*find(link));
}

void Fabric::port_has_gone(std::size_t port) {
  has_gone_[port] = true;
}

}  // namespace sunder::nemesis
