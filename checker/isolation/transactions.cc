#include "checker/isolation/transactions.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "checker/history/brief.h"
#include "checker/isolation/value_numbers.h"

namespace sunder::checker::isolation {

namespace {

using history::Operation;
using history::Outcome;
using history::Value;

constexpr std::string_view expected_form =
    "a transaction must be a list of [\"append\", key, value] and [\"r\", key, list], or of "
    "[\"w\", key, value] and [\"r\", key, value]";

/// What is known of a key while the history is read.
struct GrowingKey {
  Key key;
  ValueNumbers numbers;
  bool is_written = false;
  /// By value number less one: the operation that writes it.
  std::vector<std::uint32_t> writers;
  /// The longest list that was read, of those that continue one another.
  std::vector<ValueId> spine;
};

class TransactionReader {
 public:
  explicit TransactionReader(const history::History& history) : history_(history) {}

  Transactions read() {
    result_.transactions.reserve(history_.operations.size());
    for (std::uint32_t i = 0; i < history_.operations.size(); ++i) ask(i);
    for (const auto& transaction : result_.transactions) answer(transaction);
    settle_unwritten_keys();
    join_lists();
    for (auto& each : keys_) {
      each.key.values = each.numbers.take();
      result_.keys.push_back(std::move(each.key));
    }
    return std::move(result_);
  }

 private:
  [[noreturn]] void refuse(history::Position position, const std::string& message) const {
    throw history::AssumptionBroken(history_.place_of(position), message);
  }

  const history::List& steps_in(const Value& value, history::Position position) const {
    const auto* steps = value.list();
    if (steps == nullptr) refuse(position, std::string(expected_form));
    return *steps;
  }

  const history::List& step_in(const Value& value, history::Position position) const {
    const auto* step = value.list();
    if (step == nullptr || step->size() != 3 || step->front().text() == nullptr) {
      refuse(position, std::string(expected_form));
    }
    return *step;
  }

  /// `database` is the operation's own key, as Jepsen's independent workloads have it: keys of
  /// different databases have nothing to do with each other.
  KeyId key_of(const Value& key, const history::Name& database) {
    const bool is_alone = database.empty();
    const auto id =
        key_numbers_.number_of(is_alone ? key : Value(history::List{database.text(), key})) - 1;
    if (id == keys_.size()) {
      keys_.emplace_back().key.name =
          is_alone ? key_name(key) : fmt::format("{} of {}", key_name(key), database);
    }
    return id;
  }

  /// A client is another one in each database: the order of its transactions in two of them is
  /// promised by none.
  std::uint32_t process_of(history::ProcessId process, const history::Name& database) {
    const auto next = static_cast<std::uint32_t>(process_count_);
    const auto [at, is_new] =
        processes_[&database.text()].try_emplace(static_cast<std::int64_t>(process), next);
    if (is_new) ++process_count_;
    return at->second;
  }

  /// Takes what was asked: the keys, and the values that are written.
  void ask(std::uint32_t index) {
    const auto& operation = history_.operations[index];
    if (operation.f != "txn") {
      refuse(operation.invoked,
             fmt::format("{} is no transaction: {}", operation.f.text(), expected_form));
    }
    Transaction transaction;
    transaction.first_step = static_cast<std::uint32_t>(result_.steps.size());
    transaction.process = process_of(operation.process, operation.key);
    transaction.outcome = operation.outcome;
    transaction.invoked = operation.invoked;
    transaction.returned = operation.returned;
    transaction.operation = index;
    for (const auto& each : steps_in(operation.argument, operation.invoked)) {
      const auto& parts = step_in(each, operation.invoked);
      Step step;
      step.key = key_of(parts[1], operation.key);
      const auto& f = *parts[0].text();
      if (f == "append" || f == "w") {
        step.kind = f == "w" ? Step::Kind::write : Step::Kind::append;
        step.value = written(parts[2], step, index);
      } else if (f != "r") {
        refuse(operation.invoked, std::string(expected_form));
      }
      result_.steps.push_back(step);
    }
    transaction.step_count =
        static_cast<std::uint32_t>(result_.steps.size()) - transaction.first_step;
    result_.transactions.push_back(transaction);
    note_revision(operation);
  }

  void note_revision(const Operation& operation) {
    const bool has = operation.outcome == Outcome::ok && operation.answer != nullptr &&
                     operation.answer->revision.has_value();
    if (!has && result_.revisions.empty()) return;
    result_.revisions.resize(result_.transactions.size(), no_revision);
    if (has) result_.revisions.back() = *operation.answer->revision;
  }

  ValueId written(const Value& value, const Step& step, std::uint32_t index) {
    const auto& operation = history_.operations[index];
    auto& key = keys_[step.key];
    const bool is_list = step.kind == Step::Kind::append;
    if (key.is_written && key.key.is_list != is_list) {
      refuse(operation.invoked,
             fmt::format("key {} is written by both append and w: it cannot be a list and a "
                         "register",
                         history::brief_text(key.key.name)));
    }
    key.is_written = true;
    key.key.is_list = is_list;
    if (!is_list && value.is_nil()) {
      refuse(operation.invoked,
             fmt::format("writes nil to key {}: nil is what a register holds before its first "
                         "write, so another value must stand for it",
                         history::brief_text(key.key.name)));
    }
    const auto number = key.numbers.number_of(value);
    if (number <= key.writers.size()) {
      refuse(operation.invoked,
             fmt::format("writes {} to key {}, which {} writes already: the values of a key must "
                         "be unique",
                         history::brief(value), history::brief_text(key.key.name),
                         history_.line_name(history_.operations[key.writers[number - 1]].invoked)));
    }
    key.writers.push_back(index);
    return number;
  }

