#include "node/net/message_codec.h"

#include <stdexcept>
#include <variant>

#include <fmt/format.h>

#include "node/api/message_fields.h"

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
    write_flag(out_, body.leadership_transfer);
  }
  void operator()(const VoteReply& body) { write_flag(out_, body.granted); }
  void operator()(const PreVote& body) { position(body.last); }
  void operator()(const PreVoteReply& body) { write_flag(out_, body.granted); }
  void operator()(const AppendEntries& body) {
    write_append(out_, {body.previous.term, body.previous.index, body.commit_index, body.round,
                        static_cast<std::uint32_t>(body.entries.size())});
    for (const auto& entry : body.entries) {
      write_entry(out_,
                  {entry->position.term, static_cast<std::uint8_t>(entry->type), entry->data});
    }
  }
  void operator()(const AppendReply& body) {
    write_append_reply(out_, {body.accepted, body.index});
    position(body.hint);
    out_.number(body.round);
  }
  void operator()(const InstallSnapshot& body) {
    position(body.last);
    write_index(out_, body.configuration_index);
    out_.text(encode(body.configuration));
    out_.number(body.offset);
    out_.number(body.size_bytes);
    out_.number(body.round);
    out_.text(body.piece);
  }
  void operator()(const SnapshotReply& body) {
    position(body.last);
    out_.number(body.received_bytes);
    write_flag(out_, body.installed);
    out_.number(body.round);
  }
  void operator()(const TimeoutNow&) {}

 private:
  void position(LogPosition position) {
    write_term(out_, position.term);
    write_index(out_, position.index);
  }

  ByteWriter& out_;
};

class Decoder {
 public:
  explicit Decoder(ByteReader& in) : in_(in) {}

  Body body_of(FrameType type) {
    switch (type) {
      case FrameType::request_vote: {
        const auto last = position();
        return RequestVote{last, read_flag(in_)};
      }
      case FrameType::vote_reply:
        return VoteReply{read_flag(in_)};
      case FrameType::pre_vote:
        return PreVote{position()};
      case FrameType::pre_vote_reply:
        return PreVoteReply{read_flag(in_)};
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
    const auto fields = read_append(in_);
    AppendEntries body;
    body.previous = {fields.previous_term, fields.previous_index};
    body.commit_index = fields.commit_index;
    body.round = fields.round;
    auto at = body.previous;
    for (auto left = fields.entries; left > 0; --left) {
      const auto entry = read_entry(in_);
      if (entry.term < at.term) throw std::runtime_error("entries whose terms fall");
      if (entry.type < 1 || entry.type > 3) {
        throw std::runtime_error(fmt::format("an entry of type {}", entry.type));
      }
      at = {entry.term, at.index.next()};
      const auto type = static_cast<EntryType>(entry.type);
      body.entries.push_back(make_entry(at, type, std::string(entry.data)));
      if (type == EntryType::configuration) decode_configuration(entry.data);
    }
    return body;
  }
  AppendReply append_reply() {
    const auto fields = read_append_reply(in_);
    AppendReply body;
    body.accepted = fields.accepted;
    body.index = fields.index;
    body.hint = position();
    body.round = in_.number<std::uint64_t>();
    return body;
  }
  InstallSnapshot install_snapshot() {
    InstallSnapshot body;
    body.last = position();
    body.configuration_index = read_index(in_);
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
    body.installed = read_flag(in_);
    body.round = in_.number<std::uint64_t>();
    return body;
  }

  LogPosition position() {
    const auto term = read_term(in_);
    return {term, read_index(in_)};
  }

  ByteReader& in_;
};

}  // namespace

std::string encode_message(const Message& message) {
  std::string payload;
  ByteWriter out(payload);
  write_term(out, message.term);
  std::visit(Encoder(out), message.body);
  return make_frame(frame_types[message.body.index()], message.from, message.to, payload);
}

Message decode_message(const FrameHeader& header, std::string_view payload) {
  ByteReader in(payload);
  const auto term = read_term(in);
  Message message{header.from, header.to, term, Decoder(in).body_of(header.type)};
  in.expect_end();
  return message;
}

}  // namespace sunder
