#include "harness/judge/history_judgement.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/assumptions.h"
#include "checker/isolation/isolation.h"
#include "checker/isolation/transaction_lines.h"
#include "checker/models/catalog.h"
#include "checker/models/list_append.h"
#include "checker/models/own_model.h"
#include "checker/run_checks.h"
#include "harness/judge/model_program.h"
#include "results/report/history_times.h"

namespace sunder::harness {

namespace {

std::unique_ptr<checker::ErasedModel> find_model(const std::string& name,
                                                 const checker::Parameters& parameters,
                                                 const checker::Budget& budget) {
  if (auto model = checker::make_model(name, parameters)) return model;
  if (is_model_program(name)) {
    if (parameters.empty()) return start_model_program(name, budget);
    throw std::invalid_argument(fmt::format(
        "--{}: a program takes no such flag; its first state is null", parameters.begin()->first));
  }
  std::vector<std::string_view> names;
  for (const auto& entry : checker::model_catalog()) names.push_back(entry.name);
  throw std::invalid_argument(
      fmt::format("unknown model '{}'; there are: {}; or name a program, as ./my_model or "
                  "'python3 my_model.py'",
                  name, fmt::join(names, ", ")));
}

/// The reads whose answer is not known.
std::size_t reads_without_a_value(const history::History& history) {
  if (!history.nil_reads_are_unknown) return 0;
  return static_cast<std::size_t>(
      std::count_if(history.operations.begin(), history.operations.end(), [](const auto& each) {
        return each.outcome == history::Outcome::ok && each.f == "read" && each.result.is_nil();
      }));
}

/// Whether isolation levels judge it: the user says so, or it has nothing but transactions. A
/// model's parameter asks for that model.
bool is_judged_by_isolation(const HistoryReading& reading, const history::History& history) {
  if (reading.isolation) return true;
  if (!reading.parameters.empty()) return false;
  const bool allows_it = reading.model.empty() || reading.model == checker::ListAppend::name;
  return allows_it && checker::are_transactions(history);
}

/// Absent if the history is one of registers that no level can judge, and none was asked for: then
/// a model does.
std::optional<checker::isolation::Transactions> transactions_in(history::History& history,
                                                                const HistoryReading& reading) {
  if (!is_judged_by_isolation(reading, history)) return std::nullopt;
  try {
    return checker::isolation::transactions_of(history);
  } catch (const history::AssumptionBroken& broken) {
    if (reading.isolation || checker::append_to_lists(history)) throw;
    history.assumptions.push_back(
        fmt::format("the transactions are not judged by isolation levels: {}", broken.what()));
    return std::nullopt;
  }
}

/// Of transactions: the level that was asked for, or the usual one, which it says.
std::vector<checker::CheckResult> checks_of(history::History& history,
                                            const checker::isolation::Transactions& transactions,
                                            const checker::isolation::IsolationReport& report,
                                            const HistoryReading& reading) {
  const auto level = reading.isolation.value_or(checker::isolation::Level{});
  if (!reading.isolation) {
    history.assumptions.push_back(
        fmt::format("the isolation level is {} (--isolation names another)", name_of(level)));
  }
  return {checker::isolation::result_of(
              checker::isolation::account_of(history, transactions, report, level)),
          checker::check_operations_succeeded(history)};
}

void settle_times_of(history::History& history) {
  if (auto remark = results::settle_times(history); !remark.empty()) {
    history.assumptions.push_back(std::move(remark));
  }
}

/// Whether nothing was said of how to understand the file, and nobody needs more of it than what
/// read_transaction_lines() keeps.
bool may_be_read_as_lines(const history::HistorySource& source, const HistoryReading& reading) {
  const auto& how = reading.interpretation;
  const bool has_names =
      !how.names.operations.empty() || !how.names.fields.empty() || !how.names.types.empty();
  return source.files.size() == 1 && reading.model.empty() && reading.parameters.empty() &&
         !reading.shows_values && !has_names && how.order == history::EventOrder::checked &&
         how.keys == history::Keys::automatic;
}

/// Frees the memory of what the transactions did.
void forget_steps(checker::isolation::Transactions& transactions) {
  for (auto& each : transactions.transactions) each.step_count = 0;
  std::vector<checker::isolation::Step>().swap(transactions.steps);
  std::vector<checker::isolation::ValueId>().swap(transactions.elements);
  std::vector<checker::isolation::Key>().swap(transactions.keys);
}

Judgement judge_lines(checker::isolation::TransactionLines lines,
                      const history::HistorySource& source, const HistoryReading& reading,
                      const checker::LinearizabilityOptions& options) {
  Judgement judgement;
  auto& history = judgement.history;
  history = std::move(lines.history);
  history.assumptions = source.notes;
  const auto report = checker::isolation::find_isolation(history, lines.transactions,
                                                         {options.budget, options.threads});
  // The operations take as much memory as the steps, which only an anomaly shows.
  if (report.anomalies.empty()) forget_steps(lines.transactions);
  history.operations = lines.operations();
  settle_times_of(history);
  judgement.verdict = checker::combine(checks_of(history, lines.transactions, report, reading));
  judgement.statistics = results::statistics_of(history.operations);
  return judgement;
}

/// By a model: that of `reading`, or the one that the operations leave no doubt about.
std::vector<checker::CheckResult> check_by_model(history::History& history,
                                                 std::unique_ptr<checker::ErasedModel> model,
                                                 const HistoryReading& reading,
                                                 const checker::LinearizabilityOptions& options) {
  if (model == nullptr) {
    model =
        find_model(std::string(checker::choose_model(history)), reading.parameters, options.budget);
    history.assumptions.push_back(fmt::format("the model is {}", model->name()));
  }
  if (model->per_key()) {
    auto about_keys = checker::keys_that_differ_only_in_type(history);
    if (!about_keys.empty()) history.assumptions.push_back(std::move(about_keys));
  }
  // Of any other model nil is an answer: as it was at the start.
  if (model->family() != checker::Family::registers || reading.nil_is_a_value) {
    history.nil_reads_are_unknown = false;
  }
  const auto left_out = reads_without_a_value(history);
  if (left_out > 0) {
    history.assumptions.push_back(fmt::format(
        "{} reads without a value were not judged (--nil value judges them)", left_out));
  }
  std::vector<checker::CheckResult> checks;
  checks.push_back(checker::check_linearizability(history, *model, options));
  checks.push_back(checker::check_operations_succeeded(history));
  if (left_out > 0) checks.push_back(checker::check_answers_judged(history.operations, left_out));
  return checks;
}

}  // namespace

Judgement judge_history(const history::HistorySource& source, const HistoryReading& reading,
                        const checker::LinearizabilityOptions& options) {
  if (reading.isolation && !reading.model.empty()) {
    throw std::invalid_argument("give either --isolation or --model, not both");
  }
  auto model = reading.model.empty()
                   ? nullptr
                   : find_model(reading.model, reading.parameters, options.budget);
  const bool is_program = model != nullptr && model->name() == checker::OwnModel::name;
  auto interpretation = reading.interpretation;
  interpretation.keeps_names = is_program;
  auto budget = options.budget;
  Judgement judgement;
  auto& history = judgement.history;
  std::optional<checker::isolation::TransactionLines> lines;
  try {
    if (may_be_read_as_lines(source, reading)) {
      lines = checker::isolation::read_transaction_lines(source.files.front(), budget);
    }
    if (!lines) history = history::read_foreign_history(source, interpretation, budget);
  } catch (const checker::BudgetSpent& spent) {
    return unread(spent);
  }
  if (lines) return judge_lines(std::move(*lines), source, reading, options);
  const bool has_versions =
      model != nullptr && model->family() == checker::Family::versioned_registers;
  if (!is_program) {
    checker::require_answers_to_what_was_asked(
        history, has_versions ? checker::Answers::with_versions : checker::Answers::as_asked);
  }
  settle_times_of(history);
  std::vector<checker::CheckResult> checks;
  if (const auto transactions = transactions_in(history, reading)) {
    const auto report = checker::isolation::find_isolation(history, *transactions,
                                                           {options.budget, options.threads});
    checks = checks_of(history, *transactions, report, reading);
  } else {
    checks = check_by_model(history, std::move(model), reading, options);
  }
  judgement.verdict = checker::combine(std::move(checks));
  judgement.statistics = results::statistics_of(history.operations);
  return judgement;
}

}  // namespace sunder::harness
