#pragma once
// What Redis is asked for a call, and what its reply means. Registers, texts and counters are
// strings, lists and queues lists, sets sets, accounts one hash. Whatever takes several steps is
// one script. Surprise: every command counts as writing, reads too (GETEX, PERSIST), so that no
// replica answers.

#include <string>
#include <vector>

#include "harness/driver/redis/reply.h"
#include "workloads/generator.h"

namespace sunder::harness::redis {

workloads::Operations operations();

/// The words of one command. Throws std::logic_error for a call that is none of the operations.
std::vector<std::string> command_of(const workloads::Call& call);

/// Of a reply that is no error. `info`, of a read `fail`, if it is none to this command.
workloads::Completion completion_of(const workloads::Call& call, const Reply& reply);

}  // namespace sunder::harness::redis
