#pragma once
// A key while its transactions are read from lines: its values, and the lists that were read of it
// as text. Nearly each list that is read is the beginning of one long list, so it is compared as
// text with the longest one, and its length found among the ends of that one's elements.
// Surprise: where reads contradict each other a key has several such trunks.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/history/plain_text.h"
#include "checker/history/value.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

using history::PlainText;
using history::Token;

class LineKey {
 public:
  enum class Kind : std::uint8_t { open, list, value };

  explicit LineKey(const Token& name);
  LineKey(LineKey&&) = default;
  LineKey& operator=(LineKey&&) = default;

  /// Whether the token is its name.
  bool is(const Token& name) const {
    return name.is_number == is_number_ &&
           (is_number_ ? name.number == number_ : name.text == text_);
  }
  /// False if it is of another kind already.
  bool become(Kind kind) {
    if (kind_ == Kind::open) kind_ = kind;
    return kind_ == kind;
  }
  Kind kind() const { return kind_; }

  /// The number of a value that is written; 0 if it is known that another transaction writes it.
  ValueId write(const Token& value);
  /// The number of a value that is read.
  ValueId read(const Token& value);
  bool is_value(ValueId id, const Token& token) const { return is_same(values_[id - 1], token); }

  struct List {
    std::uint32_t trunk = 0;
    std::uint32_t length = 0;
  };
  /// A list behind its opening bracket; takes the closing one. Absent if it is not plain.
  std::optional<List> read_list(PlainText& text);

  /// Whether a value was written twice, as far as write() did not say so.
  bool has_value_written_twice() const;
  /// Adds the trunks behind the others' elements. list_begin() holds from then on.
  void join(std::vector<ValueId>& elements);
  std::uint32_t list_begin(std::uint32_t trunk) const { return trunks_[trunk].begin; }
  /// Its name and values.
  Key take();

 private:
  struct Trunk {
    /// The elements with commas between them.
    std::string text;
    /// Where each element ends in `text`.
    std::vector<std::uint32_t> ends;
    std::vector<ValueId> elements;
    std::uint32_t begin = 0;
  };
  struct Known {
    ValueId id = 0;
    bool is_written = false;
  };
  /// Numbers by values: only of keys where the short ways do not find them.
  using Index = std::unordered_map<history::Value, Known, history::ValueHash>;

  static bool is_same(const history::Value& value, const Token& token);
  ValueId add(const Token& value);
  ValueId take_unseen(const Token& value);
  void build_index();
  Known& indexed(const Token& value);
  /// How many elements of the trunk the first `bytes` bytes are; 0 if they end within one.
  static std::uint32_t elements_in(const Trunk& trunk, std::size_t bytes);
  std::optional<List> read_along(std::uint32_t trunk, PlainText& text);
  bool extend(Trunk& trunk, PlainText& text);

  bool is_number_;
  Kind kind_ = Kind::open;
  /// Each value that was written was greater than those before it.
  bool grows_ = true;
  bool is_written_twice_ = false;
  std::int64_t number_;
  /// Of a string: with its quotes.
  std::string text_;
  std::vector<history::Value> values_;
  /// Those that were written and are in no trunk, from `first_unseen_` on.
  std::vector<ValueId> unseen_;
  std::size_t first_unseen_ = 0;
  std::vector<Trunk> trunks_;
  std::uint32_t last_trunk_ = 0;
  std::unique_ptr<Index> index_;
};

}  // namespace sunder::checker::isolation
