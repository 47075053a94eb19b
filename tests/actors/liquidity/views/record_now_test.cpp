#include "storage/liquidity/recall_rounds.hpp"
#include "actors/liquidity/views/record_now.hpp"
#include "tests/actors/admin/views/folder_of_views.hpp"

#include <algorithm>

namespace sluice::views {

namespace {

class record_now : public views_of_a_folder {
protected:
  job_record first_job() {
    std::optional<job_record> found;
    EXPECT_TRUE(tables::jobs.for_each(disk, [&](const job_id&, job_record x) {
      if (!found)
        found = std::move(x);
    }));
    return *found;
  }
};

TEST_F(record_now, is_what_playing_all_rounds_again_gives) {
  const auto job = first_job();
  scoreboard board{job.config.board};
  auto rounds = stored_rounds();
  std::ranges::stable_sort(rounds, [](const auto& a, const auto& b) {
    return std::tuple{a.id.number, a.id.kind} < std::tuple{b.id.number, b.id.kind};
  });
  for (const auto& x : rounds)
    if (x.id.job == job.config.id && counted(x))
      board.absorb(x.id.kind, x.end_time, x.results, x.rules);
  const auto shown = show("scores " + job.config.id.value);
  ASSERT_EQ(shown.size(), board.scores().size());
  for (const auto& row : shown) {
    const hotkey key{row["hotkey"].get<std::string>()};
    SCOPED_TRACE(key.value);
    EXPECT_EQ(row["active_share"].get<double>(), board.activity(key));
    const auto counts = board.weight_score(key);
    EXPECT_EQ(row["counts_with"], counts ? json(*counts) : json(nullptr));
    const auto proof = board.evidence_of(key);
    EXPECT_EQ(row["evidence_n"], proof.count);
    if (proof.count > 0) {
      EXPECT_EQ(row["evidence_mean"].get<double>(), proof.mean);
      EXPECT_EQ(row["evidence_deviation"].get<double>(), proof.deviation);
    }
  }
}

TEST_F(record_now, shows_a_cluster_with_its_evidence) {
  auto job = first_job();
  const auto rows = show("scores " + job.config.id.value);
  ASSERT_GE(rows.size(), 3U);
  std::vector<miner_uid> uids;
  std::map<miner_uid, hotkey> keys;
  for (size_t i = 0; i < 3; ++i) {
    uids.push_back({rows[i]["miner"].get<uint16_t>()});
    keys[uids.back()] = {rows[i]["hotkey"].get<std::string>()};
  }
  std::ranges::sort(uids);
  const auto [a, b, c] = std::tuple{uids[0], uids[1], uids[2]};
  job.clusters = {{{a, b, c}, b, {{b, 7, 9}}, {{a, b, false, 50, 45}, {b, c, true, 0, 0}}}};
  const auto now = board_now::of(disk, job);
  ASSERT_TRUE(now) << now.error().what;
  const auto text = [](miner_uid x) { return std::to_string(x.value); };
  const auto of_a = now->record_of(keys[a]), of_b = now->record_of(keys[b]);
  EXPECT_EQ(of_a["one_with"], text(b) + " " + text(c));
  EXPECT_EQ(of_a["because"],
            "plans as " + text(b) + " after 45 of 50 questions; " + text(b) + " takes the part");
  EXPECT_EQ(of_b["because"], "plans as " + text(a) + " after 45 of 50 questions; one owner with "
                               + text(c) + "; asked first in 7 of 9 rounds; takes the part");
  EXPECT_EQ(of_b["cluster"], of_a["cluster"]);
  EXPECT_EQ(of_a["cluster"]["members"], (json{a.value, b.value, c.value}));
  EXPECT_EQ(of_a["cluster"]["takes"], b.value);
  EXPECT_EQ(of_a["cluster"]["leads"][0], (json{{"miner", b.value}, {"led", 7}, {"rounds", 9}}));
  EXPECT_EQ(
    of_a["cluster"]["joined_by"][0],
    (json{
      {"a", a.value}, {"b", b.value}, {"same_coldkey", false}, {"questions", 50}, {"equal", 45}}));
  const auto stranger = now->record_of({"stranger"});
  EXPECT_EQ(stranger["counts_with"], nullptr);
  EXPECT_EQ(stranger["cluster"], nullptr);
}

TEST_F(record_now, is_part_of_an_explanation) {
  const auto row = stored_rounds().front();
  const auto& x = row.results.front();
  const auto now = board_now::of(disk, *tables::jobs.get(disk, row.id.job));
  ASSERT_TRUE(now);
  EXPECT_EQ(show("explain " + to_string(row.id) + ' ' + std::to_string(x.uid.value))["record_now"],
            now->record_of(x.key));
}

} // namespace

} // namespace sluice::views
