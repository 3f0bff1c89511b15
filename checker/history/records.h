#pragma once
// Histories in JSON with one record an operation. Only times order such operations; intervals that
// touch are concurrent. A record without an end may happen later, or never. Surprise: a text that
// is cut off is refused, because others may have seen the operation whose record is missing.

#include <string>
#include <vector>

#include "checker/budget.h"
#include "checker/history/line_reader.h"
#include "checker/history/merge.h"
#include "checker/history/vocabulary.h"

namespace sunder::history {

/// Whether the first object of the JSON text is a record. Goes back to the first line.
bool holds_records(LineReader& lines, const Names& fields);

/// `assumptions` says how the records were understood. Throws InputError.
History read_record_history(LineReader& lines, const Vocabulary& vocabulary,
                            checker::Budget& budget);
/// The same as two events for each record, for a history of several files.
FileEvents read_records(LineReader& lines, const Vocabulary& vocabulary, checker::Budget& budget);

}  // namespace sunder::history
