#include "actors/liquidity/pool_feed.hpp"
#include "rules/liquidity/schedule.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/job_world.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

job_config events_job(const std::string& file) {
  auto job = small_job("events");
  job.feed.kind = feed_kind::events;
  job.feed.files = {file};
  return job;
}

job_config bars_job() {
  auto job = small_job("bars");
  job.feed.kind = feed_kind::bars;
  job.feed.files = {recording("bars.csv")};
  job.block_seconds = 60;
  job.terms = {500, 10, 6, 18};
  return job;
}

class pool_feed : public actor_test {
protected:
  pool_feed_actor
  feed(const job_config& job, std::optional<checkpoint> from = {}, double speed = 0) {
    return keep(spawn_pool_feed(sys, {job, speed, std::move(from)}));
  }

  feed_segment go(const pool_feed_actor& feed, uint64_t to) {
    return ask<feed_segment>(feed, atom::advance_v, to);
  }

  feed_state stand(const pool_feed_actor& feed) {
    return ask<feed_state>(feed, atom::saved_v, true);
  }

  /// What a segment contains, to be compared.
  static std::vector<feed_block> blocks(const feed_segment& x) {
    std::vector<feed_block> all;
    for (const auto& record : x.blocks)
      all.push_back(record->block);
    return all;
  }
};

TEST_F(pool_feed, a_market_delivers_every_block_up_to_the_one_asked_for) {
  const auto whom = feed(small_job());
  EXPECT_FALSE(stand(whom).alive);
  auto segment = go(whom, 3);
  ASSERT_EQ(segment.blocks.size(), 4U); // the market begins with block 0
  for (uint64_t n = 0; n <= 3; ++n)
    EXPECT_EQ(segment.blocks[n]->block.number, n);
  EXPECT_EQ(segment.reached, 3U);
  EXPECT_FALSE(segment.ended);
  segment = go(whom, 3); // nothing more up to there
  EXPECT_TRUE(segment.blocks.empty());
  EXPECT_EQ(segment.reached, 3U);
  segment = go(whom, 5);
  EXPECT_EQ(segment.blocks.size(), 2U);
  const auto at = stand(whom);
  EXPECT_TRUE(at.alive);
  EXPECT_EQ(at.saved.block, 5U);
  EXPECT_EQ(at.saved.time, segment.blocks.back()->block.time);
  EXPECT_EQ(at.price.sqrt_price_x96, segment.blocks.back()->sqrt_price_x96);
  EXPECT_EQ(at.price.tick, segment.blocks.back()->tick);
  EXPECT_EQ(at.first_block, 1U);
  EXPECT_EQ(at.last_block, std::nullopt);
}

TEST_F(pool_feed, a_new_incarnation_continues_as_the_old_one_would_have) {
  for (const auto& job : {small_job(), events_job(recording("p1.jsonl")), bars_job()}) {
    SCOPED_TRACE(job.id.value);
    const auto whole = feed(job);
    const auto first = stand(whole).first_block;
    for (uint64_t cut : {uint64_t{0}, uint64_t{7}, uint64_t{23}}) {
      SCOPED_TRACE(cut);
      const auto old = feed(job);
      go(old, first + cut);
      const auto saved = stand(old).saved;
      kill(old);
      const auto fresh = feed(job, saved);
      EXPECT_EQ(stand(fresh).saved, saved);
      EXPECT_EQ(stand(fresh).alive, true);
      const auto other = feed(job); // never interrupted
      go(other, first + cut);
      for (uint64_t to : {first + cut + 3, first + cut + 20}) {
        const auto expected = go(other, to);
        const auto got = go(fresh, to);
        EXPECT_EQ(blocks(got), blocks(expected));
        EXPECT_EQ(got.reached, expected.reached);
        EXPECT_EQ(got.ended, expected.ended);
        EXPECT_EQ(stand(fresh).saved, stand(other).saved);
        EXPECT_EQ(stand(fresh).price, stand(other).price);
      }
    }
  }
}

TEST_F(pool_feed, states_where_it_stands_without_the_pool_too) {
  for (const auto& job : {small_job(), events_job(recording("p1.jsonl")), bars_job()}) {
    SCOPED_TRACE(job.id.value);
    const auto whom = feed(job);
    go(whom, stand(whom).first_block + 9);
    auto full = stand(whom);
    const auto place = ask<feed_state>(whom, atom::saved_v, false);
    EXPECT_TRUE(place.saved.replica.empty());
    EXPECT_FALSE(full.saved.replica.empty());
    full.saved.replica.clear();
    EXPECT_EQ(place.saved, full.saved);
    EXPECT_EQ(place.price, full.price);
  }
}

TEST_F(pool_feed, a_recording_knows_where_it_begins_and_ends) {
  const auto whom = feed(events_job(recording("p1.jsonl")));
  auto at = stand(whom);
  EXPECT_EQ(at.first_block, 24'000'023U); // of the first swap in the file
  EXPECT_EQ(at.last_block, 24'000'154U);  // the file's last line
  EXPECT_EQ(at.saved.block, 24'000'022U);
  EXPECT_FALSE(at.alive);
  auto segment = go(whom, 24'000'153);
  EXPECT_FALSE(segment.ended);
  EXPECT_EQ(segment.reached, 24'000'153U);
  segment = go(whom, 24'000'200);
  EXPECT_TRUE(segment.ended);
  EXPECT_EQ(segment.reached, 24'000'154U); // no further than there is something
  segment = go(whom, 24'000'300);
  EXPECT_TRUE(segment.ended);
  EXPECT_TRUE(segment.blocks.empty());
}

