// What the shell shows of a folder that a short node has left, against the tables themselves.
#include "actors/admin/views/parts.hpp"
#include "actors/admin/views/views.hpp"
#include "actors/liquidity/audit.hpp"
#include "storage/tables.hpp"
#include "tests/support/short_run.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace sluice::views {

namespace {

namespace tables = storage::tables;

/// One run for all tests: they only read.
class views_of_a_folder : public testing::Test {
protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<test::scratch_folder>();
    std::string said;
    const auto end = run_node(test::short_run(folder->path() / "data", 3, said));
    ASSERT_EQ(end.code, 0) << end.why;
    // what only a shell writes
    auto opened = storage::data_dir::open(folder->path() / "data", {"0.1.0", seed(), "short"},
                                          storage::open_mode::create_or_continue);
    ASSERT_TRUE(opened) << opened.error().what;
    storage::batch writes;
    for (uint64_t i = 0; i < 30; ++i)
      tables::admin_actions.put(
        writes, i,
        {1'700'000'000'000 + i * 1000, "root (uid 0)", "job pause " + std::to_string(i), "done"});
    tables::bans.put(writes, hotkey{"stranger"}, {"floods", "root (uid 0)", 1});
    ASSERT_TRUE(opened->commit(writes));
  }
  static void TearDownTestSuite() { folder.reset(); }
  static uint64_t seed() { return test::short_config().seed; }

  views_of_a_folder()
    : disk(*storage::data_dir::open(folder->path() / "data", {}, storage::open_mode::read_only)) {}

  json show(std::string_view line) {
    const auto call = admin::parse_command(line);
    EXPECT_TRUE(call) << line;
    const auto text = of_disk(disk, *call);
    EXPECT_TRUE(text) << line << ": " << text.error().what;
    return text ? json::parse(*text) : json{};
  }
  std::string why(std::string_view line) {
    const auto text = of_disk(disk, *admin::parse_command(line));
    EXPECT_FALSE(text) << line;
    return text ? "" : text.error().what;
  }
  std::vector<round_record> stored_rounds() {
    std::vector<round_record> all;
    EXPECT_TRUE(tables::rounds.for_each(
      disk, [&](const round_key&, round_record x) { all.push_back(std::move(x)); }));
    return all;
  }

  static std::unique_ptr<test::scratch_folder> folder;
  storage::data_dir disk;
};

std::unique_ptr<test::scratch_folder> views_of_a_folder::folder;

TEST_F(views_of_a_folder, every_command_of_the_disk_has_one) {
  const auto id = to_string(stored_rounds().front().id);
  const auto job = stored_rounds().front().id.job.value;
  const auto uid = std::to_string(stored_rounds().front().results.front().uid.value);
  for (const auto& x : admin::commands()) {
    if (x.source != admin::command_source::disk)
      continue;
    std::string line{x.name};
    for (const auto& wanted : x.arguments) {
      if (wanted.kind == admin::word_kind::round)
        line += ' ' + id;
      else if (wanted.kind == admin::word_kind::job)
        line += ' ' + job;
      else if (wanted.kind == admin::word_kind::miner)
        line += ' ' + uid;
    }
    EXPECT_FALSE(show(line).empty()) << line;
  }
  EXPECT_EQ(why("tree"), "tree is not answered from disk");
}

TEST_F(views_of_a_folder, jobs_are_those_of_the_table) {
  const auto shown = show("jobs");
  ASSERT_EQ(shown.size(), test::short_config().jobs.size());
  for (const auto& row : shown) {
    const auto stored = tables::jobs.get(disk, job_id{row["job"]});
    ASSERT_TRUE(stored);
    EXPECT_EQ(row["completed"], stored->completed);
    EXPECT_EQ(row["next_round"], stored->next_round);
    EXPECT_EQ(row["vault0"], exact(stored->vault.amount0, stored->config.terms.decimals0));
    EXPECT_EQ(row["state"], "active");
  }
}

TEST_F(views_of_a_folder, rounds_come_newest_first_and_agree_with_their_rows) {
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
    EXPECT_GT(one["price_at_start"].get<double>(), 0);
  }
  const auto job = all.front().id.job.value;
  for (const auto& x : show("rounds " + job))
    EXPECT_TRUE(x["round"].get<std::string>().starts_with(job + "/"));
}

