#include "rules/liquidity/question.hpp"
#include "rules/liquidity/schedule.hpp"
#include "rules/liquidity/score.hpp"
#include "sim/evaluate/backtest.hpp"
#include "tools/liquidity/score_market.hpp"

#include <gtest/gtest.h>

using namespace sluice;

namespace {

constexpr uint64_t length = 30; // blocks of a round

/// Rounds of the bundled minute bars, each with the price that the one before left.
class backtest_rounds : public testing::Test {
protected:
  backtest_rounds() {
    auto read = tools::read_market({std::string{SOURCE_DIR} + "/tests/data/evaluate/bars.csv"}, {});
    if (!read)
      throw std::runtime_error(read.error().what);
    const auto first = round_at(read->blocks.facts().first + length, length).number.value;
    const auto whole = tools::cut_window(*read, first * length, {});
    if (!whole)
      throw std::runtime_error(whole.error().what);
    all_ = *whole;
    all_.to = (all_.to + 1) / length * length - 1;
    std::erase_if(all_.blocks, [&](const auto& x) { return x->block.number > all_.to; });
    auto start = all_.start;
    for (auto n = first; n * length < all_.to; ++n) {
      window one{all_.terms, n * length, n * length + length - 1, start, nullptr, {}};
      for (const auto& block : all_.blocks)
        if (block->block.number >= one.from && block->block.number <= one.to)
          one.blocks.push_back(block);
      if (!one.blocks.empty())
        start = {one.blocks.back()->sqrt_price_x96, one.blocks.back()->tick};
      rounds_.push_back(std::move(one));
    }
    job_.id = {"test"};
    job_.checkpoint_blocks = 7;
    start_ = {*u256::parse("30000000000"), *u256::parse("16000000000000000000")};
  }

  backtest_player asked(const std::string& name) const {
    return {name, *parse_strategy(name), {start_, {}, {}, {}}};
  }

  /// All rounds; the plays by round, then by player.
  std::vector<std::vector<backtest_play>> play(backtest& test) const {
    std::vector<std::vector<backtest_play>> all;
    for (const auto& x : rounds_) {
      auto plays = test.play(x, {x.from / length}, x.to * 60);
      EXPECT_TRUE(plays) << plays.error().what;
      if (!plays)
        break;
      all.push_back(*std::move(plays));
    }
    return all;
  }

  window all_;
  std::vector<window> rounds_;
  job_config job_;
  inventory start_;
};

} // namespace

TEST_F(backtest_rounds, a_round_comes_out_as_its_plan_evaluated_directly) {
  backtest test(job_, {asked("narrow:width=0.005"), asked("volatility")});
  size_t moved = 0;
  const auto rounds = play(test);
  ASSERT_EQ(rounds.size(), rounds_.size());
  for (size_t i = 0; i < rounds.size(); ++i)
    for (const auto& x : rounds[i]) {
      const auto direct = evaluate(rounds_[i], x.what, job_.model, job_.positions_max);
      ASSERT_TRUE(direct);
      EXPECT_EQ(x.outcome, *direct);
      EXPECT_EQ(x.score, score(direct->metrics, job_.scoring));
      moved += x.outcome.metrics.rebalances;
    }
  EXPECT_GT(moved, rounds.size());
}

TEST_F(backtest_rounds, questions_come_at_the_opening_and_at_every_checkpoint) {
  backtest test(job_, {asked("hold")});
  const auto plays = test.play(rounds_[0], {1}, 0);
  ASSERT_TRUE(plays);
  const auto& what = plays->front().what;
  EXPECT_TRUE(what.opening);
  std::vector<uint64_t> blocks;
  for (const auto& x : what.rebalances)
    blocks.push_back(x.block - rounds_[0].from);
  EXPECT_EQ(blocks, (std::vector<uint64_t>{7, 14, 21, 28}));
}

TEST_F(backtest_rounds, a_vault_goes_on_where_the_round_before_left_it) {
  backtest test(job_, {asked("wide"), asked("narrow:width=0.01")});
  const auto rounds = play(test);
  ASSERT_GT(rounds.size(), 3u);
  for (size_t i = 1; i < rounds.size(); ++i)
    for (size_t k = 0; k < 2; ++k) {
      const auto next = carried_over(rounds[i - 1][k].outcome.end);
      EXPECT_EQ(rounds[i][k].what.start, next.start);
      EXPECT_EQ(rounds[i][k].what.positions, next.positions);
      EXPECT_EQ(rounds[i][k].outcome.metrics.initial_value,
                rounds[i - 1][k].outcome.metrics.final_value);
    }
  EXPECT_EQ(test.first_tokens(0), start_);
}

