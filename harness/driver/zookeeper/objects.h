#pragma once
// What ZooKeeper is asked for a guarded write (guarded_write.h): one multi, which is done as a
// whole or not at all. It checks the version of each key that was read and sets those that change.
// A key that was absent is created; if it is not to change, it is deleted again in the same multi.
// Accounts are nodes of one folder, which is created with them.
// Surprise: a multi that only checks goes through the log, too. So a transaction that only reads
// is confirmed by one.

#include <set>
#include <string>
#include <string_view>

#include "harness/driver/guarded_write.h"
#include "harness/driver/zookeeper/jute.h"

namespace sunder::harness::zookeeper {

workloads::Operations operations();

std::string path_of(const std::string& key);

/// The body of a request that creates a node; anyone may change it.
Encoder creation(const std::string& path, const std::string& text);

/// The node above the accounts.
std::string accounts_path();

/// The body of a multi that creates the accounts and their folder.
Encoder opening_of(const workloads::Call& open);

/// The keys of the accounts, from the body of the answer that lists the folder. Throws
/// std::invalid_argument if it is none.
std::set<std::string> accounts_in(std::string_view body);

/// The body of a multi. `Found::revision` is the version of the node.
Encoder multi_of(const Snapshot& snapshot, const Change& change);

/// From the body of its answer: the error of the first operation that failed, 0 if all were done.
/// Throws std::invalid_argument if it is none.
int error_of_multi(std::string_view body);

}  // namespace sunder::harness::zookeeper
