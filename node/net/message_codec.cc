#include "node/net/message_codec.h"

#include <stdexcept>
#include <variant>

#include <fmt/format.h>

#include "node/disk/bytes.h"

namespace sunder {
namespace {

using namespace raft;

/// In the order of Body's alternatives.
constexpr FrameType frame_types[] = {
    FrameType::request_vote,     FrameType::vote_reply,     FrameType::pre_vote,
    FrameType::pre_vote_reply,   FrameType::append_entries, FrameType::append_reply,
    FrameType::install_snapshot, FrameType::snapshot_reply, FrameType::timeout_now};
static_assert(std::size(frame_types) == std::variant_size_v<Body>);

class Encoder {
 public:
  explicit Encoder(ByteWriter& out) : out_(out) {}

  void operator()(const RequestVote& body) {
    position(body.last);
    boolean(body.leadership_transfer);
  }
  void operator()(const VoteReply& body) { boolean(body.granted); }
  void operator()(const PreVote& body) { position(body.last); }
  void operator()(const PreVoteReply& body) { boolean(body.granted); }
  void operator()(const AppendEntries& body) {
    position(body.previous);
    out_.number(body.commit_index.value);
    out_.number(body.round);
    out_.number(static_cast<std::uint32_t>(body.entries.size()));
    // Their indexes follow from `previous`.
    for (const auto& entry : body.entries) {
      out_.number(entry->position.term.value);
      out_.number(static_cast<std::uint8_t>(entry->type));
      out_.text(entry->data);
    }
  }
  void operator()(const AppendReply& body) {
    boolean(body.accepted);
    out_.number(body.index.value);
    position(body.hint);
    out_.number(body.round);
  }
  void operator()(const InstallSnapshot& body) {
    position(body.last);
    out_.number(body.configuration_index.value);
    out_.text(encode(body.configuration));
    out_.number(body.offset);
    out_.number(body.size_bytes);
    out_.number(body.round);
    out_.text(body.piece);
  }
  void operator()(const SnapshotReply& body) {
    position(body.last);
    out_.number(body.received_bytes);
    boolean(body.installed);
    out_.number(body.round);
  }
  void operator()(const TimeoutNow&) {}

 private:
  void position(LogPosition position) {
    out_.number(position.term.value);
    out_.number(position.index.value);
  }
  void boolean(bool value) { out_.number(static_cast<std::uint8_t>(value)); }

  ByteWriter& out_;
};

class Decoder {
 public:
  explicit Decoder(ByteReader& in) : in_(in) {}

  Body body_of(FrameType type) {
    switch (type) {
      case FrameType::request_vote: {
        const auto last = position();
        return RequestVote{last, boolean()};
      }
      case FrameType::vote_reply:
        return VoteReply{boolean()};
      case FrameType::pre_vote:
        return PreVote{position()};
      case FrameType::pre_vote_reply:
        return PreVoteReply{boolean()};
      case FrameType::append_entries:
        return append_entries();
      case FrameType::append_reply:
        return append_reply();
      case FrameType::install_snapshot:
        return install_snapshot();
      case FrameType::snapshot_reply:
        return snapshot_reply();
      case FrameType::timeout_now:
        return TimeoutNow{};
      case FrameType::hello:
        break;
    }
    throw std::runtime_error(fmt::format("a frame of type {}", static_cast<int>(type)));
  }

 private:
  AppendEntries append_entries() {
    AppendEntries body;
    body.previous = position();
    body.commit_index = index();
    body.round = in_.number<std::uint64_t>();
    auto at = body.previous;
    for (auto left = in_.number<std::uint32_t>(); left > 0; --left) {
      const Term term{in_.number<std::uint64_t>()};
      if (term < at.term) throw std::runtime_error("entries whose terms fall");
      at = {term, at.index.next()};
      const auto type = in_.number<std::uint8_t>();
      if (type < 1 || type > 3) throw std::runtime_error(fmt::format("an entry of type {}", type));
      body.entries.push_back(make_entry(at, static_cast<EntryType>(type), std::string(in_.text())));
      if (type == static_cast<std::uint8_t>(EntryType::configuration)) {
        decode_configuration(body.entries.back()->data);
      }
    }
    return body;
  }
  AppendReply append_reply() {
    AppendReply body;
    body.accepted = boolean();
    body.index = index();
    body.hint = position();
    body.round = in_.number<std::uint64_t>();
    return body;
  }
  InstallSnapshot install_snapshot() {
    InstallSnapshot body;
    body.last = position();
    body.configuration_index = index();
    body.configuration = decode_configuration(in_.text());
    body.offset = in_.number<std::uint64_t>();
    body.size_bytes = in_.number<std::uint64_t>();
    body.round = in_.number<std::uint64_t>();
    body.piece = in_.text();
    return body;
  }
  SnapshotReply snapshot_reply() {
    SnapshotReply body;
    body.last = position();
    body.received_bytes = in_.number<std::uint64_t>();
    body.installed = boolean();
    body.round = in_.number<std::uint64_t>();
    return body;
  }

  Index index() { return {in_.number<std::uint64_t>()}; }
  LogPosition position() {
    const Term term{in_.number<std::uint64_t>()};
    return {term, index()};
  }
  bool boolean() {
    const auto byte = in_.number<std::uint8_t>();
    if (byte > 1) throw std::runtime_error(fmt::format("a yes or no of {}", byte));
    return byte == 1;
  }

  ByteReader& in_;
};

}  // namespace

std::string encode_message(const Message& message) {
  std::string payload;
  ByteWriter out(payload);
  out.number(message.term.value);
  std::visit(Encoder(out), message.body);
  return make_frame(frame_types[message.body.index()], message.from, message.to, payload);
}

Message decode_message(const FrameHeader& header, std::string_view payload) {
  ByteReader in(payload);
  const Term term{in.number<std::uint64_t>()};
  Message message{header.from, header.to, term, Decoder(in).body_of(header.type)};
  in.expect_end();
  return message;
}

}  // namespace sunder
