#include "checker/isolation/transaction_lines.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/history/json_event.h"
#include "checker/history/line_reader.h"
#include "checker/history/plain_line.h"
#include "checker/history/reserve.h"
#include "checker/isolation/line_key.h"

namespace sunder::checker::isolation {

namespace {

using history::EventType;
using history::Outcome;
using history::PlainHead;
using history::Position;
using history::ProcessId;

/// The file is not what is read here. It does not leave this file.
struct NotPlain {};

void require(bool is_plain) {
  if (!is_plain) throw NotPlain{};
}

/// A line up to its value.
bool read_line_head(PlainText& text, PlainHead& head) {
  return history::parse_plain_head(text, head) && text.skip(",\"f\":\"txn\",\"value\":");
}

struct LineTail {
  std::int64_t revision = no_revision;
  std::string_view error;
};

/// Behind the value, up to the line's end: what append_json_line() writes of an answer.
bool read_line_tail(PlainText& text, LineTail& tail) {
  std::string_view ignored;
  std::int64_t number = 0;
  if (text.skip(",\"node\":\"") && !text.string(ignored)) return false;
  if (text.skip(",\"revision\":") && !text.integer(tail.revision)) return false;
  if (text.skip(",\"term\":") && !text.integer(number)) return false;
  if (text.skip(",\"command\":\"")) {
    if (!text.string(ignored) || !history::command_digest(ignored)) return false;
  }
  if (text.skip(",\"error\":\"") && !text.string(tail.error)) return false;
  return text.skip("}\n");
}

/// Dense numbers for keys by their names.
class KeyNumbers {
 public:
  KeyId of(const Token& name, std::vector<LineKey>& keys) {
    if (!name.is_number) return of(texts_[std::string(name.text)], name, keys);
    if (name.number < 0 || name.number >= most_) return of(others_[name.number], name, keys);
    const auto at = static_cast<std::size_t>(name.number);
    if (at >= small_.size()) small_.resize(std::max<std::size_t>(2 * at, 1024));
    return of(small_[at], name, keys);
  }

 private:
  static constexpr std::int64_t most_ = std::int64_t{1} << 22;

  static KeyId of(KeyId& number, const Token& name, std::vector<LineKey>& keys) {
    if (number == 0) {
      keys.emplace_back(name);
      number = static_cast<KeyId>(keys.size());
    }
    return number - 1;
  }

  /// From 1 on.
  std::vector<KeyId> small_;
  std::unordered_map<std::int64_t, KeyId> others_;
  std::unordered_map<std::string, KeyId> texts_;
};

class LinesOfTransactions {
 public:
  LinesOfTransactions(const std::filesystem::path& path, Budget& budget)
      : lines_(path, budget), parser_(naming_) {
    lines_.stop_keeping();
    read_.history.source = lines_.file();
    const auto bytes = static_cast<std::size_t>(lines_.size_bytes());
    constexpr std::size_t most = 8'000'000;
    constexpr std::size_t least_bytes = std::size_t{2} * 75;  // an invocation and a completion
    constexpr std::size_t least_bytes_of_a_step = std::size_t{2} * 10;
    const auto transactions = std::min(bytes / least_bytes, most);
    history::reserve_in_huge_pages(transactions_.transactions, transactions);
    read_.invoked_at.reserve(transactions);
    read_.returned_at.reserve(transactions);
    history::reserve_in_huge_pages(transactions_.steps,
                                   std::min(bytes / least_bytes_of_a_step, 8 * most));
  }

  TransactionLines read() {
    while (const auto line = lines_.next()) {
      require(!lines_.is_unterminated());
      take_line(*line);
    }
    const auto& names = naming_.processes;
    require(!lines_.is_cut_off() && !names.has_names() && !names.are_unnamed());
    require(!transactions_.steps.empty());
    if (!transactions_.revisions.empty()) {
      transactions_.revisions.resize(transactions_.transactions.size(), no_revision);
    }
    join_lists();
    for (auto& key : keys_) {
      require(!key.has_value_written_twice());
      transactions_.keys.push_back(key.take());
    }
    read_.transactions = std::move(transactions_);
    return std::move(read_);
  }

 private:
  struct Process {
    enum class Phase : std::uint8_t { fresh, idle, open, retired } phase = Phase::fresh;
    std::uint32_t number = 0;
    /// Its last one.
    TransactionId transaction = 0;
  };

  void take_line(std::string_view line) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    remember_line();
    PlainText text(line.data());
    PlainHead head;
    if (read_line_head(text, head) && take_event(head, text)) {
      note_index(head.index);
      note_time(head.time);
    } else {
      take_other_line(line);
    }
    ++position_;
  }

