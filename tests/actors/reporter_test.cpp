#include "actors/report/json_lines.hpp"
#include "actors/reporter.hpp"
#include "io/text/text.hpp"
#include "tests/actors/report/sample_run.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/lines_of.hpp"

namespace sluice::test {

using namespace std::chrono_literals;
using report::test::line_with;
using report::test::lines_of;

class reporter : public actor_test {
protected:
  reporter_actor born(report_style style, bool color = false, uint32_t columns = 100) {
    return keep(spawn_reporter(sys, {style, color, columns,
                                     [this](std::string_view text) { said.emplace_back(text); },
                                     [this] {
                                       ++clock_reads;
                                       return uint64_t{1'700'000'000'123};
                                     }}));
  }

  void tell(const reporter_actor& whom, uint64_t block) {
    caf::anon_send(whom, round_progress{{"weth-usdc"}, {1}, 1, 100, block});
    settle();
  }

  void whole_run(const reporter_actor& whom) {
    ask<atom::done>(whom, report::test::started());
    tell(whom, 50);
    ask<atom::done>(whom, report::test::lap());
    ask<atom::done>(whom, run_over{0, "", 1});
  }

  std::string all() const {
    std::string text;
    for (const auto& x : said)
      text += x;
    return text;
  }

  std::vector<std::string> said;
  size_t clock_reads = 0;
};

/// What a terminal of endless width shows after these bytes; \r goes back to the line's beginning.
std::string screen(const std::string& bytes) {
  std::string done;
  std::vector<std::string> line; // one entry per column
  size_t at = 0;
  for (size_t i = 0; i < bytes.size();) {
    size_t n = 1;
    while (i + n < bytes.size() && (static_cast<uint8_t>(bytes[i + n]) & 0xC0) == 0x80)
      ++n;
    const auto x = bytes.substr(i, n);
    i += n;
    if (x == "\r" || x == "\n") {
      if (x == "\n") {
        std::string text;
        for (const auto& c : line)
          text += c;
        text.erase(text.find_last_not_of(' ') + 1);
        done += text + '\n';
        line.clear();
      }
      at = 0;
      continue;
    }
    if (line.size() <= at)
      line.resize(at + 1, " ");
    line[at++] = x;
  }
  for (const auto& c : line)
    done += c;
  done.erase(done.find_last_not_of(' ') + 1);
  return done;
}

TEST_F(reporter, answers_when_it_is_written) {
  for (auto style :
       {report_style::live, report_style::lines, report_style::json_log, report_style::json}) {
    said.clear();
    const auto who = born(style);
    ask<atom::done>(who, report::test::started());
    EXPECT_EQ(said.size(), 1u);
    ask<atom::done>(who, report::test::lap());
    EXPECT_EQ(said.size(), 2u);
    ask<atom::done>(who, run_over{});
    EXPECT_EQ(said.size(), 3u);
    for (const auto& x : said)
      EXPECT_EQ(x.back(), '\n');
  }
}

TEST_F(reporter, machines_get_the_same_bytes_twice_and_no_clock_is_read) {
  whole_run(born(report_style::json));
  const auto first = all();
  said.clear();
  advance(1h);
  whole_run(born(report_style::json));
  EXPECT_EQ(all(), first);
  EXPECT_EQ(clock_reads, 0u);
  EXPECT_EQ(first.find("/tmp"), std::string::npos);
}

TEST_F(reporter, a_log_has_the_time_first) {
  whole_run(born(report_style::json_log));
  for (const auto& line : lines_of(all()))
    EXPECT_TRUE(line.starts_with("{\"time\":1700000000123,\"event\":")) << line;
  EXPECT_EQ(clock_reads, 3u);
}

TEST_F(reporter, only_a_terminal_sees_progress) {
  for (auto style : {report_style::lines, report_style::json_log, report_style::json}) {
    const auto who = born(style);
    tell(who, 50);
    EXPECT_TRUE(said.empty());
  }
  tell(born(report_style::live), 50);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].starts_with("\rweth-usdc ━")) << said[0];
  EXPECT_TRUE(said[0].ends_with("block  50 of 100  50 %")) << said[0];
}

