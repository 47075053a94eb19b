#include "io/text/text.hpp"
#include "tests/actors/report/reporter_fixture.hpp"
#include "tests/actors/report/sample_report.hpp"
#include "tests/support/lines_of.hpp"

namespace sluice::test {

using namespace std::chrono_literals;
using report::test::count_started;
using report::test::count_step_done;
using report::test::line_with;
using report::test::lines_of;

class reporter : public reporter_fixture {
protected:
  reporter() : reporter_fixture(report::test::count_reports) {}

  void whole_run(const reporter_actor& whom) {
    reporter_fixture::whole_run(whom, count_started(), count_step_done());
  }
};

TEST_F(reporter, answers_when_it_is_written) {
  for (auto style :
       {report_style::live, report_style::lines, report_style::json_log, report_style::json}) {
    printed.clear();
    const auto who = spawned(style);
    ask<atom::done>(who, count_started());
    EXPECT_EQ(printed.size(), 1u);
    ask<atom::done>(who, count_step_done());
    EXPECT_EQ(printed.size(), 2u);
    ask<atom::done>(who, run_over{});
    EXPECT_EQ(printed.size(), 3u);
    for (const auto& x : printed)
      EXPECT_EQ(x.back(), '\n');
  }
}

TEST_F(reporter, machines_get_the_same_bytes_twice_and_no_clock_is_read) {
  whole_run(spawned(report_style::json));
  const auto first = all();
  printed.clear();
  advance(1h);
  whole_run(spawned(report_style::json));
  EXPECT_EQ(all(), first);
  EXPECT_EQ(clock_reads, 0u);
  EXPECT_EQ(first.find("/tmp"), std::string::npos);
}

TEST_F(reporter, a_log_has_the_time_first) {
  whole_run(spawned(report_style::json_log));
  for (const auto& line : lines_of(all()))
    EXPECT_TRUE(line.starts_with("{\"time\":1700000000123,\"event\":")) << line;
  EXPECT_EQ(clock_reads, 3u);
}

TEST_F(reporter, only_a_terminal_sees_progress) {
  for (auto style : {report_style::lines, report_style::json_log, report_style::json}) {
    const auto who = spawned(style);
    progress(who, 50);
    EXPECT_TRUE(printed.empty());
  }
  progress(spawned(report_style::live), 50);
  ASSERT_EQ(printed.size(), 1u);
  EXPECT_TRUE(printed[0].starts_with("\rweth-usdc ━")) << printed[0];
  EXPECT_TRUE(printed[0].ends_with("block  50 of 100  50 %")) << printed[0];
}

TEST_F(reporter, draws_at_most_every_fifty_milliseconds_and_never_forgets_the_latest) {
  const auto who = spawned(report_style::live);
  for (uint64_t block = 1; block <= 60; ++block)
    progress(who, block);
  EXPECT_EQ(printed.size(), 1u);
  advance(49ms);
  EXPECT_EQ(printed.size(), 1u);
  advance(1ms);
  ASSERT_EQ(printed.size(), 2u);
  EXPECT_NE(printed[1].find("60 of 100"), std::string::npos);
  advance(1h);
  EXPECT_EQ(printed.size(), 2u);
  progress(who, 61);
  EXPECT_EQ(printed.size(), 3u);
}

TEST_F(reporter, text_takes_the_place_of_the_bar) {
  const auto who = spawned(report_style::live);
  progress(who, 50);
  ask<atom::done>(who, count_step_done());
  progress(who, 51);
  advance(1s);
  ask<atom::done>(who, run_over{0, "", 1});
  advance(1s); // a bar that was due does not come back
  const auto shown = screen(all());
  EXPECT_EQ(shown.find("━"), std::string::npos);
  EXPECT_TRUE(shown.starts_with("alpha counted 4")) << shown;
  EXPECT_FALSE(line_with(shown, "done: 1 step").empty());
}

TEST_F(reporter, a_bar_that_gets_shorter_leaves_nothing_behind) {
  const auto who = spawned(report_style::live);
  caf::anon_send(who, step_progress{"a", 1, 1'000'000, 999'999});
  settle();
  advance(1s);
  caf::anon_send(who, step_progress{"a", 1, 9, 3});
  settle();
  EXPECT_EQ(screen(all()), "a ━━━━━━━━━━━━━─────────────────────────── block 3 of 9  33 %");
}

TEST_F(reporter, a_bar_follows_the_width_of_the_terminal_and_leaves_space_for_an_interrupt) {
  uint32_t columns = 60;
  reporter_config config;
  config.style = report_style::live;
  config.write = [this](std::string_view text) { printed.emplace_back(text); };
  config.columns_now = [&] { return columns; };
  const auto who = keep(spawn_reporter(sys, std::move(config)));
  for (const uint32_t width : {60U, 40U, 30U, 70U}) {
    columns = width;
    printed.clear();
    progress(who, 50);
    advance(1s);
    ASSERT_EQ(printed.size(), 1U);
    EXPECT_LE(report::shown_width(screen(printed[0])), width - 3) << printed[0];
  }
}

TEST_F(reporter, the_run_waits_for_a_reader_that_reads) {
  bool takes_more = false;
  reporter_config config;
  config.style = report_style::lines;
  config.write = [this](std::string_view text) { printed.emplace_back(text); };
  config.takes_more = [&] { return takes_more; };
  config.reports = report::test::count_reports;
  const auto who = keep(spawn_reporter(sys, std::move(config)));
  question<atom::done> start{sys, who, count_started()};
  settle();
  EXPECT_EQ(printed.size(), 1U) << "it is written, or queued, all the same";
  advance(1s);
  EXPECT_FALSE(start.answered());
  takes_more = true;
  advance(20ms);
  EXPECT_TRUE(start.look());
  ask<atom::done>(who, count_step_done());
}

TEST_F(reporter, progress_after_the_end_is_ignored) {
  const auto who = spawned(report_style::live);
  ask<atom::done>(who, run_over{});
  printed.clear();
  progress(who, 50);
  advance(1s);
  EXPECT_TRUE(printed.empty());
}

TEST_F(reporter, the_weights_of_an_epoch_are_reported_once) {
  const auto who = spawned(report_style::lines);
  ask<atom::done>(who, count_step_done());
  EXPECT_NE(all().find("weights epoch=3"), std::string::npos);
  printed.clear();
  ask<atom::done>(who, count_step_done());
  EXPECT_EQ(all().find("weights epoch=3"), std::string::npos);
}

TEST_F(reporter, mechanisms_are_shown_in_the_order_of_their_names) {
  whole_run(spawned(report_style::lines));
  EXPECT_EQ(all(), "start title=\"sluice dev, seed 7\" laps_done=0 alpha=10 beta=20 miners=3 "
                   "data=\"/tmp/sluice data\"\n"
                   "alpha_source what=fingers\n"
                   "beta_source what=beads\n"
                   "beta_source what=stones\n"
                   "alpha count=4\n"
                   "beta count=5\n"
                   "weights epoch=3 block=226 status=confirmed row=0:56.8%,3:43.2% read_back=same "
                   "read_back_block=227\n"
                   "alpha sum=4\n"
                   "beta sum=5\n"
                   "over code=0 laps=1 data=\"/tmp/sluice data\"\n");
}

TEST_F(reporter, a_mechanism_that_is_not_configured_is_not_in_the_report) {
  for (auto style :
       {report_style::live, report_style::lines, report_style::json_log, report_style::json}) {
    printed.clear();
    auto first = count_started();
    first.mechanisms.erase("beta");
    first.sources.erase("beta");
    reporter_fixture::whole_run(spawned(style), first, count_step_done());
    EXPECT_NE(all().find("alpha"), std::string::npos);
    EXPECT_EQ(all().find("beta"), std::string::npos) << all();
  }
}

TEST_F(reporter, needs_no_mechanism) {
  reporter_config config;
  config.write = [this](std::string_view text) { printed.emplace_back(text); };
  const auto who = keep(spawn_reporter(sys, std::move(config)));
  ask<atom::done>(who, run_started{});
  ask<atom::done>(who, count_step_done());
  ask<atom::done>(who, run_over{3, "\xff", 0});
  const auto lines = lines_of(all());
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], "start laps_done=0 miners=0");
  EXPECT_TRUE(lines[1].starts_with("weights epoch=3 ")) << lines[1];
  EXPECT_TRUE(lines[2].starts_with("over code=3 laps=0 ")) << lines[2];
}

TEST_F(reporter, colours_only_when_asked_for) {
  whole_run(spawned(report_style::live));
  EXPECT_EQ(all().find('\x1b'), std::string::npos);
  printed.clear();
  whole_run(spawned(report_style::live, true));
  EXPECT_NE(all().find("\x1b[1m"), std::string::npos);
}

} // namespace sluice::test
