#pragma once
// The flags of a node. Everything wrong with them is one line that says what is allowed.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/server.h"

namespace sunder {

constexpr int exit_bad_arguments = 254;
constexpr int exit_environment = 255;

/// The flags every node program has; a program may add its own before it parses. cxxopts itself
/// stays in command_line.cc: it is slow to compile.
class NodeFlags {
 public:
  explicit NodeFlags(const std::string& program);
  ~NodeFlags();
  NodeFlags(const NodeFlags&) = delete;
  NodeFlags& operator=(const NodeFlags&) = delete;

  void add_value(const std::string& flag, const std::string& summary,
                 const std::string& placeholder);
  void add_toggle(const std::string& flag, const std::string& summary);

  /// False if the user asked for --help, which has then been printed. Throws std::invalid_argument.
  bool parse(int argc, char** argv);

  /// What follows asks for the outcome of `parse`.
  bool given(const std::string& flag) const;
  /// Throws std::invalid_argument if a flag without a standard value was not given.
  std::string text(const std::string& flag) const;
  /// Every value of a flag that may be repeated.
  std::vector<std::string> texts(const std::string& flag) const;
  /// Throws std::invalid_argument.
  ServerOptions server_options() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// "150ms", "30s", "2m". Throws std::invalid_argument.
std::chrono::nanoseconds parse_duration(std::string_view text);

/// Runs `body` and turns what it throws into one line on stderr and the exit code.
int guarded_main(const std::string& program, const std::function<void()>& body);

}  // namespace sunder