TEST_F(views_of_a_folder, scores_are_sorted_and_add_up_to_the_miners) {
  std::map<std::string, uint64_t> scored;
  for (const auto& job : show("jobs")) {
    const auto board = show("scores " + job["job"].get<std::string>());
    for (size_t i = 0; i < board.size(); ++i) {
      EXPECT_EQ(board[i]["rank"], i + 1);
      if (i > 0) {
        EXPECT_LE(board[i]["eligible"], board[i - 1]["eligible"]);
        if (board[i]["eligible"] == board[i - 1]["eligible"]) {
          EXPECT_LE(board[i]["combined"], board[i - 1]["combined"]);
        }
      }
      const auto stored = tables::miner_scores.get(
        disk, {job_id{job["job"]}, hotkey{board[i]["hotkey"].get<std::string>()}});
      ASSERT_TRUE(stored);
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

TEST_F(views_of_a_folder, a_miner_is_found_by_its_uid_and_by_its_hotkey) {
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

TEST_F(views_of_a_folder, every_score_of_every_round_is_explained_and_the_same) {
  size_t explained = 0;
  size_t swaps = 0;
  for (const auto& row : stored_rounds()) {
    for (const auto& x : row.results) {
      const auto line = "explain " + to_string(row.id) + ' ' + std::to_string(x.uid.value);
      SCOPED_TRACE(line);
      const auto told = show(line);
      EXPECT_EQ(told["stored_score"].get<double>(), x.score);
      if (x.verdict != miner_verdict::scored) {
        EXPECT_TRUE(told.contains("why"));
        continue;
      }
      ++explained;
      EXPECT_EQ(told["same"], true) << told["difference"];
      EXPECT_EQ(told["recomputed_score"].get<double>(), x.score);
      EXPECT_GT(told["numbers_compared"], 15U);
      EXPECT_EQ(told["score"].back()["value"].get<double>(), x.score);
      for (const auto& p : told["positions"])
        swaps += p["earned_from"].size();
    }
  }
  EXPECT_GT(explained, 5U);
  EXPECT_GT(swaps, 10U);
}

TEST_F(views_of_a_folder, a_score_that_was_tampered_with_is_told_apart) {
  const auto row = stored_rounds().front();
  const test::scratch_folder other;
  std::filesystem::copy(folder->path() / "data", other.path() / "data",
                        std::filesystem::copy_options::recursive);
  {
    auto changed = storage::data_dir::open(other.path() / "data", {"0.1.0", seed(), "short"},
                                           storage::open_mode::create_or_continue);
    ASSERT_TRUE(changed) << changed.error().what;
    auto x = *tables::predictions.get(*changed, {row.id, row.ranking.front()});
    x.outcome->positions.front().fees0 += u256{1};
    storage::batch writes;
    tables::predictions.put(writes, {row.id, row.ranking.front()}, x);
    ASSERT_TRUE(changed->commit(writes));
  }
  const auto opened
    = storage::data_dir::open(other.path() / "data", {}, storage::open_mode::read_only);
  ASSERT_TRUE(opened);
  const auto told = explain(*opened, to_string(row.id), std::to_string(row.ranking.front().value));
  ASSERT_TRUE(told);
  EXPECT_EQ((*told)["same"], false);
  EXPECT_TRUE((*told)["difference"].get<std::string>().starts_with("outcome.positions[0].fees0: "))
    << (*told)["difference"];
}

TEST_F(views_of_a_folder, what_is_not_there_is_named_with_what_is) {
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

TEST_F(views_of_a_folder, weights_say_what_the_chain_holds_and_when_it_is_due_again) {
  const auto shown = show("weights");
  const auto chain = tables::chain_state.get(disk, tables::chain_key);
  ASSERT_TRUE(chain);
  std::optional<publish_record> good;
  ASSERT_TRUE(tables::published.for_each(disk, [&](epoch_no, publish_record x) {
    if (x.status == publish_status::confirmed)
      good = std::move(x);
  }));
  ASSERT_TRUE(good);
  EXPECT_EQ(shown["published_epoch"], good->epoch.value);
  EXPECT_EQ(shown["read_back_block"], good->read_back_block);
  EXPECT_EQ(shown["why_not"], "");
  EXPECT_EQ(shown["block"], chain->block);
  const auto due = shown["next_due_block"].get<uint64_t>();
  EXPECT_EQ(epoch_at(due, chain->params).value, shown["next_epoch"]);
  EXPECT_EQ(epoch_at(due - 1, chain->params).value, shown["epoch"]);
  double sum = 0;
  for (const auto& x : shown["shares"])
    sum += x["percent"].get<double>();
  EXPECT_NEAR(sum, 100, 1e-9);
  EXPECT_EQ(show("chain")["neurons"].size(), chain->neurons.size());
  EXPECT_EQ(show("sheets")[0]["mechanism"], "liquidity");
}

TEST_F(views_of_a_folder, storage_counts_every_row) {
  const auto shown = show("storage");
  std::map<std::string, uint64_t> rows;
  for (const auto& x : shown["tables"])
    rows[x["table"]] += x["rows"].get<uint64_t>();
  EXPECT_EQ(rows["rounds"], stored_rounds().size());
  EXPECT_EQ(rows["admin_actions"], 30U);
  EXPECT_EQ(shown["stores"].size(), 3U);
  EXPECT_GT(shown["disk_free_bytes"], 0U);
  EXPECT_EQ(shown["schema"], tables::schema_version);
}

TEST_F(views_of_a_folder, actions_are_the_last_ones_newest_first) {
  const auto shown = show("actions");
  ASSERT_EQ(shown.size(), 20U);
  EXPECT_EQ(shown[0]["number"], 29);
  EXPECT_EQ(shown[0]["time"], "2023-11-14T22:13:49Z");
  EXPECT_EQ(shown[0]["who"], "root (uid 0)");
  EXPECT_EQ(shown[0]["command"], "job pause 29");
  EXPECT_EQ(show("actions 3").size(), 3U);
  EXPECT_EQ(show("actions 0").size(), 0U);
  EXPECT_EQ(show("actions 99999999").size(), 30U);
}

TEST(views, show_amounts_to_the_last_digit) {
  EXPECT_EQ(exact(u256{1'500'000}, 6), "1.5");
  EXPECT_EQ(exact(u256{1}, 6), "0.000001");
  EXPECT_EQ(exact(u256{0}, 6), "0");
  EXPECT_EQ(exact(u256{12}, 0), "12");
  EXPECT_EQ(exact(u256{30'000'000}, 6), "30");
  EXPECT_EQ(exact(-i256{1'500'000}, 6), "-1.5");
  EXPECT_EQ(time_of(0), json());
  EXPECT_EQ(time_of(1), "1970-01-01T00:00:01Z");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), json());
}

} // namespace

} // namespace sluice::views
