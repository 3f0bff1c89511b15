#pragma once
// For tests of workloads: what a generator makes.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/combination.h"

namespace sunder::workloads {

inline std::vector<Call> calls(Generator& generator, Worker worker, int count) {
  std::vector<Call> made;
  for (int i = 0; i < count; ++i) made.push_back(generator.next(worker));
  return made;
}

/// By operation, of one worker.
inline std::map<std::string, int> counts(Generator& generator, Worker worker, int count) {
  std::map<std::string, int> counts;
  for (const auto& call : calls(generator, worker, count)) ++counts[call.f];
  return counts;
}

inline std::unique_ptr<Generator> generator_of(std::string_view names,
                                               const GeneratorOptions& options) {
  return make_generator(find_workloads(names), options);
}

}  // namespace sunder::workloads
