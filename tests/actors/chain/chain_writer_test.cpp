#include "actors/chain/chain_writer.hpp"
#include "actors/chain/dev_chain.hpp"
#include "actors/storage_writer.hpp"
#include "tests/support/actor_end.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/chain_world.hpp"

namespace sluice::test {
namespace {

using names = std::vector<std::string>;

class chain_writer : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer;
  chain_backend_actor chain;
  chain_writer_actor writer;

  /// Everything there is, on the disk as it is.
  void raise(dev_chain genesis = small_chain()) {
    storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
    chain = keep(spawn_dev_chain(sys, std::move(genesis), {disk, storage_writer}));
    raise_writer();
  }
  void raise_writer() {
    writer = keep(spawn_chain_writer(sys, {our_validator}, {disk, storage_writer, chain}));
  }

  publish_record publish(const weight_order& order) { return ask<publish_record>(writer, order); }

  /// The process is gone, only its files are left: a copy of them is where the next incarnation
  /// begins.
  void lose_the_process(const std::string& copy) {
    std::filesystem::copy(disk->path(), folder.path() / copy,
                          std::filesystem::copy_options::recursive);
    kill(writer);
    kill(chain);
    kill(storage_writer);
    disk = open_disk(copy);
    raise();
  }

  /// The order came through, and the chain has it exactly once.
  void expect_once(const publish_record& record, const weight_order& order) {
    EXPECT_EQ(record.status, publish_status::confirmed);
    EXPECT_EQ(record.reason, "");
    EXPECT_EQ(record.row, order.row);
    EXPECT_EQ(record.read_back, order.row);
    EXPECT_EQ(record.nonce, 0u);
    EXPECT_EQ(stored_record(*disk, order.epoch.value), record);
    const auto all = stored_extrinsics(*disk);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].extrinsic, extrinsic_of(order, 0));
    EXPECT_EQ(all[0].hash, record.hash);
    EXPECT_EQ(all[0].block, record.included_block);
    EXPECT_EQ(ask<chain_view>(chain, atom::view_v, our_validator).ours.weights, order.row);
  }
};

TEST_F(chain_writer, an_order_is_sent_included_read_back_and_only_then_done) {
  raise();
  const auto record = publish(order_of(7));
  expect_once(record, order_of(7));
  EXPECT_EQ(record.epoch, epoch_no{7});
  EXPECT_EQ(record.weights, order_of(7).weights);
  EXPECT_EQ(record.netuid, 98u);
  EXPECT_EQ(record.included_block, 100u);
  EXPECT_EQ(record.read_back_block, 100u);
}

TEST_F(chain_writer, each_step_is_on_disk_before_the_next_one_is_taken) {
  names events;
  const auto on_disk = [this] {
    const auto row = stored_record(*disk, 7);
    return row ? std::to_string(static_cast<int>(row->status)) : std::string{"nothing"};
  };
  std::optional<weights_extrinsic> sent;
  storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  chain = mock<chain_backend_actor>(
    [&](atom::view, const hotkey&) {
      events.push_back("view, on disk: " + on_disk());
      chain_view seen{{100, {2}}, {}, {}, {}, 5};
      if (sent)
        seen.ours = {order_of(7).row, 100};
      return seen;
    },
    [](atom::advance, uint64_t) { return chain_head{}; },
    [&](const weights_extrinsic& x) {
      events.push_back("sent, on disk: " + on_disk());
      EXPECT_EQ(stored_record(*disk, 7)->hash, extrinsic_hash(x));
      EXPECT_EQ(stored_record(*disk, 7)->nonce, 5u);
      EXPECT_EQ(x, extrinsic_of(order_of(7), 5));
      sent = x;
      return extrinsic_hash(x);
    },
    [&](atom::included, const std::string& hash) {
      events.push_back("looked up, on disk: " + on_disk());
      return inclusion{hash, 100, "", *sent};
    });
  raise_writer();
  EXPECT_EQ(publish(order_of(7)).status, publish_status::confirmed);
  EXPECT_EQ(events, (names{"view, on disk: nothing", "sent, on disk: 0", "looked up, on disk: 0",
                           "view, on disk: 1"}));
  EXPECT_EQ(on_disk(), "2");
}

TEST_F(chain_writer, an_epoch_is_never_sent_twice) {
  raise();
  const auto first = publish(order_of(7));
  auto other = order_of(7);
  other.row = {{3, 65535}};
  EXPECT_EQ(publish(order_of(7)), first);
  EXPECT_EQ(publish(other), first) << "what is decided is decided";
  kill(writer);
  raise_writer();
  EXPECT_EQ(publish(order_of(7)), first);
  expect_once(first, order_of(7));
}