TEST_F(reporter, draws_at_most_every_fifty_milliseconds_and_never_forgets_the_latest) {
  const auto who = born(report_style::live);
  for (uint64_t block = 1; block <= 60; ++block)
    tell(who, block);
  EXPECT_EQ(said.size(), 1u);
  advance(49ms);
  EXPECT_EQ(said.size(), 1u);
  advance(1ms);
  ASSERT_EQ(said.size(), 2u);
  EXPECT_NE(said[1].find("60 of 100"), std::string::npos);
  advance(1h);
  EXPECT_EQ(said.size(), 2u);
  tell(who, 61);
  EXPECT_EQ(said.size(), 3u);
}

TEST_F(reporter, text_takes_the_place_of_the_bar) {
  const auto who = born(report_style::live);
  tell(who, 50);
  ask<atom::done>(who, report::test::lap());
  tell(who, 51);
  advance(1s);
  ask<atom::done>(who, run_over{0, "", 1});
  advance(1s); // a bar that was due does not come back
  const auto shown = screen(all());
  EXPECT_EQ(shown.find("━"), std::string::npos);
  EXPECT_TRUE(shown.starts_with("ens-weth  round 1961")) << shown;
  EXPECT_FALSE(line_with(shown, "done: 1 round").empty());
}

TEST_F(reporter, a_bar_that_gets_shorter_leaves_nothing_behind) {
  const auto who = born(report_style::live);
  caf::anon_send(who, round_progress{{"a"}, {1}, 1, 1'000'000, 999'999});
  settle();
  advance(1s);
  caf::anon_send(who, round_progress{{"a"}, {1}, 1, 9, 3});
  settle();
  EXPECT_EQ(screen(all()), "a ━━━━━━━━━━━━━─────────────────────────── block 3 of 9  33 %");
}

TEST_F(reporter, progress_after_the_end_is_ignored) {
  const auto who = born(report_style::live);
  ask<atom::done>(who, run_over{});
  said.clear();
  tell(who, 50);
  advance(1s);
  EXPECT_TRUE(said.empty());
}

TEST_F(reporter, the_weights_of_an_epoch_are_told_once) {
  const auto who = born(report_style::lines);
  ask<atom::done>(who, report::test::lap());
  EXPECT_NE(all().find("weights epoch=3"), std::string::npos);
  said.clear();
  ask<atom::done>(who, report::test::lap());
  EXPECT_EQ(all().find("weights epoch=3"), std::string::npos);
}

TEST_F(reporter, odd_news_do_not_bring_it_down) {
  for (auto style :
       {report_style::live, report_style::lines, report_style::json_log, report_style::json}) {
    const auto who = born(style, true, 0);
    ask<atom::done>(who, lap_done{});
    lap_done odd;
    odd.jobs.resize(2);
    odd.jobs[0].evaluation.emplace();
    odd.jobs[0].evaluation->results.resize(3);
    odd.jobs[0].evaluation->ranking = {{77}};
    odd.jobs[1].live.emplace();
    odd.jobs[1].ended = true;
    odd.published.emplace();
    ask<atom::done>(who, odd);
    tell(who, 50);
    ask<atom::done>(who, run_started{});
    ask<atom::done>(who, run_over{3, "\xff", 0});
  }
}

TEST_F(reporter, colours_only_when_asked_for) {
  whole_run(born(report_style::live));
  EXPECT_EQ(all().find('\x1b'), std::string::npos);
  said.clear();
  whole_run(born(report_style::live, true));
  EXPECT_NE(all().find("\x1b[1;32m"), std::string::npos);
}

} // namespace sluice::test
