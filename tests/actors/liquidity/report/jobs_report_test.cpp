#include "actors/report/json_lines.hpp"
#include "io/text/text.hpp"
#include "tests/actors/liquidity/report/sample_run.hpp"
#include "tests/actors/report/reporter_fixture.hpp"
#include "tests/support/lines_of.hpp"

#include <algorithm>

namespace sluice::test {

using namespace std::chrono_literals;
using report::test::line_with;
using report::test::lines_of;

/// A reporter of a run with this mechanism alone.
class jobs_report : public reporter_fixture {
protected:
  jobs_report() : reporter_fixture(report::test::job_reports) {}

  void whole_run(const reporter_actor& whom) {
    reporter_fixture::whole_run(whom, report::test::started(), report::test::done_step());
  }
};

TEST_F(jobs_report, answers_when_it_is_written) {
  for (auto style :
       {report_style::live, report_style::lines, report_style::json_log, report_style::json}) {
    printed.clear();
    const auto who = spawned(style);
    ask<atom::done>(who, report::test::started());
    EXPECT_EQ(printed.size(), 1u);
    ask<atom::done>(who, report::test::done_step());
    EXPECT_EQ(printed.size(), 2u);
    ask<atom::done>(who, run_over{});
    EXPECT_EQ(printed.size(), 3u);
    for (const auto& x : printed)
      EXPECT_EQ(x.back(), '\n');
  }
}

TEST_F(jobs_report, machines_get_the_same_bytes_twice_and_no_clock_is_read) {
  whole_run(spawned(report_style::json));
  const auto first = all();
  printed.clear();
  advance(1h);
  whole_run(spawned(report_style::json));
  EXPECT_EQ(all(), first);
  EXPECT_EQ(clock_reads, 0u);
  EXPECT_EQ(first.find("/tmp"), std::string::npos);
}

TEST_F(jobs_report, text_takes_the_place_of_the_bar) {
  const auto who = spawned(report_style::live);
  progress(who, 50);
  ask<atom::done>(who, report::test::done_step());
  progress(who, 51);
  advance(1s);
  ask<atom::done>(who, run_over{0, "", 1});
  advance(1s); // a bar that was due does not come back
  const auto shown = screen(all());
  EXPECT_EQ(shown.find("━"), std::string::npos);
  EXPECT_TRUE(shown.starts_with("ens-weth  round 1961")) << shown;
  EXPECT_FALSE(line_with(shown, "done: 1 step").empty());
}

TEST_F(jobs_report, a_terminal_sees_the_jobs_of_a_run) {
  whole_run(spawned(report_style::live));
  const auto shown = screen(all());
  EXPECT_TRUE(shown.starts_with("sluice dev, seed 7\n"
                                "jobs     weth-usdc  seeded market, seed 7\n"
                                "         ens-weth  events=ens-weth-3000.jsonl\n"))
    << shown;
  EXPECT_EQ(line_with(shown, "weth-usdc  round 1961"),
            "weth-usdc  round 1961  blocks 882450–882899  price 3000.00 → 3006.00 (+0.20 %)  "
            "214 swaps");
  EXPECT_EQ(line_with(shown, "weth-usdc  3 rounds"),
            "weth-usdc  3 rounds  1 of them also live in this run");
}

TEST_F(jobs_report, lines_of_a_run_begin_with_these_names_in_this_order) {
  whole_run(spawned(report_style::lines));
  std::vector<std::string> names;
  for (const auto& line : lines_of(all()))
    names.push_back(line.substr(0, line.find(' ')));
  EXPECT_EQ(names, (std::vector<std::string>{"start", "feed", "feed", "round", "round", "live",
                                             "weights", "job", "job", "over"}));
}

TEST_F(jobs_report, odd_reports_do_not_end_it) {
  for (auto style :
       {report_style::live, report_style::lines, report_style::json_log, report_style::json}) {
    const auto who = spawned(style, true, 0);
    ask<atom::done>(who, step_done{});
    std::vector<job_report> jobs(2);
    jobs[0].evaluation.emplace();
    jobs[0].evaluation->results.resize(3);
    jobs[0].evaluation->ranking = {{77}};
    jobs[1].live.emplace();
    jobs[1].ended = true;
    step_done odd;
    odd.mechanisms = {report::test::step_of(jobs)};
    odd.published.emplace();
    ask<atom::done>(who, odd);
    progress(who, 50);
    ask<atom::done>(who, run_over{3, "\xff", 0});
    ask<atom::done>(who, run_started{});
    ask<atom::done>(who, run_over{3, "\xff", 0});
  }
}

TEST_F(jobs_report, colours_only_when_asked_for) {
  whole_run(spawned(report_style::live));
  EXPECT_EQ(all().find('\x1b'), std::string::npos);
  printed.clear();
  whole_run(spawned(report_style::live, true));
  EXPECT_NE(all().find("\x1b[1;32m"), std::string::npos);
}

/// Beside a second mechanism, whose name comes first.
class jobs_and_another : public reporter_fixture {
protected:
  jobs_and_another()
    : reporter_fixture([] {
        auto parts = report::test::job_reports();
        parts["counts"] = std::make_unique<report::test::count_report>("counts");
        return parts;
      }) {}

