#pragma once
// Finds the JSON objects in a text that has them over any number of lines, bare or in an array, and
// passes each on as it stands there. It looks only for where they begin and end.

#include <functional>
#include <string>
#include <string_view>

#include "checker/history/line_reader.h"

namespace sunder::history {

/// An object of the text. `text` is followed by LineReader::padding readable bytes and is valid
/// only during the call. `line` and `column` are where it begins.
using ObjectSink =
    std::function<void(std::string_view text, std::int64_t line, std::int64_t column)>;

/// False if the text ends in the middle of an object or array. Throws InputError for anything
/// between objects but commas, brackets and blanks.
bool read_json_objects(LineReader& lines, const ObjectSink& sink);

}  // namespace sunder::history
