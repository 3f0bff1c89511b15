#pragma once
// The bytes of a file, a pipe or the standard input ("-"). What gzip or zstd packed is unpacked:
// the content shows it, not the name. Surprise: packed data that ends too early is no error,
// because a killed program leaves such a file. It ends like any text, and is_cut_off() says so.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sunder::history {

/// Unpacks a stream piece by piece.
class Unpacker {
 public:
  struct Step {
    std::size_t taken = 0;
    std::size_t made = 0;
    /// Nothing of the stream is open: the packed data may end here.
    bool is_whole = false;
    /// Why the packed data cannot be read. Empty if all is well.
    std::string damage;
  };

  Unpacker() = default;
  virtual ~Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  virtual Step unpack(const char* from, std::size_t bytes, char* to, std::size_t room) = 0;
};

class ByteSource {
 public:
  enum class Packed { unpacked, as_it_is };

  /// Throws InputError if it cannot be opened, or if another program packed it.
  ByteSource(const std::filesystem::path& path, Packed packed);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// How many bytes it stored at `to`; 0 only at the end. Throws InputError.
  std::size_t read(char* to, std::size_t room);

  /// For messages: the path, or "standard input".
  const std::string& name() const { return name_; }
  /// Of a plain file that is not packed: how much there is to read.
  std::int64_t size_bytes() const { return size_bytes_; }
  bool is_plain_file() const { return is_plain_file_; }
  /// Whether packed data ended in the middle. Only at the end.
  bool is_cut_off() const { return cut_off_; }

 private:
  std::size_t read_file(char* to, std::size_t room);
  std::size_t read_packed(char* to, std::size_t room);
  void choose_unpacker();

  std::string name_;
  int descriptor_ = -1;
  std::int64_t size_bytes_ = 0;
  bool is_plain_file_ = false;
  std::unique_ptr<Unpacker> unpacker_;
  /// What was read from the file, from `begin_` to `end_`.
  std::vector<char> input_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool whole_ = true;
  bool cut_off_ = false;
};

/// By the packed stream's first bytes. Null if it is not packed. Throws InputError with `name` for
/// what other programs packed.
std::unique_ptr<Unpacker> unpacker_for(std::string_view first_bytes, const std::string& name);

}  // namespace sunder::history