  void remember_line() {
    auto& all = read_.history.lines;
    if (all.empty() && lines_.line_number() == position_ + 1) return;
    for (auto before = static_cast<Position>(all.size()); before < position_; ++before) {
      all.push_back(before + 1);
    }
    all.push_back(lines_.line_number());
  }

  // Whether lines that contradict their numbers or times are refused is the general way's question.
  void note_index(std::int64_t index) {
    require(index <= 0 || index >= greatest_index_);
    greatest_index_ = std::max(greatest_index_, index);
  }

  void note_time(std::int64_t time) {
    require(time >= latest_time_);
    latest_time_ = time;
  }

  /// A line of the nemesis, or of other make.
  void take_other_line(std::string_view line) {
    history::Event event;
    event.index = greatest_index_;
    try {
      parser_.parse(line, event);
    } catch (const history::LineError&) {
      throw NotPlain{};
    }
    note_index(event.index);
    if (event.process == ProcessId::nemesis) {
      event.index = position_;
      read_.history.faults.push_back(std::move(event));
      return;
    }
    // A file of other make is read faster in the general way.
    require(++other_lines_ < 1000 + position_ / 8);
    require(event.f == "txn" && event.key.empty() && canonicalize(event.value).empty());
    const bool has_revision = event.answer && event.answer->revision;
    other_line_ = to_json(event.value);
    if (has_revision) other_line_ += fmt::format(",\"revision\":{}", *event.answer->revision);
    other_line_ += "}\n";
    other_line_.append(history::LineReader::padding, '\n');
    PlainText text(other_line_.data());
    require(take_event(
        {event.index, event.time.count(), static_cast<std::int64_t>(event.process), event.type},
        text));
    note_time(event.time.count());
    if (event.type != EventType::invoke && !event.error.empty()) {
      history::count_error(read_.history.errors, event.error);
    }
  }

  /// False if the line must be taken in another form. Nothing was taken of it then.
  bool take_event(const PlainHead& head, PlainText& text) {
    if (head.type != EventType::invoke) return complete(head, text);
    invoke(head, text);
    return true;
  }

  Process& process_of(std::int64_t id) {
    constexpr std::int64_t most = std::int64_t{1} << 20;
    if (id >= most) return other_processes_[id];
    const auto at = static_cast<std::size_t>(id);
    if (at >= processes_.size()) processes_.resize(std::max<std::size_t>(2 * at, 64));
    return processes_[at];
  }

  void invoke(const PlainHead& head, PlainText& text) {
    auto& process = process_of(head.process);
    require(process.phase == Process::Phase::fresh || process.phase == Process::Phase::idle);
    if (process.phase == Process::Phase::fresh) {
      process.number = static_cast<std::uint32_t>(read_.processes.size());
      read_.processes.push_back(ProcessId{head.process});
    }
    process.phase = Process::Phase::open;
    process.transaction = static_cast<TransactionId>(transactions_.transactions.size());
    auto& transaction = transactions_.transactions.emplace_back();
    transaction.first_step = static_cast<std::uint32_t>(transactions_.steps.size());
    transaction.process = process.number;
    transaction.invoked = position_;
    transaction.operation = process.transaction;
    require(text.skip("["));
    if (!text.skip("]")) {
      do {
        transactions_.steps.push_back(asked_step(text));
      } while (text.skip(","));
      require(text.skip("]"));
    }
    LineTail ignored;
    require(read_line_tail(text, ignored));
    transaction.step_count =
        static_cast<std::uint32_t>(transactions_.steps.size()) - transaction.first_step;
    read_.invoked_at.emplace_back(head.time);
    read_.returned_at.emplace_back(0);
  }

  Step asked_step(PlainText& text) {
    Step step;
    if (text.skip("[\"append\",")) {
      step.kind = Step::Kind::append;
    } else if (text.skip("[\"w\",")) {
      step.kind = Step::Kind::write;
    } else {
      require(text.skip("[\"r\","));
    }
    Token token;
    require(text.token(token) && text.skip(","));
    step.key = key_numbers_.of(token, keys_);
    if (step.kind == Step::Kind::unanswered_read) {
      require(text.skip_value());
    } else {
      const bool appends = step.kind == Step::Kind::append;
      auto& key = keys_[step.key];
      require(text.token(token) &&
              key.become(appends ? LineKey::Kind::list : LineKey::Kind::value));
      step.value = key.write(token);
      require(step.value != 0);
    }
    require(text.skip("]"));
    return step;
  }

