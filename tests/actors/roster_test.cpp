#include "actors/liquidity/miner.hpp"
#include "actors/roster.hpp"
#include "actors/storage_writer.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_end.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/miner_messages.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

class roster : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  const std::vector<local_miner_config> three{
    {{7}, {"seven"}, "crasher"}, {{2}, {"two"}, "wide:width=0.1"}, {{5}, {"five"}, "silent"}};
  const std::vector<allowed_miner> outside{{{8}, {"remote"}}, {{2}, {"two"}}};
  roster_actor all = keep(spawn_roster(sys, {local_miners(three), {}}, {disk, storage_writer}));

  roster_actor open_to_outside() {
    all = keep(spawn_roster(sys, {local_miners(three), outside}, {disk, storage_writer}));
    return all;
  }

  miner_actor a_handle() { return keep(spawn_miner(sys, *parse_strategy("hold"))); }

  void send(const auto& event) {
    caf::anon_send(all, event);
    settle();
  }

  const roster_entry& entry(const std::vector<roster_entry>& found, uint16_t uid) {
    for (const auto& x : found)
      if (x.uid.value == uid)
        return x;
    throw std::runtime_error("nobody has uid " + std::to_string(uid));
  }

  std::vector<roster_entry> everybody() {
    return ask<std::vector<roster_entry>>(all, atom::roster_v);
  }

  static rebalance_query query() {
    rebalance_query x;
    x.job = x.round.job = {"job"};
    x.current_price = 1;
    x.sqrt_price_x96 = u256{1} << 96;
    x.inventory_remaining = {u256{1'000'000}, u256{1'000'000}};
    return x;
  }

  void crash() {
    question<miner_answer> asked{sys, everybody().at(2).handle, asking(query())};
    settle();
    ASSERT_TRUE(asked.answered());
    EXPECT_FALSE(asked.look());
  }
};

TEST(playing, leaves_out_who_plays_something_else) {
  const std::vector<roster_entry> all{{{1}, {"a"}, "", {}, true, "", {"alpha"}},
                                      {{2}, {"b"}, "", {}, true, "", {"beta"}},
                                      {{3}, {"c"}, "", {}, true, "", {}},
                                      {{4}, {"d"}, "", {}, true, "", {"beta", "alpha"}}};
  std::vector<int> uids;
  for (const auto& x : playing(all, "alpha"))
    uids.push_back(x.uid.value);
  EXPECT_EQ(uids, (std::vector<int>{1, 3, 4})) << "who states none may be asked by any";
}

TEST_F(roster, lists_everybody_by_uid_with_the_strategy_as_label) {
  const auto found = everybody();
  ASSERT_EQ(found.size(), 3u);
  const std::vector<std::string> labels{"wide:width=0.1", "silent", "crasher"};
  const std::vector<uint16_t> uids{2, 5, 7};
  const std::vector<std::string> keys{"two", "five", "seven"};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found[i].uid, miner_uid{uids[i]});
    EXPECT_EQ(found[i].key, hotkey{keys[i]});
    EXPECT_EQ(found[i].label, labels[i]);
    EXPECT_TRUE(found[i].handle);
  }
}

TEST_F(roster, the_paths_lead_to_the_strategies) {
  EXPECT_TRUE(reply_in(ask<miner_answer>(everybody().at(0).handle, asking(query())).body).accepted);
  question<miner_answer> silence{sys, everybody().at(1).handle, asking(query())};
  settle();
  EXPECT_FALSE(silence.answered());
}

TEST_F(roster, one_that_fails_comes_back_by_a_new_handle_however_often) {
  auto before = everybody();
  for (int i = 0; i < 30; ++i) {
    SCOPED_TRACE(i);
    crash();
    advance(50ms);
    const auto after = everybody();
    ASSERT_EQ(after.size(), 3u);
    EXPECT_EQ(after[0], before[0]);
    EXPECT_EQ(after[1], before[1]);
    EXPECT_NE(after[2].handle, before[2].handle);
    EXPECT_EQ(ask<atom::done>(after[2].handle, atom::fence_v), atom::done_v);
    before = after;
  }
}

TEST_F(roster, one_that_is_down_is_listed_all_the_same) {
  crash();
  crash();
  const auto found = everybody();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2].uid, miner_uid{7});
  EXPECT_EQ(ask_error<atom::done>(found[2].handle, atom::fence_v), caf::sec::request_receiver_down);
  advance(50ms);
  EXPECT_EQ(ask<atom::done>(everybody().at(2).handle, atom::fence_v), atom::done_v);
}

