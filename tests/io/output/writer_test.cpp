#include "io/output/writer.hpp"
#include "tests/support/pause.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <string>
#include <unistd.h>
#include <vector>

namespace sluice::io {
namespace {

using namespace std::chrono_literals;

/// What the test decides: how much it takes, or why not. Shared with the target, which may outlive
/// its writer.
struct scripted {
  std::mutex mutex;
  std::condition_variable changed;
  std::string taken;
  size_t space = SIZE_MAX;
  int error = 0;
  bool hangs = false; // inside a write
  size_t attempts = 0;
  size_t reopened = 0;

  template <class F>
  void set(F change) {
    const std::lock_guard lock{mutex};
    change(*this);
    changed.notify_all();
  }
  template <class F>
  bool wait(F good) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, 30s, [&] { return good(*this); });
  }
};

class scripted_target final : public output_target {
public:
  explicit scripted_target(std::shared_ptr<scripted> x) : x_(std::move(x)) {}

  bool wait(int, int) override {
    std::unique_lock lock{x_->mutex};
    x_->changed.wait_for(lock, 5ms, [&] { return x_->space > 0 || x_->error != 0; });
    return x_->space > 0 || x_->error != 0;
  }
  write_outcome write(std::string_view text) override {
    std::unique_lock lock{x_->mutex};
    ++x_->attempts;
    x_->changed.notify_all();
    x_->changed.wait(lock, [&] { return !x_->hangs; });
    if (x_->error != 0)
      return {0, x_->error};
    const auto n = std::min(text.size(), x_->space);
    x_->taken += text.substr(0, n);
    x_->space -= x_->space == SIZE_MAX ? 0 : n;
    x_->changed.notify_all();
    return {n, 0};
  }
  void reopen() override {
    x_->set([](auto& x) { ++x.reopened; });
  }

private:
  std::shared_ptr<scripted> x_;
};

class writer_test : public testing::Test {
protected:
  output_terms terms() {
    output_terms out;
    out.now_ms = [clock = clock_] { return clock->load(); };
    out.bytes_max = 100;
    out.ahead_max = 40;
    out.retry_ms = 5;
    out.note = [](uint64_t lines) { return "(" + std::to_string(lines) + ")\n"; };
    out.changed = [reports = reports_](const output_counts& x) {
      reports->set([&](auto& all) { all.taken += sentence_of("it", x) + '\n'; });
    };
    return out;
  }
  std::unique_ptr<output_target> target() const {
    return std::make_unique<scripted_target>(script_);
  }
  std::string taken() const {
    const std::lock_guard lock{script_->mutex};
    return script_->taken;
  }

  std::shared_ptr<std::atomic<int64_t>> clock_ = std::make_shared<std::atomic<int64_t>>(0);
  std::shared_ptr<scripted> script_ = std::make_shared<scripted>();
  std::shared_ptr<scripted> reports_ = std::make_shared<scripted>();
};

const std::string line_of_50 = std::string(49, 'x') + '\n';

TEST_F(writer_test, writes_everything_in_order) {
  output_writer writer{target(), terms()};
  std::string all;
  for (int i = 0; i < 1'000; ++i) {
    const auto text = std::to_string(i) + '\n';
    while (!writer.put(text)) // at most 100 bytes wait
      test::pause_for(1ms);
    all += text;
  }
  EXPECT_TRUE(writer.drain(30s));
  std::string without_notes;
  for (size_t at = 0; at < taken().size();) {
    const auto end = taken().find('\n', at) + 1;
    if (const auto line = taken().substr(at, end - at); line[0] != '(')
      without_notes += line;
    at = end;
  }
  EXPECT_EQ(without_notes, all);
}

