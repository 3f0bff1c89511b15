#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "checker/history/edn_value.h"
#include "checker/history/file_names.h"
#include "checker/history/jepsen.h"
#include "checker/history/spelling.h"
#include "checker/history/timestamp.h"

namespace sunder::history {

namespace {

/// Limit for an operation, which may have several lines.
constexpr std::size_t max_operation_bytes = std::size_t{64} << 20;

enum class EdnField { process, type, f, key, value, time, index, error, found };

struct EdnFieldName {
  std::string_view name;
  EdnField field;
};

constexpr std::array edn_fields{EdnFieldName{"process", EdnField::process},
                                EdnFieldName{"type", EdnField::type},
                                EdnFieldName{"f", EdnField::f},
                                EdnFieldName{"key", EdnField::key},
                                EdnFieldName{"value", EdnField::value},
                                EdnFieldName{"time", EdnField::time},
                                EdnFieldName{"index", EdnField::index},
                                EdnFieldName{"error", EdnField::error},
                                EdnFieldName{"found", EdnField::found}};

/// The user may write names as they stand in the file: --map f=:op.
Vocabulary without_colons(const Vocabulary& names) {
  Vocabulary plain;
  plain.operations = names.operations;
  for (const auto& [theirs, ours] : names.fields) {
    plain.fields.emplace(theirs.substr(theirs.starts_with(':') ? 1 : 0), ours);
  }
  for (const auto& [theirs, ours] : names.types) {
    plain.types.emplace(theirs.substr(theirs.starts_with(':') ? 1 : 0), ours);
  }
  return plain;
}

/// Parses each map into the same event.
class EdnEventParser {
 public:
  explicit EdnEventParser(Naming& naming)
      : plain_(without_colons(naming.names)), names_(plain_), processes_(naming.processes) {}
  EdnEventParser(const EdnEventParser&) = delete;
  EdnEventParser& operator=(const EdnEventParser&) = delete;

  /// Throws EdnError. What is wrong with a map counts only once it is whole: the rest of one that
  /// is cut off may be anything.
  void parse(EdnReader& reader, Event& event) {
    const auto begin = reader.at();
    seen_ = 0;
    problem_.clear();
    process_ = Value();
    event = {};
    event.has_time = false;
    if (reader.enter_map()) {
      while (const auto theirs = reader.next_name()) {
        parse_field(names_.renames_fields() ? names_.field(*theirs) : *theirs, reader, event);
      }
      if (problem_.empty()) complete(event);
    } else {
      reader.next();
      refuse("an operation is a map {:process 0, :type :invoke, ...}");
    }
    if (!problem_.empty()) throw EdnError{problem_, begin, false};
  }

  void require_named_fields(const std::string& file) const { names_.require_named_fields(file); }

 private:
  void parse_field(std::string_view name, EdnReader& reader, Event& event) {
    if (name == "valid?") {
      refuse("this is what Jepsen's checkers found, no history: name the history.edn beside it");
    }
    const auto* known = std::find_if(edn_fields.begin(), edn_fields.end(),
                                     [&](const EdnFieldName& each) { return each.name == name; });
    if (known != edn_fields.end()) {
      if (has(known->field)) refuse(fmt::format("the map has :{} twice", known->name));
      seen_ |= bit(known->field);
      return parse_known(known->field, reader, event);
    }
    const auto unit = unit_of_event_time(name);
    const auto value = reader.next();
    if (unit && !has(EdnField::time)) take_time(value, *unit, event);
  }

  void parse_known(EdnField field, EdnReader& reader, Event& event) {
    switch (field) {
      case EdnField::process:
        process_ = reader.next();
        return;
      case EdnField::type: {
        const auto type = names_.type(reader.next_text());
        if (!type) refuse(":type must be :invoke, :ok, :fail or :info");
        event.type = type.value_or(EventType::invoke);
        return;
      }
      case EdnField::f:
        event.f = reader.next_text();
        return;
      case EdnField::key:
        return take_key(reader.next(), event);
      case EdnField::value:
        event.value = reader.next();
        return;
      case EdnField::time:
        return take_time(reader.next(), 0, event);
      case EdnField::index: {
        const auto index = reader.next();
        if (index.integer() != nullptr) event.index = *index.integer();
        return;
      }
      case EdnField::error:
        event.error = reader.next_text();
        return;
      case EdnField::found:
        event.answer = Answer{{}, reader.next(), {}, {}, {}};
        return;
    }
  }

  void take_time(const Value& value, std::int64_t unit, Event& event) {
    try {
      const auto time = event_time(value, unit);
      event.has_time = time.has_value();
      event.time = time.value_or(Time{0});
    } catch (const TimeError& error) {
      refuse(error.message);
    }
  }

  void take_key(Value key, Event& event) {
    canonicalize(key);
    if (key.list() != nullptr || key.object() != nullptr) {
      return refuse(":key must be a string, a keyword or a number");
    }
    event.key = key_name(key);
  }

