#include "tools/print.hpp"
#include "tools/queued_output.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <string>
#include <unistd.h>

namespace sluice::tools {
namespace {

using namespace std::chrono_literals;

struct process_output {
  int code = -1;
  std::string out;
  std::string err;
};

std::string all_of(int from) {
  std::string text;
  std::array<char, 4096> chunk{};
  for (ssize_t got = 0; (got = ::read(from, chunk.data(), chunk.size())) > 0;)
    text.append(chunk.data(), static_cast<size_t>(got));
  ::close(from);
  return text;
}

/// `play` in a process of its own, with streams of its own; its answer is the exit code.
process_output in_a_process(const std::function<int()>& play) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  process_output got;
  if (::pipe(out.data()) != 0 || ::pipe(err.data()) != 0)
    return got;
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    for (const int x : {out[0], out[1], err[0], err[1]})
      ::close(x);
    ::signal(SIGPIPE, SIG_IGN);
    ::_exit(play());
  }
  ::close(out[1]);
  ::close(err[1]);
  got.out = all_of(out[0]);
  got.err = all_of(err[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  got.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return got;
}

TEST(queued_output, both_streams_get_what_is_printed) {
  const auto got = in_a_process([] {
    queued_output streams{dropped_note::json};
    write_answer(false, "first\n");
    print_shown(stderr, "beside %d\n", 2);
    write_answer(false, "last\n");
    return static_cast<int>(streams.finish(30s));
  });
  EXPECT_EQ(got.code, 0);
  EXPECT_EQ(got.out, "first\nlast\n");
  EXPECT_EQ(got.err, "beside 2\n") << "without finish(): its end waits a moment";
}

TEST(queued_output, a_stream_that_fails_is_reported_on_the_other_and_what_is_lost_is_counted) {
  const auto got = in_a_process([] {
    ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
    queued_output streams{dropped_note::pairs};
    write_answer(false, "a\nb\n");
    drain_output(30s);
    const auto views = output_views();
    const bool known = views.size() == 2 && views[0].name == "stdout"
                       && views[0].counts.state == io::output_state::failing;
    return known ? static_cast<int>(streams.finish(30s)) : 50;
  });
  EXPECT_EQ(got.code, 2);
  EXPECT_NE(got.err.find("sluice: warning: standard output: cannot be written: No space left"),
            std::string::npos)
    << got.err;
}

TEST(queued_output, without_it_nothing_is_queued_and_a_lost_answer_has_its_sentence) {
  const auto got = in_a_process([] {
    if (!output_views().empty() || !output_takes_more() || queue_text(stdout, "x"))
      return 50;
    ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
    write_answer(false, "a\n");
    const auto why = why_answer_is_lost();
    print_shown(stderr, "%s\n", why ? why->c_str() : "nothing");
    return why_answer_is_lost() ? 3 : 0;
  });
  EXPECT_EQ(got.code, 3);
  EXPECT_EQ(got.err, "the answer could not be written: No space left on device\n");
}

TEST(queued_output, an_answer_that_was_written_is_not_lost) {
  const auto got = in_a_process([] {
    write_data(stdout, "a\n");
    return why_answer_is_lost() ? 3 : 0;
  });
  EXPECT_EQ(got.code, 0);
  EXPECT_EQ(got.out, "a\n");
}

} // namespace
} // namespace sluice::tools
