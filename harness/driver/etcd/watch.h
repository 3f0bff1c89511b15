#pragma once
// One watch of etcd's, by the JSON gateway: a stream of lines on a connection of its own, closed
// when it was quiet for a while.

#include <chrono>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/driver/etcd/objects.h"
#include "workloads/generator.h"

namespace sunder::harness::etcd {

/// What a line of the stream says: its events are put behind `events`, [[revision, key, value],
/// ...]. Throws std::invalid_argument if the line is none of a watch's, or says that the watch
/// ended.
void take_watch_line(const std::string& line, history::List& events);

/// Asks `address` for the changes from a revision on. Ok with those that came until the stream was
/// quiet; fail if the server was not reached or the watch ended.
boost::asio::awaitable<workloads::Completion> watch(boost::asio::io_context& io,
                                                    std::string address, workloads::Call call,
                                                    Watches watches,
                                                    std::chrono::steady_clock::time_point until);

}  // namespace sunder::harness::etcd
