#include "harness/driver/redis/reply.h"

#include <charconv>
#include <stdexcept>
#include <string_view>

namespace sunder::harness::redis {

namespace {

constexpr std::string_view end_of_line = "\r\n";
/// Of lists in lists. Scripts of sunder's answer two levels.
constexpr int max_levels = 8;

class ReplyReader {
 public:
  explicit ReplyReader(std::string_view text) : text_(text) {}

  std::optional<Reply> next(int levels = 0) {
    const auto end = text_.find(end_of_line, at_);
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text_.substr(at_, end - at_);
    at_ = end + end_of_line.size();
    if (line.empty() || levels > max_levels) refuse(line);
    const std::string rest(line.substr(1));
    switch (line.front()) {
      case '+':
        return Reply{Reply::Kind::text, rest};
      case '-':
        return Reply{Reply::Kind::error, rest};
      case ':':
        return Reply{Reply::Kind::integer, rest};
      case '$':
        return bulk(size_in(line));
      case '*':
        return list(size_in(line), levels);
      default:
        refuse(line);
    }
  }
  std::size_t at() const { return at_; }

 private:
  [[noreturn]] static void refuse(std::string_view line) {
    throw std::invalid_argument("no reply: " + std::string(line.substr(0, 100)));
  }

  static long size_in(std::string_view line) {
    long size = 0;
    const auto parsed = std::from_chars(line.data() + 1, line.data() + line.size(), size);
    if (parsed.ec != std::errc{} || size < -1) refuse(line);
    return size;
  }

  std::optional<Reply> bulk(long size) {
    if (size < 0) return Reply{};
    const auto length = static_cast<std::size_t>(size);
    if (text_.size() - at_ < length + end_of_line.size()) return std::nullopt;
    Reply reply{Reply::Kind::text, std::string(text_.substr(at_, length))};
    at_ += length + end_of_line.size();
    return reply;
  }

  std::optional<Reply> list(long size, int levels) {
    if (size < 0) return Reply{};
    Reply reply{Reply::Kind::list};
    for (long i = 0; i < size; ++i) {
      auto item = next(levels + 1);
      if (!item) return std::nullopt;
      reply.items.push_back(std::move(*item));
    }
    return reply;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<Reply> take_reply(std::string& received) {
  ReplyReader reader(received);
  auto reply = reader.next();
  if (reply) received.erase(0, reader.at());
  return reply;
}

}  // namespace sunder::harness::redis