TEST_F(backtest_rounds, a_plan_earns_over_all_rounds_what_it_earns_in_one_window) {
  plan what{start_, {{200'500, 201'500, 1'000'000'000'000'000'000}}, {}, {}};
  const auto middle = rounds_[rounds_.size() / 2].from + 3;
  what.rebalances.push_back(
    {middle, {{200'900, 201'100, *u256::parse("9000000000"), start_.amount1, {}}}});
  what.rebalances.push_back({middle + 50, {}});
  backtest test(job_, {{"plan", {}, what}});
  const auto rounds = play(test);
  const auto direct = evaluate(all_, what, pool_model::observed, 10);
  ASSERT_TRUE(direct) << direct.error().what;
  const auto& total = rounds.back()[0].total;
  const auto& m = direct->metrics;
  EXPECT_GT(m.fees_value, u256{});
  EXPECT_EQ(total.initial_value, m.initial_value);
  EXPECT_EQ(total.value, m.final_value);
  EXPECT_EQ(total.hodl_value, m.hodl_value);
  EXPECT_EQ(total.fees0, m.fees0);
  EXPECT_EQ(total.fees1, m.fees1);
  EXPECT_EQ(total.fees_value, m.fees_value);
  EXPECT_EQ(total.impermanent_loss, m.impermanent_loss);
  EXPECT_EQ(total.net_pnl_vs_hodl, m.net_pnl_vs_hodl);
  EXPECT_EQ(total.rebalances, m.rebalances);
  EXPECT_EQ(total.swaps, m.swaps);
  EXPECT_EQ(total.swaps_in_range, m.swaps_in_range);
}

TEST_F(backtest_rounds, the_ones_that_are_there_to_be_bad_are_judged_as_in_a_node) {
  backtest test(
    job_, {asked("hold"), asked("refuser"), asked("silent"), asked("garbage"), asked("crasher")});
  const auto plays = test.play(rounds_[0], {1}, 0);
  ASSERT_TRUE(plays) << plays.error().what;
  const auto& p = *plays;
  EXPECT_EQ(p[0].verdict, miner_verdict::scored);
  EXPECT_EQ(p[0].rank, 1u);
  EXPECT_EQ(p[1].verdict, miner_verdict::refused);
  EXPECT_EQ(p[1].note, "refused: not quoting this pair today");
  EXPECT_EQ(p[2].verdict, miner_verdict::failed);
  EXPECT_EQ(p[2].note, "no answer");
  EXPECT_EQ(p[3].verdict, miner_verdict::scored);
  EXPECT_EQ(p[3].invalid, 5u);
  EXPECT_EQ(p[3].rank, 2u) << "an equal score goes to the lower place";
  EXPECT_TRUE(p[3].note.starts_with("invalid: ")) << p[3].note;
  EXPECT_EQ(p[4].note, "the miner is down");
  for (const auto& x : p)
    EXPECT_EQ(x.total.value, x.total.hodl_value) << "what nobody moved is what it was";
  EXPECT_EQ(test.board().find({"refuser"})->evaluations, 0u);
  EXPECT_EQ(test.board().find({"silent"})->evaluations, 1u);
}

TEST_F(backtest_rounds, the_average_follows_the_scores) {
  backtest test(job_, {asked("wide")});
  double average = 0;
  for (const auto& round : play(test)) {
    average = 0.9 * average + 0.1 * round[0].score;
    EXPECT_NEAR(round[0].total.average, average, 1e-15);
  }
}

