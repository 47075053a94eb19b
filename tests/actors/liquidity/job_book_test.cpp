#include "actors/liquidity/job_book.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class job_book_test : public testing::Test {
protected:
  job_book_test() {
    storage::data_dir_options options;
    options.map_bytes = size_t{1} << 26;
    options.layout = &test::layout();
    auto opened = storage::data_dir::open(folder.path() / "data", {"0.1.0", 1, ""},
                                          storage::open_mode::create_or_continue, options);
    disk = std::make_shared<storage::data_dir>(*std::move(opened));
    config.id = {"pair"};
    config.round_seconds = 20; // ten blocks
    config.terms = {500, 10, 18, 6};
    config.start = {u256{1000U}, u256{2000U}};
    config.start_positions = {{-10, 10, 77}};
    config.board.eligibility_days = 0;
    config.token1_value = 2;
    from.terms = config.terms;
    from.price = {u256{123U}, -7};
    from.saved = {9, 1'800'000'000, "pool", "place"};
    to.saved = {19, 1'800'000'020, "pool'", "place'"};
  }

  job_book book(uint64_t lookback = 96) { return *job_book::open(config, lookback, disk); }

  void keep(const storage::batch& writes) { ASSERT_TRUE(disk->commit(writes)); }

  static round_outcome scored(std::vector<std::pair<uint16_t, double>> miners) {
    round_outcome x;
    for (auto [uid, points] : miners) {
      const hotkey key{"key-" + std::to_string(uid)};
      x.results.push_back({{uid}, key, miner_verdict::scored, points, 0, "", points});
      ++x.asked;
      prediction p;
      p.uid = {uid};
      p.key = key;
      p.score = points;
      x.predictions.push_back(p);
      x.ranking.push_back({uid});
    }
    if (!x.ranking.empty())
      x.winner = x.ranking.front();
    return x;
  }

  /// What the vault has after a round; its fees are worth 3 whole token1.
  static plan_outcome vault() {
    plan_outcome x;
    x.end.free = {u256{900U}, u256{1800U}};
    x.end.positions = {{-20, 20, 55, u256{10U}, u256{11U}, u256{3U}, u256{4U}}};
    x.metrics.fees_value = u256{3'000'000U};
    return x;
  }

  scratch_folder folder;
  std::shared_ptr<storage::data_dir> disk;
  job_config config;
  feed_state from;
  feed_state to;
};

TEST_F(job_book_test, begins_with_what_is_configured) {
  auto fresh = book();
  EXPECT_FALSE(fresh.begun());
  EXPECT_EQ(fresh.config_now(), config);
  EXPECT_EQ(fresh.idle(), (plan{config.start, config.start_positions, {}, {}}));
  fresh.begin_at({4});
  EXPECT_TRUE(fresh.begun());
  const auto next = *fresh.next();
  EXPECT_EQ(next.number, round_no{4});
  EXPECT_EQ(next.start_block, 40U);
  EXPECT_EQ(next.end_block, 49U);
  EXPECT_TRUE(next.live_candidates.empty());
  EXPECT_EQ(next.attempts, 1U);
}

TEST_F(job_book_test, a_started_round_states_from_where) {
  auto fresh = book();
  fresh.begin_at({1});
  keep(fresh.started(*fresh.next(), from));
  EXPECT_EQ(*tables::checkpoints.get(*disk, {config.id, 10}), from.saved);
  const auto row = *tables::rounds.get(*disk, {config.id, round_kind::evaluation, {1}});
  EXPECT_EQ(row.status, round_status::active);
  EXPECT_EQ(row.start_block, 10U);
  EXPECT_EQ(row.end_block, 19U);
  EXPECT_EQ(row.start_time, from.saved.time);
  EXPECT_EQ(row.price_at_start, from.price.sqrt_price_x96);
  EXPECT_EQ(row.tick_at_start, from.price.tick);
  EXPECT_EQ(row.terms, from.terms);
  EXPECT_EQ(row.config, config);
  EXPECT_FALSE(tables::rounds.get(*disk, {config.id, round_kind::live, {1}}));
  EXPECT_TRUE(tables::jobs.get(*disk, config.id)->begun);
  EXPECT_EQ(book().next()->attempts, 2U); // the next incarnation starts it again
}

TEST_F(job_book_test, a_start_that_is_stored_is_not_written_again) {
  auto fresh = book();
  fresh.begin_at({1});
  from.saved.replica.clear(); // the feed was asked where it stands only
  keep(fresh.started(*fresh.next(), from));
  EXPECT_FALSE(tables::checkpoints.get(*disk, {config.id, 10}));
}

TEST_F(job_book_test, a_finished_round_is_booked_once_and_stays) {
  auto fresh = book();
  fresh.begin_at({1});
  const auto round = *fresh.next();
  keep(fresh.started(round, from));
  keep(fresh.finished(round, from, to, scored({{2, 0.5}, {1, -0.25}}), {}, vault()));
  const auto row = *tables::rounds.get(*disk, {config.id, round_kind::evaluation, {1}});
  EXPECT_EQ(row.status, round_status::completed);
  EXPECT_EQ(row.winner, miner_uid{2});
  EXPECT_EQ(row.end_time, to.saved.time);
  EXPECT_EQ(row.results.size(), 2U);
  EXPECT_EQ(*tables::checkpoints.get(*disk, {config.id, 20}), to.saved);
  EXPECT_EQ(tables::predictions.get(*disk, {row.id, {2}})->score, 0.5);
  EXPECT_DOUBLE_EQ(tables::miner_scores.get(*disk, {config.id, {"key-2"}})->evaluation_score, 0.05);
  const auto day = static_cast<uint32_t>(to.saved.time / 86'400);
  EXPECT_EQ(tables::participation.get(*disk, {config.id, {"key-1"}, day})->participated, 1U);
  const auto again = book(); // another incarnation
  EXPECT_EQ(again.record(), fresh.record());
  EXPECT_EQ(again.board().scores(), fresh.board().scores());
  EXPECT_EQ(again.board().days(), fresh.board().days());
  EXPECT_EQ(again.record().next_round, 2U);
  EXPECT_EQ(again.record().completed, 1U);
  EXPECT_EQ(again.next()->live_candidates, (std::vector<miner_uid>{{2}, {1}}));
  EXPECT_EQ(row.rules, current_rules);
}

TEST_F(job_book_test, another_incarnation_remembers_who_was_scored_and_what_entered) {
  config.board.active_share = 0.5;
  config.board.evidence = 1;
  auto first = book();
  first.begin_at({1});
  for (int i = 0; i < 40; ++i) {
    auto evaluation = scored({{1, 0.25 * i}, {2, -1}});
    if (i % 3 != 0) {
      evaluation.results[1].verdict = miner_verdict::failed;
      evaluation.ranking.pop_back();
    }
    if (i == 7)
      evaluation.asked = 0; // nobody could be asked: it changes nobody's record
    const auto round = *first.next();
    to.saved.time += 900;
    keep(first.started(round, from));
    keep(first.finished(round, from, to, evaluation, {}, vault()));
  }
  const auto row = *tables::rounds.get(*disk, {config.id, round_kind::evaluation, {8}});
  EXPECT_FALSE(row.counted);
  EXPECT_EQ(row.note, "nobody could be asked: no score changes");
  const auto again = book();
  for (const hotkey& key : {hotkey{"key-1"}, hotkey{"key-2"}}) {
    EXPECT_EQ(again.board().activity(key), first.board().activity(key));
    EXPECT_EQ(again.board().evidence_of(key), first.board().evidence_of(key));
    EXPECT_EQ(again.board().weight_score(key), first.board().weight_score(key));
  }
  EXPECT_EQ(again.board().evidence_of({"key-1"}).count, 39U);
  EXPECT_TRUE(again.board().counts({"key-1"}));
  EXPECT_FALSE(again.board().counts({"key-2"})); // scored in a third of the rounds
}

TEST_F(job_book_test, remembers_who_played_live_and_what_is_whose_work) {
  auto first = book();
  first.begin_at({1});
  const auto round = *first.next();
  auto end = vault();
  position_breakdown minted;
  minted.to_block = round.end_block;
  position_breakdown burned; // the vault's own
  burned.to_block = 15;
  end.positions = {burned, minted};
  keep(first.finished(round, from, to, scored({{1, 1}, {2, 2}}), scored({{2, 0.5}}), end));
  EXPECT_EQ(first.record().incumbent, hotkey{"key-2"});
  EXPECT_EQ(first.record().vault_owners, std::vector{hotkey{"key-2"}});
  EXPECT_EQ(book().record(), first.record());
  keep(first.started(*first.next(), from));
  const auto row = *tables::rounds.get(*disk, {config.id, round_kind::evaluation, {2}});
  EXPECT_EQ(row.incumbent, hotkey{"key-2"});
  EXPECT_EQ(row.start_owners, first.record().vault_owners);
}

TEST_F(job_book_test, the_vault_collects_its_fees_between_rounds) {
  auto fresh = book();
  fresh.begin_at({1});
  const auto round = *fresh.next();
  keep(fresh.finished(round, from, to, scored({}), {}, vault()));
  EXPECT_EQ(fresh.record().vault, (inventory{u256{903U}, u256{1804U}}));
  EXPECT_EQ(fresh.record().vault_positions, (std::vector<start_position>{{-20, 20, 55}}));
  EXPECT_EQ(fresh.config_now().start, fresh.record().vault);
  EXPECT_EQ(fresh.idle().positions, fresh.record().vault_positions);
}

TEST_F(job_book_test, only_live_rounds_make_revenue_and_only_the_last_of_them) {
  auto fresh = book(2);
  fresh.begin_at({1});
  const auto step = [&](double fees, bool live) {
    const auto round = *fresh.next();
    auto end = vault();
    end.metrics.fees_value = u256{static_cast<uint64_t>(fees * 1e6)};
    std::optional<round_outcome> second;
    if (live)
      second = scored({{1, 0.1}});
    keep(fresh.finished(round, from, to, scored({{1, 0.1}}), second, end));
  };
  step(1, false);
  EXPECT_TRUE(fresh.record().revenue.empty());
  step(3, true);
  EXPECT_EQ(fresh.record().revenue, std::vector{6.0}); // 3 token1, each worth 2
  step(0.5, true);
  step(7, true);
  EXPECT_EQ(fresh.record().revenue, (std::vector{1.0, 14.0}));
  EXPECT_EQ(fresh.standing({}).revenue, 15.0);
}

TEST_F(job_book_test, a_live_round_in_which_every_execution_failed_changes_no_score) {
  for (auto [mined, failed, counts] : {std::tuple{0U, 3U, false}, {1U, 3U, true}, {0U, 0U, true}}) {
    SCOPED_TRACE(testing::Message() << mined << " mined, " << failed << " failed");
    auto fresh = book();
    fresh.begin_at({1});
    auto live = scored({{1, 0.4}});
    live.executions = mined;
    live.executions_failed = failed;
    keep(fresh.finished(*fresh.next(), from, to, scored({{1, 0.2}}), live, vault()));
    const auto* kept = fresh.board().find({"key-1"});
    ASSERT_NE(kept, nullptr);
    EXPECT_DOUBLE_EQ(kept->live_score, counts ? 0.12 : 0);
    const auto row = *tables::rounds.get(*disk, {config.id, round_kind::live, {1}});
    EXPECT_EQ(row.note.empty(), counts);
    storage::batch undo; // the next case begins anew
    tables::jobs.erase(undo, config.id);
    tables::miner_scores.erase(undo, {config.id, {"key-1"}});
    tables::participation.erase(
      undo, {config.id, {"key-1"}, static_cast<uint32_t>(to.saved.time / 86'400)});
    keep(undo);
  }
}

TEST_F(job_book_test, a_failed_round_is_over_without_a_score) {
  auto fresh = book();
  fresh.begin_at({1});
  const auto round = *fresh.next();
  keep(fresh.started(round, from));
  keep(fresh.failed(round, to, "given up"));
  const auto row = *tables::rounds.get(*disk, {config.id, round_kind::evaluation, {1}});
  EXPECT_EQ(row.status, round_status::failed);
  EXPECT_EQ(row.note, "given up");
  EXPECT_EQ(fresh.record().next_round, 2U);
  EXPECT_TRUE(fresh.board().scores().empty());
  EXPECT_EQ(*tables::checkpoints.get(*disk, {config.id, 20}), to.saved);
  EXPECT_TRUE(book().next()->live_candidates.empty()); // nobody won it
}

TEST_F(job_book_test, an_end_closes_the_round_that_was_open) {
  auto fresh = book();
  fresh.begin_at({1});
  keep(fresh.started(*fresh.next(), from));
  keep(fresh.ended("no more", true));
  const auto row = *tables::rounds.get(*disk, {config.id, round_kind::evaluation, {1}});
  EXPECT_EQ(row.status, round_status::failed);
  EXPECT_EQ(row.note, "no more");
  const auto report = *book().report(1);
  EXPECT_TRUE(report.ended);
  EXPECT_TRUE(report.failed);
  EXPECT_EQ(report.note, "no more");
  EXPECT_EQ(report.completed, 0U);
  EXPECT_FALSE(report.evaluation);
}

TEST_F(job_book_test, reports_a_step_with_everything_that_was_found) {
  auto fresh = book();
  fresh.begin_at({1});
  for (int i = 0; i < 2; ++i)
    keep(fresh.finished(*fresh.next(), from, to, scored({{1, 0.1}, {2, 0.2}}),
                        i ? std::optional{scored({{1, 0.3}})} : std::nullopt, vault()));
  const auto first = *book().report(1);
  EXPECT_TRUE(first.evaluation);
  EXPECT_FALSE(first.live);
  EXPECT_EQ(first.predictions.size(), 2U);
  const auto second = *book().report(2);
  ASSERT_TRUE(second.evaluation && second.live);
  EXPECT_EQ(second.evaluation->id.number, round_no{2});
  EXPECT_EQ(second.predictions.size(), 3U);
  EXPECT_EQ(second.scores.size(), 2U);
  EXPECT_FALSE(book().report(3)->evaluation); // not yet
  EXPECT_FALSE(book().report(0)->evaluation);
}

TEST_F(job_book_test, who_lost_its_slot_stands_for_nothing) {
  auto fresh = book();
  fresh.begin_at({1});
  keep(fresh.finished(*fresh.next(), from, to, scored({{1, 0.1}, {2, 0.2}}), {}, vault()));
  const auto standing = fresh.standing({{{1}, {"key-1"}, ""}, {{2}, {"newcomer"}, ""}});
  ASSERT_EQ(standing.eligible.size(), 1U);
  EXPECT_EQ(standing.eligible[0].first, miner_uid{1});
}

/// They moved to one range after these questions and held it to the end.
void held_the_same(round_outcome& played, const std::vector<uint64_t>& since) {
  for (size_t i = 0; i < since.size(); ++i) {
    auto& x = played.predictions.at(i);
    x.questions = {{9, answer_result::accepted}, {13, answer_result::silent}};
    x.outcome.emplace();
    x.outcome->positions = {{-10, 10, 77, 10, since[i], {}, {}, {}, {}, {}, {}},
                            {-50, 50, 33, since[i], 19, {}, {}, {}, {}, {}, {}}};
  }
}

TEST_F(job_book_test, who_plays_like_another_is_known_after_a_restart_too) {
  auto fresh = book();
  fresh.begin_at({1});
  auto round = scored({{1, 0.1}, {2, 0.2}, {3, 0.3}, {4, -0.5}});
  held_the_same(round, {10, 10, 13});
  const std::vector<cluster_member> registered{{{1}, {"key-1"}, ""},
                                               {{2}, {"key-2"}, ""},
                                               {{3}, {"key-3"}, ""},
                                               {{4}, {"key-4"}, "owner"},
                                               {{7}, {"key-7"}, "owner"}};
  fresh.know(registered);
  keep(fresh.finished(*fresh.next(), from, to, round, {}, vault()));
  const auto standing = fresh.standing(registered);
  EXPECT_EQ(standing.eligible.size(), 4U) << "also who is below 0";
  ASSERT_EQ(standing.clusters.size(), 2U);
  EXPECT_EQ(standing.clusters[0].members, (std::vector<miner_uid>{{1}, {2}}));
  EXPECT_EQ(standing.clusters[0].pairs, (std::vector<cluster_pair>{{{1}, {2}, false, 2, 2}}));
  EXPECT_EQ(standing.clusters[1].members, (std::vector<miner_uid>{{4}, {7}}));
  EXPECT_EQ(book().standing(registered), standing);
  EXPECT_EQ(book().record().clusters, standing.clusters);

  auto uncounted = scored({{1, 0.1}});
  uncounted.asked = 0; // nobody could be asked: such a round is not compared
  keep(fresh.finished(*fresh.next(), from, to, uncounted, {}, vault()));
  EXPECT_EQ(book().standing(registered).clusters, standing.clusters);
}

TEST_F(job_book_test, a_row_that_cannot_be_read_is_a_fault) {
  auto fresh = book();
  fresh.begin_at({1});
  keep(fresh.started(*fresh.next(), from));
  auto writes = fresh.started(*fresh.next(), from);
  for (auto& x : writes.writes)
    if (x.table == tables::jobs.name)
      x.value.resize(x.value.size() / 2);
  keep(writes);
  const auto opened = job_book::open(config, 96, disk);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ec::corrupt_data);
}

} // namespace
} // namespace sluice::test
