#pragma once
// Words of a command as a person pastes them into a shell: quoted where the shell would read
// something else than the word. Control characters are written as escapes.

#include <string>
#include <string_view>
#include <vector>

namespace sunder::results {

std::string shell_word(std::string_view word);

/// Separated by spaces.
std::string shell_words(const std::vector<std::string>& words);

}  // namespace sunder::results
