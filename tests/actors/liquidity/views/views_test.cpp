// Jobs, rounds and miners of a folder that a short node has left, against the tables themselves.
#include "actors/liquidity/views/parts.hpp"
#include "rules/liquidity/board_order.hpp"
#include "tests/actors/admin/views/folder_of_views.hpp"

namespace sluice::views {

namespace {

class views_of_jobs : public views_of_a_folder {};

TEST_F(views_of_jobs, jobs_are_those_of_the_table) {
  const auto shown = show("jobs");
  const auto config = test::short_config();
  ASSERT_EQ(shown.size(), liquidity_in(config).jobs.size());
  for (const auto& row : shown) {
    const auto stored = tables::jobs.get(disk, job_id{row["job"]});
    ASSERT_TRUE(stored);
    EXPECT_EQ(row["completed"], stored->completed);
    EXPECT_EQ(row["next_round"], stored->next_round);
    EXPECT_EQ(row["vault0"], exact(stored->vault.amount0, stored->config.terms.decimals0));
    EXPECT_EQ(row["state"], "active");
  }
}

TEST_F(views_of_jobs, rounds_come_newest_first_and_agree_with_their_rows) {
  const auto all = stored_rounds();
  const auto shown = show("rounds");
  ASSERT_EQ(shown.size(), std::min<size_t>(all.size(), 20));
  for (size_t i = 1; i < shown.size(); ++i)
    EXPECT_GE(shown[i - 1]["start_block"], shown[i]["start_block"]);
  for (const auto& x : all) {
    const auto one = show("round " + to_string(x.id));
    EXPECT_EQ(one["round"], to_string(x.id));
    EXPECT_EQ(one["winner"], x.winner ? json(x.winner->value) : json());
    ASSERT_EQ(one["results"].size(), x.results.size());
    for (size_t i = 0; i < x.ranking.size(); ++i) {
      EXPECT_EQ(one["results"][i]["rank"], i + 1);
      EXPECT_EQ(one["results"][i]["miner"], x.ranking[i].value);
    }
    std::string verdicts;
    for (const auto& one_of : one["results"])
      if (const auto verdict = one_of["verdict"].get<std::string>(); !verdicts.ends_with(verdict))
        verdicts += verdict;
    EXPECT_NE(std::string{"scoredrefusedfailed"}.find(verdicts), std::string::npos) << verdicts;
    EXPECT_GT(one["price_at_start"].get<double>(), 0);
  }
  const auto job = all.front().id.job.value;
  for (const auto& x : show("rounds " + job))
    EXPECT_TRUE(x["round"].get<std::string>().starts_with(job + "/"));
}

TEST_F(views_of_jobs, scores_are_sorted_and_add_up_to_the_miners) {
  std::map<std::string, uint64_t> scored;
  for (const auto& job : show("jobs")) {
    const auto board = show("scores " + job["job"].get<std::string>());
    for (size_t i = 0; i < board.size(); ++i) {
      EXPECT_EQ(board[i]["rank"], i + 1);
      const auto record_at = [&](size_t k) {
        const hotkey key{board[k]["hotkey"].get<std::string>()};
        return std::pair{key, tables::miner_scores.get(disk, {job_id{job["job"]}, key})};
      };
      const auto [key, stored] = record_at(i);
      ASSERT_TRUE(stored);
      if (i > 0) {
        const auto [above_key, above] = record_at(i - 1);
        EXPECT_TRUE(stands_above(above_key, *above, key, *stored)) << key.value;
      }
      EXPECT_EQ(board[i]["combined"].get<double>(), stored->combined_score);
      scored[board[i]["hotkey"]] += stored->successes;
    }
  }
  size_t seen = 0;
  for (const auto& row : show("miners")) {
    if (row["hotkey"] == "stranger") {
      EXPECT_EQ(row["banned"], "floods");
      EXPECT_TRUE(row["miner"].is_null());
      continue;
    }
    ++seen;
    EXPECT_EQ(row["scored"], scored.at(row["hotkey"]));
  }
  EXPECT_EQ(seen, scored.size());
}

TEST_F(views_of_jobs, a_miner_is_found_by_its_uid_and_by_its_hotkey) {
  const auto board = show("miners");
  const auto uid = board[0]["miner"].get<uint16_t>();
  const auto by_uid = show("miner " + std::to_string(uid));
  EXPECT_EQ(by_uid, show("miner " + board[0]["hotkey"].get<std::string>()));
  EXPECT_EQ(by_uid["miner"], uid);
  EXPECT_EQ(by_uid["jobs"].size(), board[0]["jobs"]);
  EXPECT_FALSE(by_uid["rounds"].empty());
  EXPECT_FALSE(by_uid["days"].empty());
  EXPECT_EQ(why("miner 999"), "no miner 999 was ever scored here; "
                                + std::to_string(board.size() - 1) + " were, see miners");
}

TEST_F(views_of_jobs, every_score_of_every_round_is_explained_and_the_same) {
  size_t explained = 0;
  size_t swaps = 0;
  for (const auto& row : stored_rounds()) {
    for (const auto& x : row.results) {
      const auto line = "explain " + to_string(row.id) + ' ' + std::to_string(x.uid.value);
      SCOPED_TRACE(line);
      const auto shown = show(line);
      EXPECT_EQ(shown["stored_score"].get<double>(), x.score);
      if (x.verdict != miner_verdict::scored) {
        EXPECT_TRUE(shown.contains("why"));
        continue;
      }
      ++explained;
      EXPECT_EQ(shown["same"], true) << shown["difference"];
      EXPECT_EQ(shown["recomputed_score"].get<double>(), x.score);
      EXPECT_GT(shown["numbers_compared"], 15U);
      EXPECT_EQ(shown["score"].back()["value"].get<double>(), x.score);
      for (const auto& p : shown["positions"])
        swaps += p["earned_from"].size();
    }
  }
  EXPECT_GT(explained, 5U);
  EXPECT_GT(swaps, 10U);
}

TEST_F(views_of_jobs, a_score_that_was_tampered_with_is_found) {
  const auto row = stored_rounds().front();
  const test::scratch_folder other;
  std::filesystem::copy(folder->path() / "data", other.path() / "data",
                        std::filesystem::copy_options::recursive);
  {
    auto changed = storage::data_dir::open(other.path() / "data", {"0.1.0", seed(), "short"},
                                           storage::open_mode::create_or_continue,
                                           {.layout = &test::layout()});
    ASSERT_TRUE(changed) << changed.error().what;
    auto x = *tables::predictions.get(*changed, {row.id, row.ranking.front()});
    x.outcome->positions.front().fees0 += u256{1};
    storage::batch writes;
    tables::predictions.put(writes, {row.id, row.ranking.front()}, x);
    ASSERT_TRUE(changed->commit(writes));
  }
  const auto opened = storage::data_dir::open(
    other.path() / "data", {}, storage::open_mode::read_only, {.layout = &test::layout()});
  ASSERT_TRUE(opened);
  const auto shown = explain(*opened, to_string(row.id), std::to_string(row.ranking.front().value));
  ASSERT_TRUE(shown);
  EXPECT_EQ((*shown)["same"], false);
  EXPECT_TRUE((*shown)["difference"].get<std::string>().starts_with("outcome.positions[0].fees0: "))
    << (*shown)["difference"];
}

TEST_F(views_of_jobs, what_is_not_there_is_named_with_what_is) {
  const auto job = stored_rounds().front().id.job.value;
  EXPECT_EQ(why("rounds " + job + "x"), "no job " + job + "x; did you mean " + job + "?");
  EXPECT_TRUE(why("scores zzzzzzzzzz").starts_with("no job zzzzzzzzzz; there is " + job));
  EXPECT_TRUE(why("round " + job + "/live/9999999")
                .starts_with("no round " + job + "/live/9999999; the newest of them is " + job));
  EXPECT_EQ(why("round nonsense"),
            "round 'nonsense': expected JOB/evaluation/NUMBER or JOB/live/NUMBER");
  const auto id = to_string(stored_rounds().front().id);
  EXPECT_TRUE(why("explain " + id + " 999").starts_with("miner 999 was not asked in round " + id));
}

} // namespace

} // namespace sluice::views
