#include "nemesis/kinds/inject.h"

#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "nemesis/kinds/clock_faults.h"
#include "nemesis/kinds/disk_faults.h"

namespace sunder::nemesis {
namespace {

std::vector<std::string> names_of(const std::set<Link>& links) {
  std::vector<std::string> names;
  for (Link link : links) names.push_back(link_name(link));
  return names;
}

bool kill_targets(const Fault& fault, ProcessFaults& processes) {
  bool struck = false;
  for (NodeNumber node : fault.target.nodes) struck |= processes.kill(fault.id, node);
  return struck;
}

// The targets are down now.
void go_on_restarting(const Fault& fault, RestartStorm storm, ProcessFaults& processes,
                      const Later& later) {
  later(storm.down, [fault, storm, &processes, later] {
    processes.release(fault.id);
    later(storm.up, [fault, storm, &processes, later] {
      kill_targets(fault, processes);
      go_on_restarting(fault, storm, processes, later);
    });
  });
}

void go_on_resetting(const std::set<Link>& affected, Duration every, LinkRules& links,
                     const Later& later) {
  links.reset(affected);
  later(every,
        [affected, every, &links, later] { go_on_resetting(affected, every, links, later); });
}

struct Inject {
  const Fault& fault;
  const Stage& stage;

  std::optional<Refusal> operator()(const Kill&) const {
    if (kill_targets(fault, stage.processes)) return std::nullopt;
    stage.processes.release(fault.id);
    return Refusal{"every target is down already", true};
  }

  std::optional<Refusal> operator()(const Pause&) const {
    bool struck = false;
    for (NodeNumber node : fault.target.nodes) struck |= stage.processes.pause(fault.id, node);
    if (struck) return std::nullopt;
    stage.processes.release(fault.id);
    return Refusal{"every target is down or paused already", true};
  }

  std::optional<Refusal> operator()(const RestartStorm& storm) const {
    std::optional<Refusal> refused = (*this)(Kill{});
    if (!refused) go_on_restarting(fault, storm, stage.processes, stage.later);
    return refused;
  }

  std::optional<Refusal> operator()(const SlowStart&) const {
    std::optional<Refusal> refused = (*this)(Kill{});
    if (refused) return refused;
    stage.later(fault.duration / 2, [fault = fault, &processes = stage.processes] {
      processes.release(fault.id);
      for (NodeNumber node : fault.target.nodes) processes.pause(fault.id, node);
    });
    return std::nullopt;
  }

  std::optional<Refusal> operator()(const Partition& partition) const {
    const std::set<Link> blocked =
        blocked_links(partition.shape, stage.node_count, fault.target.nodes, fault.pick);
    if (blocked.empty()) return no_link();
    stage.links.block(fault.id, blocked);
    stage.broken_links = names_of(blocked);
    return std::nullopt;
  }

  std::optional<Refusal> operator()(const Cut& cut) const {
    const std::set<Link> affected = links(cut.direction);
    if (affected.empty()) return no_link();
    stage.links.cut(fault.id, affected);
    stage.broken_links = names_of(affected);
    return std::nullopt;
  }

  std::optional<Refusal> operator()(const Reset& reset) const {
    const std::set<Link> affected = links(reset.direction);
    if (affected.empty()) return no_link();
    go_on_resetting(affected, reset.every, stage.links, stage.later);
    stage.broken_links = names_of(affected);
    return std::nullopt;
  }

  std::optional<Refusal> operator()(const MessageFault& message) const {
    const bool fits_streams =
        message.effect == MessageEffect::delay || message.effect == MessageEffect::throttle;
    if (!stage.links.carry_frames() && !fits_streams) {
      return Refusal{"the links carry byte streams, not messages"};
    }
    const std::set<Link> affected = links(message.direction);
    if (affected.empty()) return no_link();
    stage.links.add(fault.id, affected, message, fault.pick);
    stage.broken_links = names_of(affected);
    return std::nullopt;
  }

  std::optional<Refusal> operator()(const PowerLoss& loss) const {
    return stage.disks.lose_power(fault, loss);
  }
  std::optional<Refusal> operator()(const DiskFault& trouble) const {
    return stage.disks.inject(fault, trouble);
  }

  std::optional<Refusal> operator()(const ClockFault& clock) const {
    return stage.clocks.inject(fault, clock);
  }

  std::optional<Refusal> operator()(const Transfer&) const { throw_administrative(); }
  std::optional<Refusal> operator()(const Membership&) const { throw_administrative(); }

  [[noreturn]] static void throw_administrative() {
    throw std::logic_error("a fault for the administrator was injected at once");
  }

  std::set<Link> links(Direction direction) const {
    return links_of(direction, stage.node_count, fault.target.nodes);
  }
  Refusal no_link() const {
    return {fmt::format("{} nodes have no link to break this way", stage.node_count)};
  }
};

}  // namespace

std::optional<Refusal> inject(const Fault& fault, const Stage& stage) {
  return std::visit(Inject{fault, stage}, fault.action);
}

}  // namespace sunder::nemesis