TEST_F(backtest_rounds, it_stops_between_two_questions_and_then_nothing_has_changed) {
  backtest test(job_, {asked("narrow")});
  int looks = 0;
  const auto stopped = test.play(rounds_[0], {1}, 0, [&] { return ++looks == 3; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ec::refused);
  EXPECT_EQ(looks, 3);
  EXPECT_TRUE(test.board().scores().empty());
  backtest fresh(job_, {asked("narrow")});
  EXPECT_EQ(test.play(rounds_[0], {1}, 0)->front().outcome,
            fresh.play(rounds_[0], {1}, 0)->front().outcome);
}

TEST_F(backtest_rounds, a_plan_that_cannot_be_played_is_named) {
  plan what{start_, {{1, 2, 5}}, {}, {}};
  backtest test(job_, {{"mine", {}, what}});
  const auto plays = test.play(rounds_[0], {1}, 0);
  ASSERT_FALSE(plays);
  EXPECT_TRUE(plays.error().what.starts_with("mine: positions: [1, 2)")) << plays.error().what;
}

TEST_F(backtest_rounds, what_of_a_plan_is_not_allowed_is_counted_with_its_block) {
  plan what{start_, {}, {}, {{rounds_[0].from + 2, {{201'005, 201'100, 1u, 1u, {}}}}}};
  backtest test(job_, {{"mine", {}, what}});
  const auto plays = test.play(rounds_[0], {1}, 0);
  ASSERT_TRUE(plays);
  EXPECT_EQ(plays->front().invalid, 1u);
  EXPECT_NE(plays->front().note.find("not a multiple of the tick spacing"), std::string::npos);
}

TEST_F(backtest_rounds, answers_are_those_to_questions_evaluated_from_the_rounds_start) {
  const std::vector<std::string> names{"hold", "wide", "narrow:width=0.004", "volatility:k=1"};
  std::vector<backtest_player> players;
  for (const auto& name : names)
    players.push_back(asked(name));
  backtest test(job_, players);
  size_t answers = 0;
  const auto rounds = play(test);
  for (size_t i = 0; i < rounds.size(); ++i)
    for (size_t k = 0; k < names.size(); ++k) {
      const auto& x = rounds[i][k];
      const auto& whole = rounds_[i];
      plan so_far{x.what.start, x.what.positions, {}, {}};
      strategy_memory memory;
      const round_id id{job_.id, round_kind::evaluation, {whole.from / length}};
      const auto answer_at = [&](uint64_t block) {
        auto part = whole;
        part.to = block;
        std::erase_if(part.blocks, [&](const auto& b) { return b->block.number > block; });
        const auto stands = evaluate(part, so_far, job_.model, job_.positions_max);
        auto terms = part.terms;
        terms.fee = current_fee(part);
        ++answers;
        return propose(*players[k].how, question_at(block, job_, id, terms, *stands), memory)
          .reply.desired_positions;
      };
      apply(so_far, whole.from - 1, true, answer_at(whole.from - 1));
      for (const auto block : checkpoints({{0}, whole.from, whole.to}, job_.checkpoint_blocks))
        apply(so_far, block, false, answer_at(block));
      EXPECT_EQ(x.what, so_far) << names[k] << ", round " << i;
    }
  EXPECT_EQ(answers, rounds.size() * names.size() * 5);
}

TEST_F(backtest_rounds, a_round_in_parts_comes_out_as_the_whole_round) {
  const auto players = [&] {
    return std::vector{asked("narrow:width=0.004"), asked("volatility"), asked("garbage")};
  };
  backtest whole(job_, players()), parts(job_, players());
  size_t size = 0;
  for (const auto& x : rounds_) {
    const auto wanted = whole.play(x, {x.from / length}, x.to * 60);
    auto opening = x;
    opening.blocks.clear();
    ASSERT_TRUE(parts.open(opening, {x.from / length}));
    for (std::span rest{x.blocks}; !rest.empty();) {
      size = std::min(size % 11 + 1, rest.size());
      ASSERT_TRUE(parts.pass(rest.first(size)));
      rest = rest.subspan(size);
    }
    const auto got = parts.close(x.to * 60);
    ASSERT_TRUE(wanted && got);
    for (size_t i = 0; i < wanted->size(); ++i) {
      const auto& a = (*got)[i];
      const auto& b = (*wanted)[i];
      EXPECT_EQ(a.what, b.what);
      EXPECT_EQ(a.outcome, b.outcome);
      EXPECT_EQ(a.note, b.note);
      EXPECT_EQ(std::tuple(a.score, a.rank, a.invalid), std::tuple(b.score, b.rank, b.invalid));
      EXPECT_EQ(a.total.value, b.total.value);
    }
  }
}
