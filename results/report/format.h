#pragma once
// Numbers, times and operations as people read them; page/format.js says them in the same way.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "checker/history/operation.h"

namespace sunder::results {

/// "12.034 s"
std::string format_time(history::Time time);

/// Three digits and the unit that fits: "840 µs", "3.21 ms", "1.5 s"
std::string format_latency(history::Time latency);

/// "1,234,567"
std::string format_count(std::uint64_t count);

/// "ok", "fail", "info"

/// "write 17", "read → 17", "cas 3 → 5 found 4". Unknown results are left out. Long values are cut
/// around `focus` (checker/history/brief.h). Nothing in it controls a terminal.
std::string format_call(const history::Operation& operation,
                        std::span<const history::Value* const> focus = {});

/// How many columns of a terminal UTF-8 text takes, as far as no character takes two.
std::size_t columns_of(std::string_view text);

/// With spaces behind it, to that many columns at least.
std::string padded(std::string_view text, std::size_t columns);

}  // namespace sunder::results
