#pragma once
// Files what a node says happened, line by line, and tells each whole line at once to `on_line`.
// A killed node's lines that are still in the pipe are read to the end; `finished` says when a
// node's every incarnation has been read.

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

  /// Creates the file. Throws std::runtime_error naming it.
  TraceFile(boost::asio::io_context& io, const std::filesystem::path& path, OnLine on_line);
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  /// A pipe for one incarnation of the node: the end to write to, to be handed over to the child.
  int open_pipe();

  /// True once every pipe opened so far has been read to its end.
  bool finished() const { return open_pipes_ == 0; }

 private:
  struct Pipe;
  void read(std::shared_ptr<Pipe> pipe);
  void file(std::string_view bytes, std::string& partial);

  boost::asio::io_context& io_;
  AppendFile file_;
  OnLine on_line_;
  int open_pipes_ = 0;
};

}  // namespace sunder::harness