  void complete(Event& event) {
    if (!has(EdnField::type)) return refuse(":type is missing");
    if (event.f.empty() && event.value.list() != nullptr && is_transaction(event.value)) {
      event.f = "txn";  // Elle's own files leave it out
    }
    if (event.f.empty()) {
      return refuse(has(EdnField::process) ? ":f is missing" : ":process is missing, and :f");
    }
    if (event.type != EventType::fail) event.answer.reset();
    try {
      event.process =
          has(EdnField::process) ? processes_.process_of(process_) : processes_.unnamed(event.type);
      if (event.type == EventType::info) processes_.retire(event.process);
    } catch (const ProcessError& error) {
      refuse(error.message);
    }
  }

  static unsigned bit(EdnField field) { return 1U << static_cast<unsigned>(field); }
  bool has(EdnField field) const { return (seen_ & bit(field)) != 0; }
  void refuse(std::string message) {
    if (problem_.empty()) problem_ = std::move(message);
  }

  const Vocabulary plain_;
  FileNames names_;
  ProcessNames& processes_;
  Value process_;
  /// The first thing that is wrong with the event. Empty if all is well.
  std::string problem_;
  /// The fields that the event has so far.
  unsigned seen_ = 0;
};

/// Parses each line where it lies, and collects lines only until they are whole operations.
class EdnFile {
 public:
  EdnFile(LineReader& lines, const EventSink& sink, Naming& naming)
      : lines_(lines), sink_(sink), parser_(naming) {}

  std::vector<std::string> read() {
    while (const auto line = lines_.next()) {
      if (pending_.empty()) {
        line_ = lines_.line_number();
        const auto done = parse(*line);
        if (done < line->size()) keep(*line, done);
        continue;
      }
      pending_ += *line;
      pending_ += '\n';
      if (pending_.size() > retry_at_) parse_pending();
    }
    parse_pending();
    if (!pending_.empty()) warn_about_end();
    parser_.require_named_fields(lines_.file());
    return std::move(warnings_);
  }

 private:
  /// Returns the number of bytes whose operations are whole. `line_` is the line of the first one.
  std::size_t parse(std::string_view text) {
    EdnReader reader(text);
    text_ = text;
    counted_ = 0;
    std::size_t done = 0;
    try {
      while (!reader.at_end()) {
        if (closing_ == 0 && reader.skip('[')) closing_ = ']';
        if (closing_ == 0 && reader.skip('(')) closing_ = ')';
        if (closing_ != 0 && reader.skip(closing_)) closing_ = 0;
        const bool is_last = reader.at_end();
        done = reader.at();
        if (is_last) break;
        const auto begin = done;
        parser_.parse(reader, event_);
        ++count_;
        sink_(event_, line_at(begin));
        done = reader.at();
      }
    } catch (const EdnError& error) {
      if (!error.is_cut_off || text.size() > max_operation_bytes) throw place(error);
      line_at(done);
      return done;
    }
    line_at(text.size());
    return text.size();
  }

  void parse_pending() {
    const auto done = parse(pending_);
    pending_.erase(0, done);
    // Twice as much before the next attempt, or a map of many lines would be parsed again with
    // each line.
    retry_at_ = 2 * pending_.size();
  }

  void keep(std::string_view line, std::size_t done) {
    pending_ = line.substr(done);
    pending_ += '\n';
    retry_at_ = 2 * pending_.size();
  }

  /// The line of a byte of the text. Bytes must come in their order.
  std::int64_t line_at(std::size_t at) {
    const auto newlines = std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                     text_.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    counted_ = at;
    return line_ += newlines;
  }

  InputError place(const EdnError& error) {
    const auto at = std::min(error.at, text_.size());
    const auto newline = text_.substr(0, at).rfind('\n');
    const auto column = newline == std::string_view::npos ? at : at - newline - 1;
    const auto line = at < counted_ ? line_ : line_at(at);
    return {{lines_.file(), line, static_cast<std::int64_t>(column) + 1}, error.message};
  }

  void warn_about_end() {
    const bool is_map = pending_.find('{') != std::string::npos;
    if (count_ == 0 || !is_map) {
      throw InputError({lines_.file(), line_, 1}, "the text ends in the middle of a value");
    }
    warnings_.push_back(
        fmt::format("{}:{}: the last operation was cut off and is ignored", lines_.file(), line_));
  }

  LineReader& lines_;
  const EventSink& sink_;
  EdnEventParser parser_;
  Event event_;
  /// The text that is parsed, and its line at byte `counted_`.
  std::string_view text_;
  std::size_t counted_ = 0;
  std::int64_t line_ = 1;
  /// The beginning of an operation, and how long it must be before it is parsed again.
  std::string pending_;
  std::size_t retry_at_ = 0;
  /// Ends the vector or list of operations. 0 outside of one.
  char closing_ = 0;
  std::int64_t count_ = 0;
  std::vector<std::string> warnings_;
};

}  // namespace

std::vector<std::string> read_edn(LineReader& lines, const EventSink& sink, Naming& naming) {
  return EdnFile(lines, sink, naming).read();
}

}  // namespace sunder::history
