#include "actors/leads/leads.hpp"
#include "actors/leads/steps_done.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
namespace tables = storage::tables;

class leads : public leads_test {
protected:
  void raise(bool world) {
    queues = make_queues();
    intake = make_intake(queues, world);
    curation_config with;
    with.own = our_validator;
    with.rules.interval_s = world ? 900 : 3600;
    with.rules.publish_bound_s = world ? 1800 : 120;
    with.terms = flow_terms_of(with.rules);
    with.terms.spacing_ms = 600'000;
    with.stepped = world;
    with.start_ms = leads_start_ms;
    with.unix_ms = clock();
    curation = keep(spawn_curation(sys, with, {disk, storage_writer, roster, queues, intake}));
    leads_config config;
    if (world)
      config.settings.world = leads_world{3, leads_start_ms / 1000};
    config.unix_ms = clock();
    config.speed = speed;
    mechanism
      = keep(spawn_leads(sys, config, {disk, storage_writer, chain, roster, intake, curation}));
  }

  step_report step(uint64_t n) { return ask<step_report>(mechanism, atom::step_v, n); }
  static const leads_detail& detail_of(const step_report& x) {
    return dynamic_cast<const leads_detail&>(*x.detail);
  }

  /// What the weights of an epoch came to.
  void publish(publish_status status, const std::string& reason = "") {
    ++epoch;
    publish_record row;
    row.epoch = {epoch};
    row.status = status;
    row.hash = "hash-" + std::to_string(epoch);
    row.reason = reason;
    storage::batch writes;
    tables::published.put(writes, {epoch}, row);
    ASSERT_TRUE(disk->commit(writes));
  }

  mechanism_scores scores() {
    return ask<mechanism_scores>(mechanism, atom::scores_v, epoch_no{epoch + 1});
  }

  double speed = 0;
  leads_queues_actor queues;
  sourced_intake_actor intake;
  curation_actor curation;
  mechanism_actor mechanism;
};

TEST_F(leads, plays_every_step_of_a_world_and_publishes_its_shares) {
  join(1, miner_with({some_lead("a"), some_lead("b")}));
  raise(true);
  const auto first = step(1);
  EXPECT_EQ(first.outcome, step_outcome::played);
  EXPECT_GE(detail_of(first).step.delivered, 1U);
  EXPECT_EQ(detail_of(first).step.attempt, 1U);
  EXPECT_EQ(detail_of(first).step.time_us, (int64_t{leads_start_ms} + 900'000) * 1000);
  const auto first_scores = scores();
  EXPECT_EQ(first_scores.mechanism, "leads");
  EXPECT_EQ(first_scores.scores, (std::map<miner_uid, double>{{{1}, 1.0}}));
  const auto row = tables::lead_publishes.get(*disk, 1);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->result, publish_end::open);
  EXPECT_EQ(row->epoch, epoch + 1);
  EXPECT_EQ(row->trigger, publish_trigger::curated);
  EXPECT_EQ(row->uids, std::vector<uint16_t>{1});
  EXPECT_EQ(row->u16, std::vector<uint16_t>{65535});
  publish(publish_status::confirmed);
  EXPECT_EQ(detail_of(step(2)).step.attempt, 2U);
  EXPECT_EQ(tables::lead_publishes.get(*disk, 1)->result, publish_end::done);
  EXPECT_EQ(tables::lead_publishes.get(*disk, 1)->tx, "hash-8");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].share, 1);
  EXPECT_EQ(notices[0].status, "ok");
}

