#pragma once
// The flags of a node. An error in them is reported as one line that says what is allowed.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/server.h"

namespace sunder {

constexpr int exit_bad_arguments = 254;
constexpr int exit_environment = 255;

/// The flags that every node program has. A program adds its own before it parses. cxxopts is
/// included only in command_line.cc, because it is slow to compile.
class NodeFlags {
 public:
  explicit NodeFlags(const std::string& program);
  ~NodeFlags();
  NodeFlags(const NodeFlags&) = delete;
  NodeFlags& operator=(const NodeFlags&) = delete;

  void add_value(const std::string& flag, const std::string& summary,
                 const std::string& placeholder);
  void add_toggle(const std::string& flag, const std::string& summary);

  /// False if the user asked for --help, which was then printed. Throws std::invalid_argument.
  bool parse(int argc, char** argv);

  /// Call `parse` before the following functions.
  bool given(const std::string& flag) const;
  /// Throws std::invalid_argument if a flag without a default was not given.
  std::string text(const std::string& flag) const;
  /// All values of a flag that may be repeated.
  std::vector<std::string> texts(const std::string& flag) const;
  /// Throws std::invalid_argument.
  ServerOptions server_options() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// Runs `body`. An exception becomes one line on stderr and the exit code.
int guarded_main(const std::string& program, const std::function<void()>& body);

}  // namespace sunder
