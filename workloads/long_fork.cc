// Transactions that write one register, each once, and transactions that read all registers of a
// group. If one reader sees x and not y, and another one y and not x, they disagree on the order of
// two writes: a long fork, which snapshots taken of replicas at different places show.

#include <algorithm>

#include <fmt/format.h>

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

// Workers in a team write the members of the same groups, one each.
constexpr int largest_team = 4;

class LongForkGenerator final : public Generator {
 public:
  explicit LongForkGenerator(const GeneratorOptions& options)
      : choices_(options, {{"write", 3}, {"read", 7}}),
        groups_(static_cast<std::size_t>(options.workers)) {}

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    auto& group = groups_.at(static_cast<std::size_t>(worker));
    const int me = static_cast<int>(worker);
    if (f == "write") {
      const auto number = choices_.fresh_value(worker);
      return transaction({micro("w", name(me / largest_team, ++group, me % largest_team), number)});
    }
    const auto team = choices_.below(worker, static_cast<std::uint64_t>(teams()));
    return read(static_cast<int>(team), std::max<std::int64_t>(1, group));
  }

  std::vector<Call> final_calls() const override {
    std::vector<Call> calls;
    for (int team = 0; team < teams(); ++team) {
      const auto last =
          std::max<std::int64_t>(1, *std::max_element(groups_.begin(), groups_.end()));
      for (std::int64_t group = 1; group <= last; ++group) calls.push_back(read(team, group));
    }
    return calls;
  }

 private:
  static Call transaction(history::List steps) {
    return {"txn", {}, std::move(steps), Kind::transaction};
  }
  static history::Value micro(const char* f, std::string key, history::Value value) {
    return history::List{f, std::move(key), std::move(value)};
  }
  static std::string name(int team, std::int64_t group, int member) {
    return fmt::format("t{}g{}.{}", team + 1, group, member + 1);
  }

  Call read(int team, std::int64_t group) const {
    history::List steps;
    const int members = std::min(largest_team, choices_.workers() - team * largest_team);
    for (int member = 0; member < members; ++member) {
      steps.push_back(micro("r", name(team, group, member), {}));
    }
    return transaction(std::move(steps));
  }

  int teams() const { return (choices_.workers() + largest_team - 1) / largest_team; }

  Choices choices_;
  /// Of each worker: the last group in which it wrote.
  std::vector<std::int64_t> groups_;
};

}  // namespace

std::unique_ptr<Generator> make_long_fork_generator(const GeneratorOptions& options) {
  return std::make_unique<LongForkGenerator>(options);
}

}  // namespace sunder::workloads
