#include "io/output/writer.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <poll.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sluice::io {

namespace {

constexpr int pause_ms = 10; // where a descriptor says that it takes bytes, and takes none
constexpr std::chrono::milliseconds last_patience{50}; // for the thread to notice the end

/// A text without an end of line is one all the same.
uint64_t lines_in(std::string_view text) {
  const auto ends = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
  return std::max<uint64_t>(ends, text.empty() ? 0 : 1);
}

} // namespace

std::string_view name_of(output_state x) {
  constexpr std::array<std::string_view, 3> names{"flowing", "stalled", "failing"};
  return names[static_cast<size_t>(x)];
}

std::string sentence_of(const std::string& name, const output_counts& x) {
  const auto dropped = x.dropped_lines == 0
                         ? std::string{}
                         : "; " + std::to_string(x.dropped_lines) + " lines were dropped so far";
  switch (x.state) {
  case output_state::flowing:
    return name + ": written again" + dropped;
  case output_state::stalled:
    return name + ": nobody reads it; the run goes on, and what does not fit is dropped" + dropped;
  case output_state::failing:
    break;
  }
  constexpr std::string_view goes_on = "; the run goes on, and it is tried again every second";
  if (x.error == EPIPE || x.error == ECONNRESET)
    return name + ": its reader has left" + std::string{goes_on} + dropped;
  return name + ": cannot be written: " + std::strerror(x.error) + std::string{goes_on} + dropped;
}

/// What the thread and the writer have together; the last of them ends it.
class output_writer::shared {
public:
  shared(std::unique_ptr<output_target> to, output_terms terms)
    : to_(std::move(to)), terms_(std::move(terms)), bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      progress_ms_(terms_.now_ms()) {
    if (bell_ < 0)
      throw std::system_error{errno, std::generic_category(), "a writer of output"};
  }
  ~shared() { ::close(bell_); }
  shared(const shared&) = delete;
  shared& operator=(const shared&) = delete;

  bool put(std::string_view text) {
    std::unique_lock lock{mutex_};
    // Once something was dropped the queue has to be half empty: one note for many lines.
    const bool some_space = unnoted_ == 0 || waiting_ <= terms_.bytes_max / 2;
    const bool taken = some_space && waiting_ + text.size() <= terms_.bytes_max && !over_;
    if (taken) {
      add_note();
      add(std::string{text});
    } else {
      dropped_ += lines_in(text);
      unnoted_ += lines_in(text);
      if (queue_.empty() && !over_) // it was too long alone
        add_note();
    }
    look(lock);
    return taken;
  }

  void put_passing(std::string_view text) {
    const std::lock_guard lock{mutex_};
    if (queue_.empty() && !over_)
      add(std::string{text}, true);
  }

  bool takes_more() {
    std::unique_lock lock{mutex_};
    const bool more = waiting_ < terms_.ahead_max || state_now() != output_state::flowing;
    look(lock);
    return more;
  }

  bool drain(std::chrono::milliseconds patience) {
    std::unique_lock lock{mutex_};
    at_once_ = true;
    attempts_ = 0;
    ring();
    changed_.wait_for(lock, patience,
                      [this] { return queue_.empty() || (error_ != 0 && attempts_ > 0); });
    return queue_.empty();
  }

  void reopen() {
    const std::lock_guard lock{mutex_};
    reopen_ = true;
    at_once_ = true;
    ring();
  }

  output_counts counts() {
    std::unique_lock lock{mutex_};
    auto out = counts_now();
    look(lock);
    return out;
  }

  /// What waits is lost.
  void end() {
    std::unique_lock lock{mutex_};
    over_ = true;
    for (const auto& x : queue_)
      dropped_ += x.passing ? 0 : lines_in(std::string_view{x.text}.substr(x.at));
    ring();
    changed_.wait_for(lock, last_patience, [this] { return gone_; });
  }

  bool gone() {
    const std::lock_guard lock{mutex_};
    return gone_;
  }

  void run() {
    while (next()) {
      const bool ready = to_->wait(bell_, wait_ms());
      silence_bell();
      if (ready)
        write_some();
      else
        look();
    }
    const std::lock_guard lock{mutex_};
    gone_ = true;
    changed_.notify_all();
  }

private:
  struct waiting_text {
    std::string text;
    size_t at = 0; // bytes that are written
    bool passing = false;
  };

  // -- the caller has the mutex

  void add(std::string text, bool passing = false) {
    if (text.empty())
      return;
    if (queue_.empty()) {
      progress_ms_ = terms_.now_ms();
      ring();
    }
    waiting_ += text.size();
    queue_.push_back({std::move(text), 0, passing});
  }

  /// In the place of what was dropped.
  void add_note() {
    const auto lines = std::exchange(unnoted_, 0);
    if (lines != 0 && terms_.note)
      add(terms_.note(lines));
  }