TEST_F(roster, goes_with_its_miners) {
  const auto found = everybody();
  std::vector<actor_end> ends;
  for (const auto& x : found)
    ends.emplace_back(x.handle);
  caf::anon_send_exit(all, caf::exit_reason::user_shutdown);
  settle();
  for (const auto& x : ends)
    EXPECT_TRUE(x);
}

TEST_F(roster, who_may_come_is_listed_before_it_comes) {
  open_to_outside();
  const auto found = everybody();
  ASSERT_EQ(found.size(), 4U);
  EXPECT_FALSE(entry(found, 8).handle);
  EXPECT_FALSE(entry(found, 8).seen);
  EXPECT_TRUE(entry(found, 2).seen);
}

TEST_F(roster, states_who_owns_a_hotkey_where_that_is_known) {
  auto owned = local_miners(three);
  owned[0].coldkey = "a";
  auto known = outside; // remote, and two, which has a miner in this process as well
  known[0].coldkey = "b";
  known[1].coldkey = "c";
  all = keep(spawn_roster(sys, {owned, known}, {disk, storage_writer}));
  const auto found = everybody();
  EXPECT_EQ(entry(found, 7).coldkey, "a");
  EXPECT_EQ(entry(found, 8).coldkey, "b");
  EXPECT_EQ(entry(found, 2).coldkey, "c");
  EXPECT_EQ(entry(found, 5).coldkey, "");
}

TEST_F(roster, a_remote_miner_comes_and_goes_and_the_newer_handle_wins) {
  open_to_outside();
  const auto first = a_handle(), second = a_handle();
  send(miner_came{{"remote"}, "wide from afar", first});
  EXPECT_EQ(entry(everybody(), 8).handle, first);
  EXPECT_EQ(entry(everybody(), 8).label, "wide from afar");
  send(miner_came{{"remote"}, "wide from afar", second});
  send(miner_gone{{"remote"}, first}); // late
  EXPECT_EQ(entry(everybody(), 8).handle, second);
  send(miner_gone{{"remote"}, second});
  EXPECT_FALSE(entry(everybody(), 8).handle);
  EXPECT_TRUE(entry(everybody(), 8).seen); // is asked, and has failed when it is not there
}

TEST_F(roster, a_remote_miner_plays_what_it_states_while_it_is_away_too) {
  open_to_outside();
  EXPECT_TRUE(entry(everybody(), 8).mechanisms.empty());
  const auto remote = a_handle();
  send(miner_came{{"remote"}, "", remote, {"alpha", "beta"}});
  const std::vector<std::string> stated{"alpha", "beta"};
  EXPECT_EQ(entry(everybody(), 8).mechanisms, stated);
  send(miner_gone{{"remote"}, remote});
  EXPECT_EQ(entry(everybody(), 8).mechanisms, stated) << "no other mechanism counts its absence";
  send(miner_came{{"remote"}, "", a_handle(), {}}); // an older program of the same hotkey
  EXPECT_TRUE(entry(everybody(), 8).mechanisms.empty());
}

TEST_F(roster, who_has_been_connected_counts_after_a_restart_too) {
  open_to_outside();
  send(miner_came{{"remote"}, "", a_handle()});
  const auto stored = storage::tables::connected_miners.get(*disk, {"remote"});
  ASSERT_TRUE(stored) << stored.error().what;
  EXPECT_EQ(*stored, miner_uid{8});
  open_to_outside(); // another incarnation
  EXPECT_FALSE(entry(everybody(), 8).handle);
  EXPECT_TRUE(entry(everybody(), 8).seen);
}

TEST_F(roster, a_remote_miner_answers_for_its_hotkey_before_the_miner_in_this_process) {
  open_to_outside();
  const auto home = entry(everybody(), 2).handle;
  const auto remote = a_handle();
  send(miner_came{{"two"}, "far", remote});
  EXPECT_EQ(entry(everybody(), 2).handle, remote);
  send(miner_gone{{"two"}, remote});
  EXPECT_EQ(entry(everybody(), 2).handle, home);
  EXPECT_EQ(entry(everybody(), 2).label, "wide:width=0.1");
}

TEST_F(roster, a_stranger_is_nobody) {
  open_to_outside();
  send(miner_came{{"stranger"}, "", a_handle()});
  EXPECT_EQ(everybody().size(), 4U);
}

