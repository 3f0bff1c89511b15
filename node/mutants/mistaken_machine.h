#pragma once
// For mutants that are a mistaken state machine: what they share.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "node/mutants/mutant.h"
#include "node/store/state_machine.h"

namespace sunder::mistakes {

class MistakenMachine : public StateMachine {
 public:
  explicit MistakenMachine(Reached reached) : reached_(std::move(reached)) {}

 protected:
  void reached() const { reached_(); }

 private:
  Reached reached_;
};

template <typename Mistaken>
void replace_state_machine(Parts& parts, const Reached& reached) {
  parts.state_machine = [reached] { return std::make_unique<Mistaken>(reached); };
}

/// (client, request)
using CommandName = std::pair<std::uint64_t, std::uint64_t>;

inline CommandName command_name(const client_protocol::Request& request) {
  return {request.client, request.request};
}

}  // namespace sunder::mistakes