  output_state state_now() const {
    if (error_ != 0)
      return output_state::failing;
    if (!queue_.empty() && terms_.now_ms() - progress_ms_ >= terms_.stall_ms)
      return output_state::stalled;
    return output_state::flowing;
  }

  output_counts counts_now() const { return {state_now(), error_, waiting_, written_, dropped_}; }

  /// Reports what a person should know: it fails, lines are lost, or neither any more. Releases the
  /// mutex.
  void look(std::unique_lock<std::mutex>& lock) {
    const auto now = counts_now();
    const bool loses = unnoted_ != 0;
    const bool is_new = !over_ && (now.error != reported_error_ || loses != reported_loss_);
    reported_error_ = now.error;
    reported_loss_ = loses;
    lock.unlock();
    if (is_new && terms_.changed)
      terms_.changed(now);
  }
  void look() {
    std::unique_lock lock{mutex_};
    look(lock);
  }

  void ring() const {
    const uint64_t one = 1;
    [[maybe_unused]] const auto put = ::write(bell_, &one, sizeof one);
  }

  // -- the thread

  void silence_bell() const {
    uint64_t ignored = 0;
    [[maybe_unused]] const auto got = ::read(bell_, &ignored, sizeof ignored);
  }

  /// Waits for something to write, and while it fails for the next attempt; false: no more.
  bool next() {
    std::unique_lock lock{mutex_};
    for (;;) {
      if (over_)
        return false;
      const bool reopen = std::exchange(reopen_, false);
      if (reopen) {
        lock.unlock();
        to_->reopen();
        lock.lock();
      }
      const bool failed = error_ != 0 && !std::exchange(at_once_, false);
      if (!queue_.empty() && !failed)
        return true;
      if (queue_.empty())
        changed_.notify_all();
      lock.unlock();
      const bool rung = wait_for_bell(failed ? terms_.retry_ms : -1);
      lock.lock();
      if (failed && !rung)
        at_once_ = true;
    }
  }

  bool wait_for_bell(int wait_ms) const {
    pollfd watched{bell_, POLLIN, 0};
    const bool rung = ::poll(&watched, 1, wait_ms) > 0;
    silence_bell();
    return rung;
  }

  int wait_ms() const { return static_cast<int>(terms_.stall_ms); }

  /// The first text stays where it is while it is written: only this thread takes any away.
  void write_some() {
    std::unique_lock lock{mutex_};
    if (queue_.empty())
      return;
    auto& first = queue_.front(); // a deque's elements stay in their places
    lock.unlock();
    const auto done = to_->write(std::string_view{first.text}.substr(first.at));
    lock.lock();
    ++attempts_;
    error_ = done.error;
    if (done.bytes != 0) {
      progress_ms_ = terms_.now_ms();
      written_ += done.bytes;
      waiting_ -= done.bytes;
      first.at += done.bytes;
      if (first.at == first.text.size())
        queue_.pop_front();
      if (queue_.empty())
        add_note();
    }
    changed_.notify_all();
    const bool took_none = done.bytes == 0 && done.error == 0;
    look(lock);
    if (took_none)
      wait_for_bell(pause_ms);
  }

  const std::unique_ptr<output_target> to_;
  const output_terms terms_;
  const int bell_;
  std::mutex mutex_; // of all that follows
  std::condition_variable changed_;
  std::deque<waiting_text> queue_;
  uint64_t waiting_ = 0;
  uint64_t written_ = 0;
  uint64_t dropped_ = 0;
  uint64_t unnoted_ = 0; // dropped lines that no note stands for yet
  int64_t progress_ms_;  // when something was taken, or began to wait
  int error_ = 0;
  uint64_t attempts_ = 0;
  int reported_error_ = 0;
  bool reported_loss_ = false;
  bool at_once_ = false; // the next attempt need not wait
  bool reopen_ = false;
  bool over_ = false;
  bool gone_ = false; // the thread needs nothing any more
};

output_writer::output_writer(std::unique_ptr<output_target> to, output_terms terms)
  : shared_(std::make_shared<shared>(std::move(to), std::move(terms))) {
  std::thread{[x = shared_] { x->run(); }}.detach();
}

output_writer::~output_writer() {
  shared_->end();
}

bool output_writer::put(std::string_view text) {
  return shared_->put(text);
}

void output_writer::put_passing(std::string_view text) {
  shared_->put_passing(text);
}

bool output_writer::takes_more() {
  return shared_->takes_more();
}

bool output_writer::drain(std::chrono::milliseconds patience) {
  return shared_->drain(patience);
}

void output_writer::reopen() {
  shared_->reopen();
}

output_counts output_writer::counts() {
  return shared_->counts();
}

} // namespace sluice::io
