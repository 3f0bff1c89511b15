#include "harness/judge/witness_file.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "harness/output.h"

namespace sunder::harness {

using checker::Validity;

void require_place_for_witness(const std::filesystem::path& file,
                               const std::filesystem::path& judged) {
  std::error_code none;
  if (!std::filesystem::equivalent(file, judged, none)) return;
  throw std::invalid_argument(
      fmt::format("--witness {}: this is the history itself; name another file", file.string()));
}

std::string_view why_no_witness(const std::string& lines, const checker::Verdict& verdict) {
  const auto& checks = verdict.checks;
  if (std::any_of(checks.begin(), checks.end(),
                  [](const auto& check) { return check.isolation.has_value(); })) {
    return "isolation levels judge transactions, and write none";
  }
  const auto found = std::find_if(checks.begin(), checks.end(),
                                  [](const auto& check) { return check.name == "linearizable"; });
  const auto validity = found == checks.end() ? Validity::unknown : found->validity;
  if (validity == Validity::invalid) return "no order explains the history";
  if (validity == Validity::unknown) return "the history was not decided";
  return lines.empty() ? "nothing was judged, or time or memory ran out" : "";
}

void write_witness_file(const std::filesystem::path& file, const std::string& lines,
                        const checker::Verdict& verdict) {
  if (const auto why = why_no_witness(lines, verdict); !why.empty()) {
    out::remark("sunder: there is no witness, and {} is not written: {}\n", file.string(), why);
    return;
  }
  std::ofstream stream(file, std::ios::binary);
  stream << lines;
  stream.close();
  if (!stream) throw std::runtime_error(fmt::format("cannot write {}", file.string()));
  out::is_also_in(file);
  out::remark("witness: {} operations in {}\n", std::count(lines.begin(), lines.end(), '\n'),
              file.string());
}

}  // namespace sunder::harness
