#include "harness/judge/history_judgement.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/assumptions.h"
#include "checker/models/catalog.h"
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

}  // namespace

Judgement judge_history(const history::HistorySource& source, const HistoryReading& reading,
                        const checker::LinearizabilityOptions& options) {
  auto model = reading.model.empty()
                   ? nullptr
                   : find_model(reading.model, reading.parameters, options.budget);
  const bool is_program = model != nullptr && model->name() == checker::OwnModel::name;
  auto interpretation = reading.interpretation;
  interpretation.keeps_names = is_program;
  auto budget = options.budget;
  Judgement judgement;
  auto& history = judgement.history;
  try {
    history = history::read_foreign_history(source, interpretation, budget);
  } catch (const checker::BudgetSpent& spent) {
    return unread(spent);
  }
  const bool has_versions =
      model != nullptr && model->family() == checker::Family::versioned_registers;
  if (!is_program) {
    checker::require_answers_to_what_was_asked(
        history, has_versions ? checker::Answers::with_versions : checker::Answers::as_asked);
  }
  if (auto remark = results::settle_times(history); !remark.empty()) {
    history.assumptions.push_back(std::move(remark));
  }
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
  judgement.verdict = checker::combine(std::move(checks));
  judgement.statistics = results::statistics_of(history.operations);
  return judgement;
}

}  // namespace sunder::harness