TEST_F(pool_feed, the_terms_of_events_are_the_files_own) {
  auto job = events_job(recording("p1.jsonl"));
  job.terms = {3000, 60, 18, 6};
  EXPECT_EQ(stand(feed(job)).terms, (pool_terms{500, 10, 18, 6}));
}

TEST_F(pool_feed, bars_have_a_price_and_no_pool) {
  const auto whom = feed(bars_job());
  auto at = stand(whom);
  EXPECT_TRUE(at.alive);
  EXPECT_EQ(at.price.tick, 201'000); // open tick of the file's first bar
  EXPECT_EQ(at.snapshot, nullptr);
  EXPECT_EQ(at.first_block, 1'691'884'860U / 60); // 2023-08-13 00:01:00
  go(whom, at.first_block);
  EXPECT_EQ(stand(whom).price.tick, 200'993); // its close tick
}

TEST_F(pool_feed, fails_with_the_sentence_when_its_file_cannot_be_read) {
  for (const auto& [file, expected] : std::vector<std::pair<std::string, std::string>>{
         {folder.at("missing.jsonl"), "missing.jsonl"},
         {folder.write("empty.jsonl", ""), "empty.jsonl"},
         {folder.write("text.jsonl", "hello\n"), "text.jsonl:1"}}) {
    caf::error why;
    caf::scoped_actor self{sys, true};
    const auto whom = feed(events_job(file));
    self->monitor(whom);
    settle();
    self->receive([&why](const caf::down_msg& down) { why = down.reason; });
    EXPECT_NE(to_fault(why).what.find(expected), std::string::npos) << to_fault(why).what;
    EXPECT_EQ(why.category(), caf::atom("sluice"));
  }
}

TEST_F(pool_feed, fails_when_the_checkpoint_is_not_of_this_recording) {
  const auto old = feed(small_job());
  go(old, 5);
  auto saved = stand(old).saved;
  const auto fresh = feed(events_job(recording("p1.jsonl")), saved);
  (void)ask_error<feed_state>(fresh, atom::saved_v, true);
  saved.replica.resize(saved.replica.size() / 2);
  (void)ask_error<feed_state>(feed(small_job(), saved), atom::saved_v, true);
}

TEST_F(pool_feed, stops_before_a_record_that_the_pool_cannot_reproduce) {
  auto text = file_bytes(recording("p1.jsonl"));
  const std::string was = R"("amount0":"-10259697828983151")";
  ASSERT_NE(text.find(was), std::string::npos);
  text.replace(text.find(was), was.size(), R"("amount0":"-10259697828983150")");
  const auto whom = feed(events_job(folder.write("bent.jsonl", text)));
  go(whom, 24'000'026);
  const auto before = stand(whom);
  const auto why = to_fault(ask_error<feed_segment>(whom, atom::advance_v, uint64_t{24'000'030}));
  EXPECT_EQ(why.code, ec::bad_input);
  EXPECT_NE(why.what.find("6"), std::string::npos) << why.what; // the line
  EXPECT_EQ(stand(whom).saved.block, before.saved.block);
  EXPECT_EQ(stand(whom).price, before.price);
  const auto again = to_fault(ask_error<feed_segment>(whom, atom::advance_v, uint64_t{24'000'030}));
  EXPECT_EQ(again, why); // and does not go on behind it
}

TEST_F(pool_feed, paced_time_passes_at_the_configured_speed) {
  const auto whom = feed(small_job(), {}, 4); // blocks of two seconds, four times as fast
  go(feed(small_job()), 10);
  question<feed_segment> asked{sys, whom, atom::advance_v, uint64_t{10}};
  settle();
  advance(5s - 1ms);
  EXPECT_FALSE(asked.answered());
  advance(1ms);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look()->blocks.size(), 11U);
  EXPECT_EQ(asked.look()->reached, 10U);
  question<feed_segment> again{sys, whom, atom::advance_v, uint64_t{10}};
  settle();
  EXPECT_TRUE(again.answered()); // no block has to pass
}

TEST_F(pool_feed, the_way_to_the_first_whole_round_is_not_paced) {
  const auto job = small_job();
  const auto per_round = blocks_per_round(job.round_seconds, job.block_seconds);
  ASSERT_GT(per_round, 2U);
  const auto whom = feed(job, {}, 4);
  question<feed_segment> first{sys, whom, atom::advance_v, per_round - 1};
  settle();
  ASSERT_TRUE(first.answered());
  EXPECT_EQ(first.look()->reached, per_round - 1);
  question<feed_segment> round{sys, whom, atom::advance_v, 2 * per_round - 1};
  settle();
  EXPECT_FALSE(round.answered()) << "now somebody plays";
  const auto from = stand(whom).saved;
  advance(1h);
  EXPECT_TRUE(round.answered());
  const auto later = feed(job, from, 4);
  question<feed_segment> restored{sys, later, atom::advance_v, from.block + per_round};
  settle();
  EXPECT_FALSE(restored.answered()) << "a feed that goes on is in its rounds";
  advance(1h);
}

} // namespace
} // namespace sluice::test