TEST_F(chain_writer, orders_that_come_together_use_nonces_without_gaps) {
  raise();
  std::vector<std::unique_ptr<question<publish_record>>> asked;
  for (uint64_t epoch = 1; epoch <= 5; ++epoch)
    asked.push_back(std::make_unique<question<publish_record>>(sys, writer, order_of(epoch)));
  settle();
  for (uint64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(asked[i]->look());
    EXPECT_EQ(asked[i]->look()->status, publish_status::confirmed);
    EXPECT_EQ(asked[i]->look()->epoch, epoch_no{i + 1});
    EXPECT_EQ(asked[i]->look()->nonce, i);
  }
  EXPECT_EQ(stored_extrinsics(*disk).size(), 5u);
}

/// Every point between two messages is a point to die at; the last one is after the answer.
TEST_F(chain_writer, a_writer_that_dies_anywhere_finishes_in_its_next_incarnation) {
  bool through = false;
  for (size_t turns = 0; !through; ++turns) {
    SCOPED_TRACE("dies after turn " + std::to_string(turns));
    disk = open_disk("writer-" + std::to_string(turns));
    raise();
    question<publish_record> asked{sys, writer, order_of(7)};
    for (size_t i = 0; i < turns; ++i)
      through = !sched.try_run_once();
    kill(writer);
    raise_writer();
    expect_once(publish(order_of(7)), order_of(7));
    ASSERT_LT(turns, 200u);
  }
}

TEST_F(chain_writer, a_process_that_dies_anywhere_finishes_in_its_next_incarnation) {
  bool through = false;
  size_t unsent = 0;
  size_t unrecorded = 0;
  size_t recorded = 0;
  for (size_t turns = 0; !through; ++turns) {
    SCOPED_TRACE("dies after turn " + std::to_string(turns));
    disk = open_disk("process-" + std::to_string(turns));
    raise();
    question<publish_record> asked{sys, writer, order_of(7)};
    for (size_t i = 0; i < turns; ++i)
      through = !sched.try_run_once();
    if (const auto row = stored_record(*disk, 7)) {
      unsent += row->status == publish_status::intended && stored_extrinsics(*disk).empty();
      unrecorded += row->status == publish_status::intended && !stored_extrinsics(*disk).empty();
      recorded += row->status == publish_status::sent;
    }
    lose_the_process("copy-" + std::to_string(turns));
    expect_once(publish(order_of(7)), order_of(7));
    ASSERT_LT(turns, 200u);
  }
  EXPECT_GT(unsent, 0u) << "died with the intent alone on disk";
  EXPECT_GT(unrecorded, 0u) << "died after the chain took it, before that was recorded";
  EXPECT_GT(recorded, 0u) << "died before it was read back";
}

TEST_F(chain_writer, a_chain_that_dies_anywhere_never_makes_an_order_fail) {
  bool through = false;
  for (size_t turns = 0; !through; ++turns) {
    SCOPED_TRACE("dies after turn " + std::to_string(turns));
    disk = open_disk("chain-" + std::to_string(turns));
    raise();
    question<publish_record> asked{sys, writer, order_of(7)};
    for (size_t i = 0; i < turns; ++i)
      through = !sched.try_run_once();
    kill(chain);
    kill(writer); // as its supervisor would: it holds the chain's handle
    chain = keep(spawn_dev_chain(sys, small_chain(), {disk, storage_writer}));
    raise_writer();
    expect_once(publish(order_of(7)), order_of(7));
    ASSERT_LT(turns, 200u);
  }
}

struct refusal {
  std::string name;
  std::function<void(dev_chain&, weight_order&)> reason;
};

TEST_F(chain_writer, what_the_chain_finds_wrong_is_reported_in_its_own_text) {
  const std::vector<refusal> all{
    {"NotEnoughStakeToSetWeights", [](auto& c, auto&) { c.neurons.back().stake = 999'999'999; }},
    {"IncorrectWeightVersionKey",
     [](auto& c, auto& o) {
       c.params.weights_version_key = 3;
       o.version_key = 2;
     }},
    {"SettingWeightsTooFast",
     [](auto& c, auto&) {
       c.params.weights_rate_limit = 50;
       c.rows[{9}] = {{{1, 65535}}, 60};
     }},
    {"NeuronNoValidatorPermit", [](auto& c, auto&) { c.neurons.back().permit = false; }},
    {"UidVecContainInvalidOne",
     [](auto&, auto& o) {
       o.row = {{1, 5}, {77, 65535}};
     }},
    {"WeightVecLengthIsLow", [](auto& c, auto&) { c.params.min_allowed_weights = 3; }},
    {"HotKeyNotRegisteredInSubNet", [](auto& c, auto&) { c.neurons.pop_back(); }},
  };
  for (const auto& [name, reason] : all) {
    SCOPED_TRACE(name);
    disk = open_disk(name);
    auto genesis = small_chain();
    auto order = order_of(7);
    reason(genesis, order);
    raise(genesis);
    const auto record = publish(order);
    EXPECT_EQ(record.status, publish_status::failed);
    EXPECT_EQ(record.reason, name);
    EXPECT_EQ(record.included_block, 100u);
    EXPECT_EQ(stored_record(*disk, 7), record);
    EXPECT_EQ(publish(order), record) << "a failure is final";
    EXPECT_EQ(stored_extrinsics(*disk).size(), 1u);
    EXPECT_EQ(publish(order_of(8)).nonce, 1u) << "the nonce of what failed is used up";
  }
}

