#include "actors/chain/dev_chain.hpp"
#include "actors/storage_writer.hpp"
#include "tests/support/actor_end.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/chain_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class dev_chain_actor : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  enrolling_chain_actor chain = raise(small_chain());

  enrolling_chain_actor raise(dev_chain genesis) {
    return keep(spawn_dev_chain(sys, std::move(genesis), {disk, storage_writer}));
  }

  chain_view view() { return ask<chain_view>(chain, atom::view_v, our_validator); }
  dev_chain stored() { return *tables::chain_state.get(*disk, tables::chain_key); }

  /// Runs turn by turn; `durable` must hold as soon as the answer is there.
  template <class Answer, class F, class... Ts>
  Answer ask_watching(F durable, Ts&&... xs) {
    question<Answer> asked{sys, chain, std::forward<Ts>(xs)...};
    while (!asked.answered())
      if (!sched.try_run_once()) {
        ADD_FAILURE() << "no answer";
        return {};
      }
    EXPECT_TRUE(durable()) << "answered before it was on disk";
    return asked.look() ? *asked.look() : Answer{};
  }
};

TEST_F(dev_chain_actor, registers_and_forgets_while_it_runs) {
  const auto before = view().neurons.size();
  const auto got = ask_watching<allowed_miner>([&] { return stored().find({"late"}) != nullptr; },
                                               atom::allow_v, allowed_miner{{}, {"late"}, true});
  EXPECT_EQ(view().neurons.size(), before + 1);
  EXPECT_EQ(stored().find({"late"})->uid, got.uid);
  EXPECT_EQ(ask<allowed_miner>(chain, atom::allow_v, allowed_miner{{}, {"late"}, true}).uid,
            got.uid);
  const auto error_of = [&](const allowed_miner& who) {
    question<allowed_miner> asked{sys, chain, atom::allow_v, who};
    settle();
    return asked.look() ? std::string{} : sentence(asked.look().error());
  };
  const miner_uid other{static_cast<uint16_t>(got.uid.value + 1)};
  EXPECT_EQ(error_of({other, {"late"}}),
            "late has uid " + std::to_string(got.uid.value) + " already; leave the uid out");
  EXPECT_NE(error_of({got.uid, {"later"}}).find("to late, not to later"), std::string::npos);
  ask<atom::done>(chain, atom::remove_v, hotkey{"late"});
  EXPECT_EQ(stored().find({"late"}), nullptr);
  EXPECT_EQ(view().neurons.size(), before);
}

TEST_F(dev_chain_actor, begins_with_its_genesis) {
  const auto seen = view();
  EXPECT_EQ(seen.head, (chain_head{100, epoch_at(100, {})}));
  EXPECT_EQ(seen.neurons, small_chain().neurons);
  EXPECT_EQ(seen.params, small_chain().params);
  EXPECT_EQ(seen.ours, chain_row{});
  EXPECT_EQ(seen.next_nonce, 0u);
}

TEST_F(dev_chain_actor, a_new_chain_is_on_disk_before_it_moves) {
  settle();
  EXPECT_EQ(stored().block, 100U);
  EXPECT_EQ(stored().neurons, small_chain().neurons);
}

TEST_F(dev_chain_actor, goes_forward_only) {
  EXPECT_EQ(ask<chain_head>(chain, atom::advance_v, uint64_t{176}).block, 176u);
  EXPECT_EQ(ask<chain_head>(chain, atom::advance_v, uint64_t{150}).block, 176u);
  // (176 + 98 + 1) / 75 = 3, one block earlier 2 (facts/substrate: epochs)
  EXPECT_EQ(view().head, (chain_head{176, {3}}));
}

TEST_F(dev_chain_actor, what_it_answers_is_durable) {
  ask_watching<chain_head>([&] { return stored().block == 130; }, atom::advance_v, uint64_t{130});
  const auto hash = ask_watching<std::string>(
    [&] { return stored_extrinsics(*disk).size() == 1 && stored().nonces[our_validator] == 1; },
    extrinsic_of(order_of(1), 0));
  EXPECT_EQ(hash, extrinsic_hash(extrinsic_of(order_of(1), 0)));
  EXPECT_EQ(stored_extrinsics(*disk)[0].hash, hash);
  EXPECT_EQ(stored_extrinsics(*disk)[0].block, 130u);
}

TEST_F(dev_chain_actor, reports_what_became_of_an_extrinsic) {
  const auto x = extrinsic_of(order_of(1), 0);
  const auto why = ask_error<inclusion>(chain, atom::included_v, extrinsic_hash(x));
  EXPECT_EQ(to_fault(why).code, ec::no_such_key);
  const auto hash = ask<std::string>(chain, x);
  EXPECT_EQ(ask<inclusion>(chain, atom::included_v, hash), (inclusion{hash, 100, "", x}));
  EXPECT_EQ(view().ours, (chain_row{order_of(1).row, 100}));
  EXPECT_EQ(view().next_nonce, 1u);
}

TEST_F(dev_chain_actor, a_pool_refusal_changes_and_stores_nothing) {
  const auto why = ask_error<std::string>(chain, extrinsic_of(order_of(1), 3));
  EXPECT_EQ(to_fault(why).code, ec::chain_rejected);
  EXPECT_EQ(sentence(why), "1010 Invalid Transaction: Transaction will be valid in the future");
  EXPECT_EQ(view().next_nonce, 0u);
  EXPECT_TRUE(stored_extrinsics(*disk).empty());
}

TEST_F(dev_chain_actor, comes_back_from_disk_as_it_was_whatever_genesis_contains) {
  for (uint64_t n = 0; n < 3; ++n) {
    ask<std::string>(chain, extrinsic_of(order_of(n), n));
    ask<chain_head>(chain, atom::advance_v, 200 + n);
  }
  const auto before = view();
  const auto known = stored();
  kill(chain);
  kill(storage_writer);
  disk.reset();
  disk = open_disk();
  storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  chain = raise({});
  EXPECT_EQ(view(), before);
  EXPECT_EQ(stored(), known);
  for (uint64_t n = 0; n < 3; ++n) {
    const auto x = extrinsic_of(order_of(n), n);
    EXPECT_EQ(ask<inclusion>(chain, atom::included_v, extrinsic_hash(x)).extrinsic, x);
  }
  const auto again = ask_error<std::string>(chain, extrinsic_of(order_of(2), 2));
  EXPECT_EQ(sentence(again), "1010 Invalid Transaction: Transaction is outdated");
  ask<std::string>(chain, extrinsic_of(order_of(9), 3));
  const auto all = stored_extrinsics(*disk);
  ASSERT_EQ(all.size(), 4u) << "numbers go on where they were";
  EXPECT_EQ(all[3].extrinsic.nonce, 3u);
}

TEST_F(dev_chain_actor, a_chain_that_cannot_write_reports_it_and_ends) {
  const auto refusing = refusing_storage_writer(ec::storage_full, "disk full");
  const auto broken = keep(spawn_dev_chain(sys, small_chain(), {disk, refusing}));
  const actor_end end{broken};
  EXPECT_EQ(sentence(ask_error<chain_head>(broken, atom::advance_v, uint64_t{130})), "disk full");
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, caf::make_error(ec::storage_full));
}

} // namespace
} // namespace sluice::test
