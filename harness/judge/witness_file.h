#pragma once
// `--witness FILE`: one linearization order, if the history is linearizable. Else no file is made.

#include <filesystem>
#include <string>
#include <string_view>

#include "checker/verdict.h"

namespace sunder::harness {

/// Throws std::invalid_argument if the file is what is judged.
void require_place_for_witness(const std::filesystem::path& file,
                               const std::filesystem::path& judged);

/// Empty if `lines`, which LinearizabilityOptions::witness got, are a witness.
std::string_view why_no_witness(const std::string& lines, const checker::Verdict& verdict);

/// `lines` are what LinearizabilityOptions::witness got. Says on stderr where they are, or why
/// there are none. Throws std::runtime_error if the file cannot be written.
void write_witness_file(const std::filesystem::path& file, const std::string& lines,
                        const checker::Verdict& verdict);

}  // namespace sunder::harness
