#pragma once
// What an etcd node is, from the variables it publishes: role and term together, as its Raft part
// has them. (Its status call has the term of the last applied entry, and so names a new leader
// with the term of the old one.)

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "harness/driver/driver.h"

namespace sunder::harness::etcd {

/// From the answer to /debug/vars; empty if it has nothing about Raft.
std::optional<NodeStatus> parse_status(std::string_view variables);

std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context& io,
                                                 const std::string& node);

}  // namespace sunder::harness::etcd
