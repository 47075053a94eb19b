#include "actors/report/progress_bar.hpp"
#include "io/text/text.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

step_progress at(const std::string& name, uint64_t from, uint64_t to, uint64_t block) {
  return {name, from, to, block};
}

std::map<std::string, step_progress> one(const step_progress& x) {
  return {{x.name, x}};
}

TEST(progress_bar, blocks_are_counted_with_both_ends) {
  EXPECT_EQ(share_of(at("a", 100, 199, 99)).done, 0u);
  EXPECT_EQ(share_of(at("a", 100, 199, 100)).done, 1u);
  EXPECT_EQ(share_of(at("a", 100, 199, 199)).done, 100u);
  EXPECT_EQ(share_of(at("a", 100, 199, 199)).all, 100u);
  EXPECT_EQ(share_of(at("a", 5, 5, 5)).percent(), 100u);
}

TEST(progress_bar, odd_numbers_do_no_harm) {
  EXPECT_EQ(share_of(at("a", 100, 199, 500)).done, 100u);
  EXPECT_EQ(share_of(at("a", 100, 50, 70)).percent(), 0u);
  EXPECT_EQ(share_of(at("a", 0, UINT64_MAX, UINT64_MAX)).percent(), 100u);
  EXPECT_EQ(share_of(at("a", 0, UINT64_MAX, UINT64_MAX / 2)).percent(), 50u);
}

TEST(progress_bar, a_hundred_percent_is_only_the_end) {
  EXPECT_EQ(share_of(at("a", 1, 1000, 999)).percent(), 99u);
  EXPECT_EQ(share_of(at("a", 1, 1000, 1000)).percent(), 100u);
}

TEST(progress_bar, one_line_shows_name_bar_blocks_and_percent) {
  EXPECT_EQ(draw_progress(one(at("eth", 1, 450, 90)), 40, charset::utf8),
            "eth ━━─────────── block  90 of 450  20 %");
}

TEST(progress_bar, a_narrow_terminal_loses_blocks_then_the_bar_then_the_name) {
  const auto jobs = one(at("eth", 1, 450, 225));
  EXPECT_EQ(draw_progress(jobs, 24, charset::utf8), "eth ━━━━━━━───────  50 %");
  EXPECT_EQ(draw_progress(jobs, 12, charset::utf8), "eth  50 %");
  EXPECT_EQ(draw_progress(jobs, 6, charset::utf8), " 50 %");
  EXPECT_EQ(draw_progress(jobs, 3, charset::utf8), "1 …");
}

TEST(progress_bar, many_jobs_become_their_mean) {
  std::map<std::string, step_progress> jobs;
  for (int i = 0; i < 30; ++i) {
    const auto name = "job-" + std::to_string(i);
    jobs[name] = at(name, 1, 100, i < 15 ? 20 : 60);
  }
  EXPECT_EQ(draw_progress(jobs, 40, charset::utf8), "30 jobs 40 %");
}

TEST(progress_bar, is_never_wider_than_asked) {
  std::map<std::string, step_progress> jobs;
  for (const auto* name : {"weth-usdc", "ens-weth", "価格"}) {
    jobs[name] = at(name, 1, 123456, 60000);
    for (size_t width = 0; width < 200; ++width) {
      SCOPED_TRACE(width);
      EXPECT_LE(shown_width(draw_progress(jobs, width, charset::utf8)), width);
    }
  }
  EXPECT_EQ(draw_progress({}, 80, charset::utf8), "");
}

TEST(progress_bar, has_a_form_in_ascii_that_fits_as_well) {
  std::map<std::string, step_progress> jobs;
  for (const auto* name : {"weth-usdc", "価格"}) {
    auto x = at(name, 1, 450, 90);
    jobs[name] = x;
    for (size_t width = 1; width < 120; ++width) {
      const auto text = draw_progress(jobs, width, charset::ascii);
      EXPECT_LE(text.size(), width);
      EXPECT_EQ(shown(text, charset::ascii), text);
    }
  }
  EXPECT_EQ(draw_progress(one(at("eth", 1, 450, 90)), 40, charset::ascii),
            "eth ==----------- block  90 of 450  20 %");
}

} // namespace sluice::report
