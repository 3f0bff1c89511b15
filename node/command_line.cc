#include "node/command_line.h"

#include <charconv>
#include <stdexcept>
#include <utility>
#include <vector>

#include <cxxopts.hpp>
#include <fmt/format.h>

#include "node/api/address.h"
#include "node/api/duration.h"
#include "node/log_line.h"

namespace sunder {
namespace {

using boost::asio::ip::tcp;
using Strings = std::vector<std::string>;

template <typename Number = std::int64_t>
Number parse_number(std::string_view flag, std::string_view text, Number least, Number greatest) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || number < least || number > greatest) {
    throw std::invalid_argument(
        fmt::format("--{} {}: allowed are {} to {}", flag, text, least, greatest));
  }
  return number;
}

double parse_rate(std::string_view flag, std::string_view text) {
  double rate = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, rate);
  const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end;
  if (!is_number || !(rate >= admin_protocol::least_clock_rate) ||
      !(rate <= admin_protocol::greatest_clock_rate)) {
    throw std::invalid_argument(fmt::format("--{} {}: allowed are {} to {}", flag, text,
                                            admin_protocol::least_clock_rate,
                                            admin_protocol::greatest_clock_rate));
  }
  return rate;
}

Duration parse_timeout(std::string_view flag, std::string_view text) {
  const auto duration = parse_duration(text);
  if (duration && *duration > Duration::zero()) return *duration;
  throw std::invalid_argument(fmt::format(
      "--{} {}: a time with its unit is expected, such as 150ms, 30s or 2m", flag, text));
}

NodeId parse_node(std::string_view flag, std::string_view text) {
  // A frame has one byte for it.
  return NodeId{parse_number<std::int64_t>(flag, text, 1, 255)};
}

tcp::endpoint parse_endpoint(std::string_view flag, std::string_view text) {
  try {
    return parse_address(text);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("--{}: {}", flag, error.what()));
  }
}

/// "2=127.0.0.1:7102"
std::pair<NodeId, tcp::endpoint> parse_peer(std::string_view flag, std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) {
    throw std::invalid_argument(fmt::format("--{} {}: allowed is 2=127.0.0.1:7102", flag, text));
  }
  return {parse_node(flag, text.substr(0, equals)), parse_endpoint(flag, text.substr(equals + 1))};
}

std::map<NodeId, tcp::endpoint> peers_in(const NodeFlags& flags, const char* flag) {
  std::map<NodeId, tcp::endpoint> peers;
  for (const auto& text : flags.texts(flag)) {
    const auto peer = parse_peer(flag, text);
    if (!peers.insert(peer).second) {
      throw std::invalid_argument(fmt::format("--{} names {} twice", flag, name_of(peer.first)));
    }
  }
  return peers;
}

std::set<NodeId> voters_in(const NodeFlags& flags, const ServerOptions& options) {
  std::set<NodeId> voters;
  for (const auto& text : flags.texts("voters")) voters.insert(parse_node("voters", text));
  if (!voters.empty()) return voters;
  voters.insert(options.id);
  for (const auto& [peer, address] : options.peers) voters.insert(peer);
  return voters;
}

cxxopts::Options common_flags(const std::string& program) {
  using cxxopts::value;
  cxxopts::Options options(program, "A Raft server with a key-value store.");
  // clang-format off
  options.add_options()
      ("id", "this node's number, 1 to 255", value<std::string>(), "N")
      ("data", "folder for the log and snapshots", value<std::string>(), "DIR")
      ("client", "address to serve clients on", value<std::string>(), "ADDRESS")
      ("listen", "address to hear other nodes on", value<std::string>(), "ADDRESS")
      ("peer", "where to dial another node; once for each", value<Strings>(), "N=ADDRESS")
      ("client-of", "where clients reach another node; once for each", value<Strings>(),
       "N=ADDRESS")
      ("voters", "of a new cluster (default: this node and all peers)", value<Strings>(), "N,N,...")
      ("snapshot-every", "entries between two snapshots, 0 for never",
       value<std::string>()->default_value("10000"), "N")
      ("segment-bytes", "of the log before the next segment is begun",
       value<std::string>()->default_value(std::to_string(ServerOptions{}.segment_bytes)), "N")
      ("piece-bytes", "of a snapshot that are sent at once",
       value<std::string>()->default_value(std::to_string(ServerOptions{}.piece_bytes)), "N")
      ("append-bytes", "of entries in one message to a follower, which has one at least",
       value<std::string>()->default_value(std::to_string(ServerOptions{}.append_bytes)), "N")
      ("election-timeout", "T: elections start after T to 2T without a leader",
       value<std::string>()->default_value("150ms"), "TIME")
      ("seed", "of the random election timeouts", value<std::string>()->default_value("0"), "N")
      ("trace-fd", "descriptor to write the trace to", value<std::string>(), "N")
      ("epoch", "monotonic nanoseconds from which trace times count",
       value<std::string>()->default_value("0"), "NS")
      ("no-sync", "do not sync the log: a power loss may lose what was promised")
      ("no-pre-vote", "stand for election without asking first (thesis 9.6)")
      ("no-check-quorum",
       "a leader that hears nobody stays, and nobody shields it (thesis 6.2, 4.2.3)")
      ("lease",
       "answer reads without asking a quorum for 9/10 of T after one answered (thesis 6.4.1). All "
       "nodes must have this flag, none --no-check-quorum, and clocks whose rates differ by less "
       "than a tenth. --no-pre-vote is allowed")
      ("clock-rate", "seconds the clock shows in a second", value<std::string>()->default_value("1"),
       "RATE")
      ("clock-ahead", "microseconds the clock is ahead, negative if behind",
       value<std::string>()->default_value("0"), "US")
      ("help", "this text");
  // clang-format on
  return options;
}

}  // namespace

