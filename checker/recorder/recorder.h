#pragma once
// Records the calls of threads to a shared object in one process, for a test to check.
// Each thread has its own Client and writes to its own memory. The threads share one counter, which
// an invocation reads and a return increments. So a call that returned before another was invoked
// is recorded in that order. Calls may be recorded as concurrent that were not; never the opposite.
// Surprise: a Call that is destroyed without a result (an exception, a thread that gives up) is
// `info`: it may have happened or not.

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/history/history.h"

namespace sunder::checker {

class Recorder {
 public:
  class Client;

  /// One open call. Complete it once, from the thread that made it.
  class Call {
   public:
    Call(Call&& other) noexcept
        : client_(std::exchange(other.client_, nullptr)), number_(other.number_) {}
    Call& operator=(Call&&) = delete;
    ~Call() = default;

    /// It happened with this result; nil if it has none.
    void ok(history::Value result = {});
    /// It certainly did not happen (`fail`).
    void fail();

   private:
    friend class Client;
    Call(Client& client, std::size_t number) : client_(&client), number_(number) {}
    Client* client_;
    std::size_t number_;
  };

  /// Belongs to one thread at a time. Makes one call after another.
  class Client {
   public:
    /// `f` must outlive the recorder: a literal.
    Call invoke(std::string_view f, history::Value argument = {}) {
      const auto before = recorder_.returns_.load(std::memory_order_seq_cst);
      entries_.push_back({f, std::move(argument), {}, before, open, history::Outcome::info});
      return {*this, entries_.size() - 1};
    }

   private:
    friend class Recorder;
    friend class Call;
    static constexpr std::uint64_t open = UINT64_MAX;
    struct Entry {
      std::string_view f;
      history::Value argument;
      history::Value result;
      /// The number of calls that had returned before this one was invoked, and before it returned.
      std::uint64_t invoked_after;
      std::uint64_t returned_after;
      history::Outcome outcome;
    };

    explicit Client(Recorder& recorder, std::size_t calls) : recorder_(recorder) {
      // Touches the memory now: a page fault in the middle of a call would cost more than the call.
      entries_.resize(calls);
      entries_.clear();
    }
    void complete(std::size_t number, history::Outcome outcome) {
      auto& entry = entries_[number];
      entry.outcome = outcome;
      entry.returned_after = recorder_.returns_.fetch_add(1, std::memory_order_seq_cst);
    }

    Recorder& recorder_;
    std::vector<Entry> entries_;
  };

  /// A client for a thread. The reference stays valid. Reserves memory for `calls` calls.
  Client& client(std::size_t calls = 1024);

  /// All recorded operations, with this key. Call it when no thread records any more.
  history::History history(std::string_view key = {}) const;

 private:
  std::atomic<std::uint64_t> returns_{0};
  mutable std::mutex mutex_;
  std::deque<std::unique_ptr<Client>> clients_;
};

inline void Recorder::Call::ok(history::Value result) {
  client_->entries_[number_].result = std::move(result);
  client_->complete(number_, history::Outcome::ok);
}

inline void Recorder::Call::fail() {
  client_->complete(number_, history::Outcome::fail);
}

}  // namespace sunder::checker
