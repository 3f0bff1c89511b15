#pragma once
// A workload: what clients do, and by which model or check they are judged. All of them stand in
// one table, in workload.cc.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/verdict.h"
#include "workloads/choices.h"
#include "workloads/generator.h"
#include "workloads/operations.h"

namespace sunder::workloads {

struct Workload {
  std::string_view name;
  std::string_view summary;
  /// Without them it can't be run.
  Operations (*needs)();
  std::unique_ptr<Generator> (*make_generator)(const GeneratorOptions& options);
  /// The model of checker/models/catalog.h that judges it; empty if none does.
  std::string_view model = {};
  /// Its own check. Null if only a model or a level judges it.
  checker::CheckResult (*check)(const history::History& history, checker::Budget budget) = nullptr;
  /// The isolation level that judges it (checker/isolation/level.h), unless the user names another;
  /// beside its own check, if it has one. Empty if no level does.
  std::string_view isolation = {};
  /// Written values are never repeated: a history that repeats one is refused.
  bool unique_values = false;
  /// Its calls have no keys.
  bool keyless = false;
  /// The user may choose how long its transactions are, and how often a key is written.
  bool shapes_transactions = false;
  /// Of the model, if the user gives none, as JSON texts: {"accounts", "8"}.
  std::span<const std::pair<std::string_view, std::string_view>> parameters = {};
};

std::span<const Workload> all_workloads();

/// Throws std::invalid_argument listing what there is.
const Workload& find_workload(std::string_view name);

std::unique_ptr<Generator> make_register_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_versioned_register_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_append_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_kv_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_set_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_counter_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_queue_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_lock_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_unique_ids_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_bank_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_long_fork_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_list_append_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_rw_register_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_watch_generator(const GeneratorOptions& options);
std::unique_ptr<Generator> make_growing_registers_generator(const GeneratorOptions& options);

}  // namespace sunder::workloads