struct NodeFlags::Parser {
  cxxopts::Options options;
  cxxopts::ParseResult result;
};

NodeFlags::NodeFlags(const std::string& program)
    : parser_(std::make_unique<Parser>(Parser{common_flags(program), {}})) {}

NodeFlags::~NodeFlags() = default;

void NodeFlags::add_value(const std::string& flag, const std::string& summary,
                          const std::string& placeholder) {
  parser_->options.add_options()(flag, summary, cxxopts::value<std::string>(), placeholder);
}

void NodeFlags::add_toggle(const std::string& flag, const std::string& summary) {
  parser_->options.add_options()(flag, summary);
}

bool NodeFlags::parse(int argc, char** argv) {
  try {
    parser_->result = parser_->options.parse(argc, argv);
  } catch (const cxxopts::exceptions::exception& error) {
    throw std::invalid_argument(error.what());
  }
  if (given("help")) {
    fmt::print("{}\n", parser_->options.help());
    return false;
  }
  const auto& unmatched = parser_->result.unmatched();
  if (unmatched.empty()) return true;
  throw std::invalid_argument(fmt::format("\"{}\" is not a flag", unmatched.front()));
}

bool NodeFlags::given(const std::string& flag) const {
  return parser_->result.count(flag) != 0;
}

std::string NodeFlags::text(const std::string& flag) const {
  const auto& option = parser_->result[flag];
  if (!given(flag) && !option.has_default()) {
    throw std::invalid_argument(fmt::format("--{} is missing", flag));
  }
  return option.as<std::string>();
}

std::vector<std::string> NodeFlags::texts(const std::string& flag) const {
  if (!given(flag)) return {};
  return parser_->result[flag].as<Strings>();
}

ServerOptions NodeFlags::server_options() const {
  ServerOptions options;
  options.id = parse_node("id", text("id"));
  options.data = text("data");
  options.client_address = parse_endpoint("client", text("client"));
  options.peer_address = parse_endpoint("listen", text("listen"));
  options.peers = peers_in(*this, "peer");
  if (options.peers.contains(options.id)) {
    throw std::invalid_argument("--peer names this node itself");
  }
  options.voters = voters_in(*this, options);
  options.snapshot_every = static_cast<std::uint64_t>(
      parse_number<std::int64_t>("snapshot-every", text("snapshot-every"), 0, INT64_MAX));
  options.append_bytes = static_cast<std::size_t>(
      parse_number<std::int64_t>("append-bytes", text("append-bytes"), 0, INT64_MAX));
  for (const auto& [node, address] : peers_in(*this, "client-of")) {
    options.client_addresses[node] = to_text(address);
  }
  constexpr std::int64_t most_bytes = 64 << 20;
  options.segment_bytes = static_cast<std::size_t>(
      parse_number<std::int64_t>("segment-bytes", text("segment-bytes"), 1024, most_bytes));
  options.piece_bytes = static_cast<std::size_t>(
      parse_number<std::int64_t>("piece-bytes", text("piece-bytes"), 1, most_bytes));
  options.election_timeout = parse_timeout("election-timeout", text("election-timeout"));
  options.seed = parse_number<std::uint64_t>("seed", text("seed"), 0, UINT64_MAX);
  if (given("trace-fd")) {
    options.trace_descriptor =
        static_cast<int>(parse_number<std::int64_t>("trace-fd", text("trace-fd"), 0, 1'000'000));
  }
  options.epoch =
      std::chrono::nanoseconds(parse_number<std::int64_t>("epoch", text("epoch"), 0, INT64_MAX));
  options.is_synced = !given("no-sync");
  options.pre_vote = !given("no-pre-vote");
  options.check_quorum = !given("no-check-quorum");
  options.lease = given("lease");
  if (options.lease && !options.check_quorum) {
    throw std::invalid_argument(
        "--lease needs check-quorum: leave out --no-check-quorum, or --lease");
  }
  constexpr std::int64_t most = admin_protocol::greatest_clock_offset.count();
  options.clock.rate = parse_rate("clock-rate", text("clock-rate"));
  options.clock.ahead = std::chrono::microseconds(
      parse_number<std::int64_t>("clock-ahead", text("clock-ahead"), -most, most));
  return options;
}

int guarded_main(const std::string& program, const std::function<void()>& body) {
  try {
    body();
    return 0;
  } catch (const std::invalid_argument& error) {
    log_line("{}: {}", program, error.what());
  } catch (const std::exception& error) {
    log_line("{}: {}", program, error.what());
    return exit_environment;
  }
  return exit_bad_arguments;
}

}  // namespace sunder
