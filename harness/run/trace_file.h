#pragma once
// Files the trace of a node, line by line, and passes each whole line at once to `on_line`. The
// lines of a killed node that are still in the pipe are read to the end.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "harness/run/append_file.h"

namespace sunder::harness {

class TraceFile {
 public:
  using OnLine = std::function<void(std::string_view line)>;

  /// `on_finished` is called each time that finished() becomes true. Creates the file. Throws
  /// std::runtime_error naming it.
  TraceFile(
      boost::asio::io_context& io, const std::filesystem::path& path, OnLine on_line,
      std::function<void()> on_finished = [] {});
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  /// A pipe for one incarnation of the node: the end to write to, to be handed over to the child.
  int open_pipe();

  /// True once every pipe opened so far has been read to its end.
  bool finished() const { return open_pipes_ == 0; }

 private:
  struct Pipe;
  void read(std::shared_ptr<Pipe> pipe);
  void end_pipe();
  void file(std::string_view bytes, std::string& partial);

  boost::asio::io_context& io_;
  AppendFile file_;
  OnLine on_line_;
  std::function<void()> on_finished_;
  int open_pipes_ = 0;
  /// Expires with this object: a read that is under way then must not touch it.
  std::shared_ptr<const int> life_ = std::make_shared<const int>(0);
};

}  // namespace sunder::harness