TEST_F(leads, waits_for_the_moment_of_a_step_where_a_world_is_watched) {
  speed = 180;
  raise(true);
  question<step_report> asked{sys, mechanism, atom::step_v, uint64_t{1}};
  settle();
  advance(4999ms);
  EXPECT_FALSE(asked.answered());
  advance(1ms);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look()->outcome, step_outcome::played);
  EXPECT_EQ(detail_of(*asked.look()).step.time_us, (int64_t{leads_start_ms} + 900'000) * 1000);
}

TEST_F(leads, answers_a_step_that_is_done_from_the_disk) {
  join(1, miner_with({some_lead("a")}));
  raise(true);
  const auto before = step(1);
  const auto asked = questions.size();
  kill(mechanism);
  kill(curation);
  raise(true);
  const auto again = step(1);
  EXPECT_EQ(detail_of(again).step, detail_of(before).step);
  EXPECT_EQ(*detail_of(again).shares, *detail_of(before).shares);
  EXPECT_EQ(questions.size(), asked);
  EXPECT_EQ(*lead_steps_done(*disk), std::optional<uint64_t>{1});
}

TEST_F(leads, without_a_world_plays_when_a_publish_is_due_and_pauses_else) {
  store("r-1", {[] {
          auto x = some_lead("a");
          x.source = "miner-2";
          x.curated_by = "miner-1";
          return x;
        }()},
        now_ms - 1000);
  raise(false);
  EXPECT_EQ(step(1).outcome, step_outcome::played); // at once, at the start
  EXPECT_EQ(scores().scores, (std::map<miner_uid, double>{{{1}, 0.6}, {{2}, 0.4}}));
  EXPECT_EQ(step(2).outcome, step_outcome::paused);
  publish(publish_status::confirmed);
  EXPECT_EQ(step(2).outcome, step_outcome::paused);
  EXPECT_EQ(tables::lead_publishes.get(*disk, 1)->result, publish_end::done);
  now_ms += 3'599'999;
  EXPECT_EQ(step(2).outcome, step_outcome::paused);
  now_ms += 1;
  const auto next = step(2);
  EXPECT_EQ(next.outcome, step_outcome::played);
  EXPECT_EQ(detail_of(next).step.trigger, publish_trigger::timer);
}

TEST_F(leads, tries_again_after_a_failure_and_keeps_the_reason) {
  store("r-1", {[] {
          auto x = some_lead("a");
          x.source = x.curated_by = "miner-1";
          return x;
        }()},
        now_ms);
  raise(false);
  EXPECT_EQ(step(1).outcome, step_outcome::played);
  scores();
  publish(publish_status::failed, "SettingWeightsTooFast");
  EXPECT_EQ(step(2).outcome, step_outcome::paused);
  const auto row = tables::lead_publishes.get(*disk, 1);
  EXPECT_EQ(row->result, publish_end::failed);
  EXPECT_EQ(row->reason, "SettingWeightsTooFast");
  EXPECT_EQ(tables::lead_flow.get(*disk, tables::lead_flow_key)->failures, 1U);
  now_ms += 600'000;
  const auto next = step(2);
  EXPECT_EQ(next.outcome, step_outcome::played);
  EXPECT_EQ(detail_of(next).step.trigger, publish_trigger::retry);
}

TEST_F(leads, without_data_is_silent_with_the_counts) {
  lead undated = some_lead("a");
  undated.source = undated.curated_by = "miner-1";
  storage::result_writer writer{*disk, "curation"};
  ASSERT_TRUE(writer.add({"r-1", lead_time{}, {undated}}, now_ms));
  ASSERT_TRUE(disk->commit(writer.take()));
  raise(false);
  EXPECT_EQ(step(1).outcome, step_outcome::played);
  const auto why
    = sentence(ask_error<mechanism_scores>(mechanism, atom::scores_v, epoch_no{epoch + 1}));
  EXPECT_EQ(why, "no_data: no lead counts in the last 30 days (1 lead stored, 1 skipped without a "
                 "usable time); a buyer's request or `sluice leads import FILE` brings some");
  EXPECT_EQ(why_no_lead_scores(*disk, {}), why);
  publish(publish_status::skipped, "no weights");
  step(2);
  EXPECT_EQ(tables::lead_publishes.get(*disk, 1)->result, publish_end::skipped);
}

TEST_F(leads, drops_hotkeys_that_are_not_registered_and_states_whom) {
  store("r-1", {[] {
          auto x = some_lead("a");
          x.source = "gone";
          x.curated_by = "miner-1";
          return x;
        }()},
        now_ms);
  raise(false);
  step(1);
  EXPECT_EQ(scores().scores, (std::map<miner_uid, double>{{{1}, 1.0}}));
  EXPECT_EQ(tables::lead_publishes.get(*disk, 1)->dropped, std::vector{hotkey{"gone"}});
}

TEST_F(leads, obeys_durably) {
  raise(true);
  EXPECT_EQ(ask<std::string>(mechanism, mechanism_command{"leads pause", {}, "me", 1}),
            "{\"sourced\":\"paused\"}");
  EXPECT_EQ(*tables::lead_names.get(*disk, storage::intake_held_key), "me");
  EXPECT_EQ(ask<std::string>(mechanism, mechanism_command{"leads resume", {}, "me", 1}),
            "{\"sourced\":\"runs\"}");
  EXPECT_FALSE(*tables::lead_names.find(*disk, storage::intake_held_key));
  EXPECT_EQ(ask<std::string>(mechanism, mechanism_command{"leads publish", {}, "me", 1}),
            "{\"publish\":\"wanted\"}");
  EXPECT_TRUE(ask_error<std::string>(mechanism, mechanism_command{"leads stop", {}, "me", 1}));
}

TEST_F(leads, fails_a_step_when_nothing_can_be_written) {
  storage_writer = refusing_storage_writer(ec::storage_full, "the disk is full");
  raise(false);
  EXPECT_EQ(sentence(ask_error<step_report>(mechanism, atom::step_v, uint64_t{1})),
            "the disk is full");
  EXPECT_FALSE(*tables::lead_steps.find(*disk, 1));
}

} // namespace
} // namespace sluice::test
