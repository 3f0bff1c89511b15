#pragma once
// The flags of a node. Everything wrong with them is one line that says what is allowed.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <cxxopts.hpp>

#include "node/server.h"

namespace sunder {

constexpr int exit_bad_arguments = 254;
constexpr int exit_environment = 255;

/// The flags every node program has; a program may add its own.
cxxopts::Options node_flags(const std::string& program);

/// Throws std::invalid_argument or cxxopts' exceptions.
ServerOptions server_options(const cxxopts::ParseResult& flags);

/// "150ms", "30s", "2m". Throws std::invalid_argument.
std::chrono::nanoseconds parse_duration(std::string_view text);

/// Runs `body` and turns what it throws into one line on stderr and the exit code.
int guarded_main(const std::string& program, const std::function<void()>& body);

}  // namespace sunder