TEST_F(writer_test, drops_and_counts_what_finds_no_space_and_notes_it_where_it_was) {
  script_->space = 0;
  output_writer writer{target(), terms()};
  EXPECT_TRUE(writer.put("first\n"));
  EXPECT_TRUE(writer.put(line_of_50));
  EXPECT_FALSE(writer.put(line_of_50 + "and\none\nmore\n"));
  EXPECT_FALSE(writer.put("short\n")) << "one note for many lines: half of it has to be free";
  EXPECT_EQ(writer.counts().dropped_lines, 5U);
  EXPECT_EQ(writer.counts().waiting_bytes, 56U);
  script_->set([](auto& x) { x.space = SIZE_MAX; });
  EXPECT_TRUE(writer.drain(30s));
  EXPECT_TRUE(script_->wait([](auto& x) { return x.taken.ends_with("(5)\n"); })) << taken();
  EXPECT_TRUE(writer.put("last\n"));
  EXPECT_TRUE(writer.drain(30s));
  EXPECT_EQ(taken(), "first\n" + line_of_50 + "(5)\nlast\n");
  EXPECT_EQ(writer.counts().dropped_lines, 5U);
  EXPECT_EQ(writer.counts().written_bytes, taken().size());
}

TEST_F(writer_test, is_stalled_when_nothing_was_taken_for_a_while_and_flows_again) {
  script_->space = 3;
  output_writer writer{target(), terms()};
  writer.put("first\n");
  ASSERT_TRUE(script_->wait([](auto& x) { return x.taken == "fir"; }));
  EXPECT_EQ(writer.counts().state, output_state::flowing);
  *clock_ += 999;
  EXPECT_EQ(writer.counts().state, output_state::flowing);
  *clock_ += 1;
  EXPECT_EQ(writer.counts().state, output_state::stalled);
  script_->set([](auto& x) { x.space = SIZE_MAX; });
  EXPECT_TRUE(writer.drain(30s));
  EXPECT_EQ(writer.counts().state, output_state::flowing);
  EXPECT_EQ(taken(), "first\n");
  EXPECT_EQ(reports_->taken, "") << "nothing was lost";
}

TEST_F(writer_test, asks_for_patience_while_much_waits_and_somebody_reads) {
  script_->space = 0;
  output_writer writer{target(), terms()};
  EXPECT_TRUE(writer.takes_more());
  writer.put(line_of_50);
  EXPECT_FALSE(writer.takes_more());
  *clock_ += 1'000;
  EXPECT_TRUE(writer.takes_more()) << "patience does not help where nobody reads";
}

TEST_F(writer_test, a_failing_target_is_tried_again_and_nothing_of_the_queue_is_lost) {
  script_->error = ENOSPC;
  output_writer writer{target(), terms()};
  writer.put("first\n");
  ASSERT_TRUE(script_->wait([](auto& x) { return x.attempts >= 3; }));
  EXPECT_EQ(writer.counts().state, output_state::failing);
  EXPECT_EQ(writer.counts().error, ENOSPC);
  EXPECT_TRUE(writer.takes_more());
  EXPECT_FALSE(writer.drain(30s)) << "it does not wait for what fails";
  script_->set([](auto& x) { x.error = 0; });
  ASSERT_TRUE(script_->wait([](auto& x) { return x.taken == "first\n"; }));
  EXPECT_TRUE(writer.drain(30s));
  EXPECT_EQ(writer.counts().state, output_state::flowing);
  ASSERT_TRUE(reports_->wait([](auto& x) { return x.taken.find("again") != std::string::npos; }));
  EXPECT_NE(reports_->taken.find("No space left on device"), std::string::npos);
}

TEST_F(writer_test, who_puts_never_waits_and_a_write_that_hangs_is_left_behind) {
  script_->hangs = true;
  {
    output_writer writer{target(), terms()};
    writer.put("first\n");
    ASSERT_TRUE(script_->wait([](auto& x) { return x.attempts == 1; }));
    for (int i = 0; i < 100; ++i)
      writer.put(line_of_50);
    EXPECT_GE(writer.counts().dropped_lines, 98U);
    *clock_ += 1'000;
    EXPECT_EQ(writer.counts().state, output_state::stalled);
    EXPECT_FALSE(writer.drain(1ms));
  }
  script_->set([](auto& x) { x.hangs = false; }); // its thread ends
}

TEST_F(writer_test, what_passes_is_written_only_when_nothing_waits) {
  script_->space = 0;
  output_writer writer{target(), terms()};
  writer.put_passing("\r10 %");
  writer.put_passing("\r20 %");
  writer.put("a\n");
  writer.put_passing("\r30 %");
  script_->set([](auto& x) { x.space = SIZE_MAX; });
  EXPECT_TRUE(writer.drain(30s));
  EXPECT_EQ(taken(), "\r10 %a\n");
  EXPECT_EQ(writer.counts().dropped_lines, 0U);
}