TEST_F(roster, a_ban_is_in_force_at_once_durable_and_reported) {
  open_to_outside();
  std::vector<roster_snapshot> snapshots;
  const auto gateway
    = mock<roster_watcher_actor>([&](const roster_snapshot& x) { snapshots.push_back(x); });
  const auto now = ask<roster_snapshot>(all, atom::view_v, gateway);
  ASSERT_EQ(now.known->size(), 4U);
  EXPECT_EQ(now.known->at({"remote"}).uid, miner_uid{8});
  EXPECT_EQ(now.known->at({"remote"}).banned, "");
  send(miner_came{{"remote"}, "", a_handle()});
  ask<atom::done>(all, atom::ban_v, hotkey{"remote"}, ban_record{"copies others", "ops", 5});
  ASSERT_EQ(snapshots.size(), 1U);
  EXPECT_EQ(snapshots[0].known->at({"remote"}).banned, "copies others");
  EXPECT_EQ(everybody().size(), 3U);
  send(miner_came{{"remote"}, "", a_handle()}); // it was on its way in
  EXPECT_EQ(everybody().size(), 3U);
  EXPECT_EQ(storage::tables::bans.get(*disk, {"remote"})->who, "ops");

  open_to_outside(); // another incarnation
  EXPECT_EQ(everybody().size(), 3U);
  EXPECT_EQ(ask<roster_snapshot>(all, atom::view_v, gateway).known->at({"remote"}).banned,
            "copies others");
  ask<atom::done>(all, atom::unban_v, hotkey{"remote"});
  EXPECT_EQ(everybody().size(), 4U);
  EXPECT_EQ(snapshots.back().known->at({"remote"}).banned, "");
  EXPECT_FALSE(storage::tables::bans.get(*disk, {"remote"}));
}

TEST_F(roster, a_ban_without_a_reason_is_one_all_the_same) {
  open_to_outside();
  const auto gateway = mock<roster_watcher_actor>([](const roster_snapshot&) {});
  ask<atom::done>(all, atom::ban_v, hotkey{"two"}, ban_record{"", "ops", 5});
  EXPECT_FALSE(ask<roster_snapshot>(all, atom::view_v, gateway).known->at({"two"}).banned.empty());
  EXPECT_THROW(entry(everybody(), 2), std::runtime_error); // in this process, and banned
}

TEST_F(roster, who_is_let_in_at_run_time_may_come_now_and_after_a_restart) {
  const auto raised = [&] {
    return keep(spawn_roster(sys, {local_miners(three), outside}, {disk, storage_writer}));
  };
  auto enrolling = raised();
  all = enrolling;
  std::vector<roster_snapshot> snapshots;
  const auto gateway
    = mock<roster_watcher_actor>([&](const roster_snapshot& x) { snapshots.push_back(x); });
  ask<roster_snapshot>(all, atom::view_v, gateway);
  const allowed_miner late{{40}, {"late"}, false, "owner"};
  ask<atom::done>(enrolling, atom::allow_v, late, allowed_record{{40}, "owner", "ops", 5});
  ASSERT_EQ(snapshots.size(), 1U);
  EXPECT_EQ(snapshots[0].known->at({"late"}).uid, miner_uid{40});
  EXPECT_EQ(entry(everybody(), 40).coldkey, "owner");
  send(miner_came{{"late"}, "", a_handle()});
  EXPECT_TRUE(entry(everybody(), 40).handle);

  enrolling = raised(); // another incarnation
  all = enrolling;
  EXPECT_EQ(entry(everybody(), 40).key, hotkey{"late"});
  EXPECT_TRUE(entry(everybody(), 40).seen);
  question<atom::done> other{sys, enrolling, atom::allow_v, allowed_miner{{40}, {"other"}},
                             allowed_record{}};
  settle();
  ASSERT_FALSE(other.look());
  EXPECT_EQ(sentence(other.look().error()), "uid 40 is of late");

  ask<roster_snapshot>(all, atom::view_v, gateway);
  ask<atom::done>(enrolling, atom::remove_v, hotkey{"late"});
  EXPECT_FALSE(snapshots.back().known->contains({"late"}));
  EXPECT_EQ(everybody().size(), 4U);
  question<atom::done> local{sys, enrolling, atom::remove_v, hotkey{"seven"}};
  settle();
  ASSERT_FALSE(local.look());
  EXPECT_NE(sentence(local.look().error()).find("plays in this process"), std::string::npos);
  all = raised();
  EXPECT_EQ(everybody().size(), 4U);
}

TEST(known_outside, are_the_neurons_that_are_no_validators_and_who_is_allowed) {
  const std::vector<neuron> neurons{{{0}, {"validator"}, 1, true}, {{1}, {"a"}}, {{2}, {"b"}}};
  const auto known = known_outside(neurons, {{{3}, {"c"}}, {{5}, {"a"}}, {{2}, {"d"}}});
  std::map<std::string, uint16_t> found;
  for (const auto& x : known)
    found[x.key.value] = x.uid.value;
  EXPECT_EQ(found, (std::map<std::string, uint16_t>{{"a", 5}, {"c", 3}, {"d", 2}}));
}

} // namespace
} // namespace sluice::test
