#pragma once
// Judges a bare history, whoever recorded it, by one model, or transactions by isolation levels.

#include <optional>
#include <string>

#include "checker/history/read.h"
#include "checker/isolation/level.h"
#include "checker/linearizability/linearizable.h"
#include "checker/models/parameters.h"
#include "harness/judge/judge.h"

namespace sunder::harness {

/// How to understand the file where it could mean something else.
struct HistoryReading {
  /// Empty: the one that the operations leave no doubt about.
  std::string model;
  checker::Parameters parameters;
  /// Of transactions. Absent: strict serializability, unless a model is named.
  std::optional<checker::isolation::Level> isolation;
  history::Interpretation interpretation;
  /// Of registers in Jepsen's histories, where an ok read of nil says that the value is not known:
  /// it is an answer all the same.
  bool nil_is_a_value = false;
  /// The operations' values are shown afterwards, so that they must be kept. Without them own lines
  /// of transactions are read several times as fast.
  bool shows_values = false;
};

/// Throws history::InputError for what must not be judged, std::invalid_argument for a model that
/// there is not.
Judgement judge_history(const history::HistorySource& source, const HistoryReading& reading,
                        const checker::LinearizabilityOptions& options);

}  // namespace sunder::harness