TEST_F(writer_test, the_end_counts_what_is_left) {
  script_->space = 2;
  output_writer writer{target(), terms()};
  writer.put("one\ntwo\n");
  ASSERT_TRUE(script_->wait([](auto& x) { return x.taken == "on"; }));
  writer.end();
  EXPECT_EQ(writer.counts().dropped_lines, 2U);
  EXPECT_FALSE(writer.put("three\n"));
  writer.end();
  EXPECT_EQ(writer.counts().dropped_lines, 3U);
}

TEST_F(writer_test, the_target_is_opened_anew_on_request) {
  output_writer writer{target(), terms()};
  writer.reopen();
  EXPECT_TRUE(script_->wait([](auto& x) { return x.reopened == 1; }));
}

/// Real descriptors.
struct pipe_pair {
  pipe_pair() {
    std::signal(SIGPIPE, SIG_IGN);
    if (::pipe(ends.data()) != 0)
      ADD_FAILURE() << "no pipe";
    ::fcntl(ends[1], F_SETPIPE_SZ, 4096);
  }
  ~pipe_pair() {
    for (const int x : ends)
      if (x >= 0)
        ::close(x);
  }
  pipe_pair(const pipe_pair&) = delete;
  pipe_pair& operator=(const pipe_pair&) = delete;

  std::string read_all(size_t bytes) {
    std::string text;
    std::array<char, 4096> chunk{};
    while (text.size() < bytes) {
      const auto got = ::read(ends[0], chunk.data(), chunk.size());
      if (got <= 0)
        return text;
      text.append(chunk.data(), static_cast<size_t>(got));
    }
    return text;
  }
  std::array<int, 2> ends{-1, -1};
};

class descriptor_test : public writer_test, public testing::WithParamInterface<bool> {
protected:
  output_terms large() {
    auto out = terms();
    out.bytes_max = 1 << 20;
    out.ahead_max = 1 << 16;
    return out;
  }
};

TEST_P(descriptor_test, a_pipe_that_is_full_for_a_while_gets_everything) {
  pipe_pair pipe;
  if (GetParam()) // as a parent may have left it: EAGAIN instead of waiting
    ::fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK);
  output_writer writer{std::make_unique<descriptor_target>(pipe.ends[1]), large()};
  std::string all;
  for (int i = 0; i < 5'000; ++i)
    all += "line " + std::to_string(i) + '\n';
  ASSERT_TRUE(writer.put(all));
  EXPECT_FALSE(writer.drain(20ms));
  EXPECT_EQ(writer.counts().state, output_state::flowing) << "its clock stands";
  EXPECT_EQ(pipe.read_all(all.size()), all);
  EXPECT_TRUE(writer.drain(30s));
  EXPECT_EQ(::fcntl(pipe.ends[1], F_GETFL) & O_NONBLOCK, GetParam() ? O_NONBLOCK : 0);
}

INSTANTIATE_TEST_SUITE_P(both_kinds, descriptor_test, testing::Bool());

TEST_F(descriptor_test, a_reader_that_has_left_is_an_error_with_its_sentence) {
  pipe_pair pipe;
  ::close(std::exchange(pipe.ends[0], -1));
  output_writer writer{std::make_unique<descriptor_target>(pipe.ends[1]), large()};
  writer.put("a\n");
  EXPECT_FALSE(writer.drain(30s));
  EXPECT_EQ(writer.counts().error, EPIPE);
  EXPECT_NE(sentence_of("it", writer.counts()).find("its reader has left"), std::string::npos);
}

TEST_F(descriptor_test, a_full_device_is_an_error_and_no_end) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  {
    output_writer writer{std::make_unique<descriptor_target>(full), large()};
    writer.put("a\n");
    EXPECT_FALSE(writer.drain(30s));
    EXPECT_EQ(writer.counts().error, ENOSPC);
  }
  ::close(full);
}

} // namespace
} // namespace sluice::io