TEST_F(chain_writer, an_old_intent_whose_nonce_is_gone_fails_as_outdated) {
  raise();
  publish_record intent;
  intent.epoch = {6};
  intent.row = order_of(6).row;
  intent.netuid = 98;
  auto x = extrinsic_of(order_of(6), 0);
  x.dests = {3, 4}; // not what epoch 7 sent
  intent.row = {{3, 32768}, {4, 65535}};
  intent.hash = extrinsic_hash(x);
  storage::batch writes;
  storage::tables::published.put(writes, {6}, intent);
  ask<atom::done>(storage_writer, writes);
  publish(order_of(7));
  const auto record = publish(order_of(6));
  EXPECT_EQ(record.status, publish_status::failed);
  EXPECT_EQ(record.reason, "1010 Invalid Transaction: Transaction is outdated");
  EXPECT_EQ(stored_record(*disk, 6), record);
  EXPECT_EQ(stored_extrinsics(*disk).size(), 1u);
}

TEST_F(chain_writer, a_chain_that_holds_something_else_is_a_failure) {
  raise();
  auto order = order_of(7);
  order.row = {{1, 50}, {2, 100}}; // the chain scales what does not reach 65535
  const auto record = publish(order);
  EXPECT_EQ(record.status, publish_status::failed);
  EXPECT_EQ(record.reason, "the chain holds something else than what was sent");
  EXPECT_EQ(record.read_back, (weight_row{{1, 32768}, {2, 65535}}));
  EXPECT_EQ(stored_record(*disk, 7), record);
}

/// A chain that takes everything; what it reports of an extrinsic afterwards is up to the test.
class forgetful_chain : public chain_writer {
protected:
  std::function<caf::result<inclusion>()> answer
    = [] { return caf::make_error(ec::no_such_key, std::string{"never seen"}); };
  size_t sent = 0;

  void SetUp() override {
    storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
    chain
      = mock<chain_backend_actor>([](atom::view, const hotkey&) { return chain_view{}; },
                                  [](atom::advance, uint64_t) { return chain_head{}; },
                                  [this](const weights_extrinsic& x) {
                                    ++sent;
                                    return extrinsic_hash(x);
                                  },
                                  [this](atom::included, const std::string&) { return answer(); });
    raise_writer();
  }
};

TEST_F(forgetful_chain, one_that_took_it_but_does_not_know_it_is_a_failure) {
  const auto record = publish(order_of(7));
  EXPECT_EQ(record.status, publish_status::failed);
  EXPECT_EQ(record.reason, "the chain took it but does not know it");
  EXPECT_EQ(sent, 1u);
}

TEST_F(forgetful_chain, one_that_cannot_be_asked_leaves_the_order_open) {
  answer = [] { return caf::make_error(ec::unreachable, std::string{"connection lost"}); };
  EXPECT_EQ(sentence(ask_error<publish_record>(writer, order_of(7))), "connection lost");
  EXPECT_EQ(stored_record(*disk, 7)->status, publish_status::intended);
  answer = [] { return inclusion{"", 100, "SettingWeightsTooFast", {}}; };
  const auto record = publish(order_of(7));
  EXPECT_EQ(record.reason, "SettingWeightsTooFast");
  EXPECT_EQ(sent, 1u) << "it is looked up first";
}

TEST_F(chain_writer, a_writer_that_cannot_write_sends_nothing_and_ends) {
  size_t sent = 0;
  storage_writer = refusing_storage_writer(ec::storage_full, "disk full");
  chain = mock<chain_backend_actor>([](atom::view, const hotkey&) { return chain_view{}; },
                                    [](atom::advance, uint64_t) { return chain_head{}; },
                                    [&](const weights_extrinsic&) {
                                      ++sent;
                                      return std::string{};
                                    },
                                    [](atom::included, const std::string&) { return inclusion{}; });
  raise_writer();
  const actor_end end{writer};
  question<publish_record> asked{sys, writer, order_of(7)};
  settle();
  EXPECT_EQ(sent, 0u);
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, caf::make_error(ec::storage_full));
}

} // namespace
} // namespace sluice::test