  /// Takes what was answered: the values that were read.
  void answer(const Transaction& transaction) {
    const auto& operation = history_.operations[transaction.operation];
    if (operation.outcome != Outcome::ok) return;
    const auto& asked = *operation.argument.list();
    const auto& answers = steps_in(operation.result, operation.returned);
    if (asked.size() != answers.size()) refuse_answer(operation);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const auto& question = *asked[i].list();
      const auto& parts = step_in(answers[i], operation.returned);
      auto& step = result_.steps[transaction.first_step + i];
      const bool reads = step.kind == Step::Kind::unanswered_read;
      const bool fits =
          question[0] == parts[0] && question[1] == parts[1] && (reads || question[2] == parts[2]);
      if (!fits) refuse_answer(operation);
      if (!reads) continue;
      if (is_list(step.key, parts[2])) {
        read_list(step, parts[2], operation);
      } else {
        step.kind = Step::Kind::read_register;
        step.value = parts[2].is_nil() ? initial : keys_[step.key].numbers.number_of(parts[2]);
      }
    }
  }

  [[noreturn]] void refuse_answer(const Operation& operation) const {
    refuse(operation.returned,
           fmt::format("answers {}, which is not what {} asked for",
                       history::brief(operation.result), history_.line_name(operation.invoked)));
  }

  /// A key that nobody writes is what its first answer besides nil makes it. Until then it counts
  /// as a list.
  bool is_list(KeyId id, const Value& answer) {
    auto& key = keys_[id];
    if (!key.is_written && !answer.is_nil()) {
      key.is_written = true;
      key.key.is_list = answer.list() != nullptr;
    }
    return !key.is_written || key.key.is_list;
  }

  /// A key of which nothing is known but nil is a list if any other key is.
  void settle_unwritten_keys() {
    const auto is_known_list = [](const GrowingKey& each) {
      return each.is_written && each.key.is_list;
    };
    const bool has_lists = std::any_of(keys_.begin(), keys_.end(), is_known_list);
    for (auto& each : keys_) {
      if (!each.is_written) each.key.is_list = has_lists;
    }
    for (auto& step : result_.steps) {
      const bool settled = step.kind != Step::Kind::read_list || keys_[step.key].key.is_list;
      if (!settled) step.kind = Step::Kind::read_register;
    }
  }

  void read_list(Step& step, const Value& answer, const Operation& operation) {
    step.kind = Step::Kind::read_list;
    if (answer.is_nil()) return;
    if (answer.list() == nullptr) {
      refuse(operation.returned,
             fmt::format("answers {} to a read of key {}, which is a list", history::brief(answer),
                         history::brief_text(keys_[step.key].key.name)));
    }
    const auto& list = *answer.list();
    auto& key = keys_[step.key];
    step.length = static_cast<std::uint32_t>(list.size());
    std::size_t same = 0;
    while (same < list.size() && same < key.spine.size() &&
           key.numbers.value(key.spine[same]) == list[same]) {
      ++same;
    }
    if (same == key.spine.size()) {
      for (; same < list.size(); ++same) key.spine.push_back(key.numbers.number_of(list[same]));
    } else if (same < list.size()) {
      others_.emplace_back(static_cast<std::uint32_t>(&step - result_.steps.data()),
                           static_cast<std::uint32_t>(other_elements_.size()));
      for (const auto& element : list) other_elements_.push_back(key.numbers.number_of(element));
    }
  }

  /// Puts the spines one behind the other, and behind them the lists that fit to none.
  void join_lists() {
    auto& elements = result_.elements;
    std::vector<std::uint32_t> begins;
    begins.reserve(keys_.size());
    for (auto& key : keys_) {
      begins.push_back(static_cast<std::uint32_t>(elements.size()));
      elements.insert(elements.end(), key.spine.begin(), key.spine.end());
    }
    const auto begin_of_others = static_cast<std::uint32_t>(elements.size());
    elements.insert(elements.end(), other_elements_.begin(), other_elements_.end());
    if (elements.size() > std::numeric_limits<std::uint32_t>::max()) {
      throw history::AssumptionBroken({history_.source, 0, 0},
                                      "the lists that were read have more than 2^32 elements");
    }
    for (auto& step : result_.steps) {
      if (step.kind == Step::Kind::read_list) step.value = begins[step.key];
    }
    for (const auto& [step, begin] : others_) result_.steps[step].value = begin_of_others + begin;
  }

  const history::History& history_;
  Transactions result_;
  ValueNumbers key_numbers_;
  std::vector<GrowingKey> keys_;
  /// By the names of the databases, each of which is kept once.
  std::unordered_map<const std::string*, std::unordered_map<std::int64_t, std::uint32_t>>
      processes_;
  std::size_t process_count_ = 0;
  /// Reads that fit to no spine: the step, and where its list begins in `other_elements_`.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> others_;
  std::vector<ValueId> other_elements_;
};

}  // namespace

Transactions transactions_of(const history::History& history) {
  return TransactionReader(history).read();
}

}  // namespace sunder::checker::isolation