  std::string run(report_style style) {
    auto first = report::test::started();
    first.mechanisms["counts"] = mechanism_settings::of(uint64_t{10});
    first.sources["counts"] = {"fingers"};
    auto step = report::test::done_step();
    step.mechanisms.push_back(report::test::count_step("counts", 4));
    whole_run(spawned(style), first, step);
    return all();
  }
};

TEST_F(jobs_and_another, each_has_its_own_lines_in_the_order_of_names) {
  const auto lines = lines_of(run(report_style::lines));
  EXPECT_EQ(lines[0], "start title=\"sluice dev, seed 7\" laps_done=0 counts=10 jobs=2 miners=8 "
                      "data=\"/tmp/sluice data\"");
  std::vector<std::string> names;
  for (const auto& line : lines)
    names.push_back(line.substr(0, line.find(' ')));
  EXPECT_EQ(names,
            (std::vector<std::string>{"start", "counts_source", "feed", "feed", "counts", "round",
                                      "round", "live", "weights", "counts", "job", "job", "over"}));
}

TEST_F(jobs_and_another, each_has_its_own_keys) {
  const auto lines = lines_of(run(report_style::json));
  const auto keys = [](const std::string& line) {
    std::vector<std::string> all;
    const auto object = report::json::parse(line);
    for (const auto& [key, value] : object.items())
      all.push_back(key);
    return all;
  };
  EXPECT_EQ(keys(lines.front()), (std::vector<std::string>{"event", "title", "laps_done", "counts",
                                                           "jobs", "feeds", "miners"}));
  EXPECT_EQ(keys(lines.back()), (std::vector<std::string>{"event", "code", "why", "laps", "counts",
                                                          "jobs", "weights"}));
  EXPECT_EQ(lines[1], R"({"event":"counts","lap":3,"count":4})");
}

TEST_F(jobs_and_another, a_terminal_sees_one_below_the_other) {
  const auto shown = screen(run(report_style::live));
  std::vector<size_t> places;
  for (const auto* text :
       {"\ncounts   up to 10", "\njobs     weth-usdc", "\nminers ", "\ncounts counted 4\n",
        "\nens-weth  round 1961", "\nweth-usdc  round 1961", "\nweights  epoch 3", "\ndone: 1 step",
        "\ncounts counted 4 in all", "\nens-weth  3 rounds", "\nweth-usdc  3 rounds"}) {
    places.push_back(shown.find(text));
    EXPECT_NE(places.back(), std::string::npos) << text;
  }
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end())) << shown;
}

TEST_F(jobs_and_another, the_lines_of_jobs_are_those_of_a_run_without_the_other) {
  const auto rounds = [](const std::string& text) {
    std::string all;
    for (const auto& line : lines_of(text))
      if (line.starts_with("{\"event\":\"round\""))
        all += line + '\n';
    return all;
  };
  const auto step = report::test::done_step();
  const auto alone = rounds(report::step_done_json(step, report::test::remembered({step}), {}));
  EXPECT_EQ(lines_of(alone).size(), 3u);
  EXPECT_EQ(rounds(run(report_style::json)), alone);
}

} // namespace sluice::test
