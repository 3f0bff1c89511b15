#include <gtest/gtest.h>

#include "checker/linearizability/decide.h"
#include "checker/linearizability/linearizable.h"
#include "checker/models/catalog.h"
#include "checker/models/players_test.h"

namespace sunder::checker::keys_test {
namespace {

using history::Operation;

/// Every second position, so that two keys can be merged.
void spread(std::vector<Operation>& operations, std::string_view key, history::Position first) {
  for (auto& each : operations) {
    each.key = key;
    each.process = history::ProcessId{2 * static_cast<std::int64_t>(each.process) + first};
    each.invoked = 2 * each.invoked + first;
    if (each.returned != history::never) each.returned = 2 * each.returned + first;
  }
}

TEST(Keys, the_verdict_about_one_key_is_the_same_beside_a_valid_one_for_every_model) {
  const int histories = std::max(differential_histories() / 20, 1);
  for (const auto& entry : model_catalog()) {
    const auto model = entry.make({});
    if (!model->per_key()) continue;
    for (int seed = 0; seed < histories; ++seed) {
      Random random(static_cast<std::uint64_t>(seed));
      Shape shape;
      shape.crash_percent = seed % 3 * 15;
      auto one = random_history_of(entry.name, random, shape);
      const auto alone = decide(pointers_to(one), *model, {}).validity;
      shape.spoil_percent = 0;
      auto other = random_history_of(entry.name, random, shape);
      spread(one, "a", 0);
      spread(other, "b", 1);
      history::History history;
      history.operations = std::move(one);
      history.operations.insert(history.operations.end(), other.begin(), other.end());
      std::sort(history.operations.begin(), history.operations.end(),
                [](const auto& left, const auto& right) { return left.invoked < right.invoked; });
      ASSERT_EQ(check_linearizability(history, *model).validity, alone)
          << entry.name << ", seed " << seed << "\n"
          << to_text(history.operations);
    }
  }
}

}  // namespace
}  // namespace sunder::checker::keys_test
