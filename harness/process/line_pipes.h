#pragma once
// The two pipes by which a child is spoken to in lines: what it writes to standard output comes
// line by line, what it is told goes to its standard input in order.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

namespace sunder::harness {

class LinePipes {
 public:
  /// Without its newline.
  using OnLine = std::function<void(std::string_view line)>;
  /// Called once, when the last whole line was told: the child is gone, or has closed its output.
  using OnEnd = std::function<void()>;

  /// The child's ends: standard input and standard output, both CLOEXEC and owned by whoever gets
  /// them.
  struct ChildEnds {
    int input = -1;
    int output = -1;
  };

  /// Throws std::runtime_error if there are no descriptors left.
  LinePipes(boost::asio::io_context& io, ChildEnds& ends, OnLine on_line, OnEnd on_end);
  /// Closes both. Nothing is told any more.
  ~LinePipes();
  LinePipes(const LinePipes&) = delete;
  LinePipes& operator=(const LinePipes&) = delete;

  /// A newline is added. What a child that does not read is sent waits; what waits beyond some
  /// megabytes is lost.
  void send(std::string line);

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace sunder::harness