  bool complete(const PlainHead& head, PlainText& text) {
    auto& process = process_of(head.process);
    require(process.phase == Process::Phase::open);
    auto& transaction = transactions_.transactions[process.transaction];
    LineTail tail;
    if (head.type == EventType::ok) {
      answer(transaction, text);
      require(read_line_tail(text, tail));
      if (tail.revision != no_revision) note_revision(process.transaction, tail.revision);
    } else if (!text.skip_value() || !read_line_tail(text, tail)) {
      return false;  // such as an error of other characters
    }
    if (!tail.error.empty()) history::count_error(read_.history.errors, tail.error);
    read_.returned_at[process.transaction] = history::Time{head.time};
    if (head.type == EventType::info) {
      process.phase = Process::Phase::retired;
      return true;
    }
    process.phase = Process::Phase::idle;
    transaction.outcome = head.type == EventType::ok ? Outcome::ok : Outcome::fail;
    transaction.returned = position_;
    return true;
  }

  void note_revision(TransactionId id, std::int64_t revision) {
    if (id >= transactions_.revisions.size()) transactions_.revisions.resize(id + 1, no_revision);
    transactions_.revisions[id] = revision;
  }

  void answer(const Transaction& transaction, PlainText& text) {
    require(text.skip("["));
    for (std::uint32_t i = 0; i < transaction.step_count; ++i) {
      if (i > 0) require(text.skip(","));
      answer_step(transactions_.steps[transaction.first_step + i], text);
    }
    require(text.skip("]"));
  }

  void answer_step(Step& step, PlainText& text) {
    auto& key = keys_[step.key];
    const bool reads = step.kind == Step::Kind::unanswered_read;
    require(reads                             ? text.skip("[\"r\",")
            : step.kind == Step::Kind::append ? text.skip("[\"append\",")
                                              : text.skip("[\"w\","));
    Token token;
    require(text.token(token) && key.is(token) && text.skip(","));
    if (!reads) {
      require(text.token(token) && key.is_value(step.value, token));
    } else if (text.skip("null")) {
      step.kind = Step::Kind::read_list;  // of a register: join_lists() knows it
    } else if (text.skip("[")) {
      require(key.become(LineKey::Kind::list));
      const auto list = key.read_list(text);
      require(list.has_value());
      step.kind = Step::Kind::read_list;
      step.value = list->trunk;
      step.length = list->length;
    } else {
      require(text.token(token) && key.become(LineKey::Kind::value));
      step.kind = Step::Kind::read_register;
      step.value = key.read(token);
    }
    require(text.skip("]"));
  }

  /// A key of which nothing is known but nil is a list if any other key is.
  void settle_kinds() {
    const bool has_lists = std::any_of(keys_.begin(), keys_.end(), [](const LineKey& key) {
      return key.kind() == LineKey::Kind::list;
    });
    for (auto& key : keys_) {
      if (key.kind() != LineKey::Kind::open) continue;
      key.become(has_lists ? LineKey::Kind::list : LineKey::Kind::value);
    }
  }

  /// Until then a list that was read is the number of its trunk.
  void join_lists() {
    settle_kinds();
    for (auto& key : keys_) key.join(transactions_.elements);
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    require(transactions_.elements.size() <= most && transactions_.steps.size() <= most);
    for (auto& step : transactions_.steps) {
      if (step.kind != Step::Kind::read_list) continue;
      if (step.length > 0) {
        step.value = keys_[step.key].list_begin(step.value);
      } else if (keys_[step.key].kind() != LineKey::Kind::list) {
        step.kind = Step::Kind::read_register;
      }
    }
  }

  history::LineReader lines_;
  history::Naming naming_;
  history::EventParser parser_;
  TransactionLines read_;
  Transactions transactions_;
  KeyNumbers key_numbers_;
  std::vector<LineKey> keys_;
  std::vector<Process> processes_;
  std::unordered_map<std::int64_t, Process> other_processes_;
  Position position_ = 0;
  Position other_lines_ = 0;
  std::int64_t greatest_index_ = 0;
  std::int64_t latest_time_ = std::numeric_limits<std::int64_t>::min();
  std::string other_line_;
};

}  // namespace

std::vector<history::Operation> TransactionLines::operations() const {
  std::vector<history::Operation> all;
  history::reserve_in_huge_pages(all, transactions.transactions.size());
  const history::Name f = "txn";
  for (const auto& transaction : transactions.transactions) {
    auto& operation = all.emplace_back();
    operation.process = processes[transaction.process];
    operation.f = f;
    operation.outcome = transaction.outcome;
    operation.invoked = transaction.invoked;
    operation.returned = transaction.returned;
    operation.invoked_at = invoked_at[transaction.operation];
    operation.returned_at = returned_at[transaction.operation];
  }
  return all;
}

std::optional<TransactionLines> read_transaction_lines(const std::filesystem::path& path,
                                                       Budget& budget) {
  if (!std::filesystem::is_regular_file(path)) return std::nullopt;
  try {
    return LinesOfTransactions(path, budget).read();
  } catch (const NotPlain&) {
    return std::nullopt;
  } catch (const history::InputError&) {
    return std::nullopt;
  }
}

}  // namespace sunder::checker::isolation
