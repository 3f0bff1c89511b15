// Transfers between accounts, and reads of all accounts at once. Whatever happens, the sum stays.
// The accounts are opened with equal shares of the total before the clients begin.

#include <stdexcept>

#include <fmt/format.h>

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

constexpr int largest_amount = 5;

/// Throws std::invalid_argument if it is out of range.
std::int64_t parameter(const GeneratorOptions& options, const std::string& name, std::int64_t low,
                       std::int64_t high) {
  const auto& value = options.parameters.at(name);
  const auto* number = value.integer();
  if (number != nullptr && *number >= low && *number <= high) return *number;
  throw std::invalid_argument(
      fmt::format("--{} {}: the workload bank takes a whole number from {} to {}", name,
                  to_json(value), low, high));
}

class BankGenerator final : public Generator {
 public:
  explicit BankGenerator(const GeneratorOptions& options)
      : choices_(options, {{"transfer", 5}, {"read", 5}}),
        accounts_(static_cast<std::uint64_t>(parameter(options, "accounts", 2, 1000))),
        total_(parameter(options, "total", 0, 1'000'000'000'000)) {}

  std::vector<Call> first_calls() const override {
    history::Object balances;
    const auto count = static_cast<std::int64_t>(accounts_);
    for (std::int64_t account = 0; account < count; ++account) {
      const auto one_more = account < total_ % count ? 1 : 0;
      balances.emplace_back(name(static_cast<std::uint64_t>(account)), total_ / count + one_more);
    }
    return {{"open", {}, std::move(balances), Kind::accounts}};
  }

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    const auto from = choices_.below(worker, accounts_);
    const auto to = (from + 1 + choices_.below(worker, accounts_ - 1)) % accounts_;
    const auto amount = 1 + static_cast<std::int64_t>(choices_.below(worker, largest_amount));
    if (f == "read") return {f, {}, {}, Kind::accounts};
    return {f,
            {},
            history::Object{{"from", name(from)}, {"to", name(to)}, {"amount", amount}},
            Kind::accounts};
  }
  std::vector<Call> final_calls() const override { return {{"read", {}, {}, Kind::accounts}}; }

 private:
  static std::string name(std::uint64_t account) { return fmt::format("a{}", account + 1); }

  Choices choices_;
  std::uint64_t accounts_;
  std::int64_t total_;
};

}  // namespace

std::unique_ptr<Generator> make_bank_generator(const GeneratorOptions& options) {
  return std::make_unique<BankGenerator>(options);
}

}  // namespace sunder::workloads
