#pragma once
// The seal of a file of JSON lines: how many records it has, a digest of their contents and one of
// their order. Whoever has the seal can tell whether a record is missing, was changed or was moved.
// Surprise: the digests are of JSON values, not of bytes. The order of members, white space,
// escapes and a missing last newline change nothing.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace sunder::history {

struct Seal {
  std::uint64_t records = 0;
  /// The same in any order of the records.
  std::uint64_t content = 0;
  std::uint64_t order = 0;
  bool operator==(const Seal&) const = default;
};

/// Takes the lines of a file one by one. Lines of white space are no records.
class Sealer {
 public:
  Sealer();
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  /// Returns the digest of the line's JSON value, or of its bytes if it is not JSON.
  std::uint64_t add(std::string_view line);
  const Seal& seal() const { return seal_; }

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  Seal seal_;
};

/// Throws InputError if the file cannot be read.
Seal seal_of(const std::filesystem::path& file);

/// What differs between a file and its seal, as the rest of a sentence on the file: "has 8 of the
/// 12 records that it was sealed with". Empty if nothing differs.
std::string difference(const Seal& sealed, const Seal& found);

}  // namespace sunder::history
