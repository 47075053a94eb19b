#include "rules/chain/dev_chain.hpp"
#include "tests/rules/recorded.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

constexpr uint64_t tao = 1'000'000'000;

/// Four neurons; uid 0 may validate, uid 3 may not.
dev_chain small_chain() {
  dev_chain chain;
  chain.block = 1'000;
  chain.neurons = {{{0}, {"validator"}, 5 * tao, true},
                   {{1}, {"alice"}, 0, false},
                   {{2}, {"bob"}, 0, true},
                   {{3}, {"carol"}, 2 * tao, false}};
  return chain;
}

weights_extrinsic
weights(std::vector<uint16_t> dests, std::vector<uint16_t> values, uint64_t nonce = 0) {
  return {{"validator"}, nonce, 98, std::move(dests), std::move(values), 0};
}

std::string error_of(const dev_chain& chain, const weights_extrinsic& x) {
  return dispatch_error(chain, x);
}

TEST(epoch_at, changes_every_tempo_plus_one_blocks) {
  const chain_params params; // netuid 98, tempo 74
  EXPECT_EQ(epoch_at(0, params), epoch_no{1});
  EXPECT_EQ(epoch_at(50, params), epoch_no{1});
  EXPECT_EQ(epoch_at(51, params), epoch_no{2});
  EXPECT_EQ(epoch_at(125, params), epoch_no{2});
  EXPECT_EQ(epoch_at(126, params), epoch_no{3});
}

TEST(extrinsic_hash, names_an_extrinsic_by_all_of_its_fields) {
  const auto x = weights({1, 2}, {3, 4});
  const auto hash = extrinsic_hash(x);
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(extrinsic_hash(x), hash);
  std::set<std::string> hashes{hash};
  auto other = x;
  other.signer = {"validatos"};
  hashes.insert(extrinsic_hash(other));
  other = x;
  other.nonce = 1;
  hashes.insert(extrinsic_hash(other));
  other = x;
  other.netuid = 99;
  hashes.insert(extrinsic_hash(other));
  other = x;
  other.version_key = 1;
  hashes.insert(extrinsic_hash(other));
  hashes.insert(extrinsic_hash(weights({1, 2, 3}, {4})));
  hashes.insert(extrinsic_hash(weights({1}, {2, 3, 4})));
  hashes.insert(extrinsic_hash(weights({2, 1}, {3, 4})));
  EXPECT_EQ(hashes.size(), 8U);
}

TEST(extrinsic_hash, agrees_with_python_over_the_same_bytes) {
  EXPECT_EQ(extrinsic_hash({{"validator"}, 7, 98, {1, 258}, {65535, 3}, 10'002'000}),
            "505fce64d952d1ef1c8cc020ba0098544e47e9359935b52a039c949c8197dce8");
}

TEST(dev_chain, includes_good_weights_and_shows_them) {
  auto chain = small_chain();
  const auto done = chain.submit(weights({1, 2}, {65535, 100}));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->error, "");
  EXPECT_EQ(done->block, 1'000U);
  EXPECT_EQ(done->hash, extrinsic_hash(done->extrinsic));
  EXPECT_EQ(chain.rows.at({0}), (chain_row{{{1, 65535}, {2, 100}}, 1'000}));
  EXPECT_EQ(chain.nonces.at({"validator"}), 1U);
}

TEST(dev_chain, a_used_nonce_is_outdated) {
  auto chain = small_chain();
  ASSERT_TRUE(chain.submit(weights({1}, {1})));
  const auto before = chain;
  const auto again = chain.submit(weights({1}, {1}));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error(),
            (fault{ec::chain_rejected, "1010 Invalid Transaction: Transaction is outdated"}));
  EXPECT_EQ(chain, before);
}

TEST(dev_chain, a_gap_in_the_nonces_is_not_included) {
  auto chain = small_chain();
  const auto before = chain;
  const auto early = chain.submit(weights({1}, {1}, 1));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error(),
            (fault{ec::chain_rejected,
                   "1010 Invalid Transaction: Transaction will be valid in the future"}));
  EXPECT_EQ(chain, before);
}

TEST(dev_chain, a_failed_dispatch_is_included_and_uses_the_nonce) {
  auto chain = small_chain();
  const auto done = chain.submit(weights({1, 1}, {1, 1}));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->error, "DuplicateUids");
  EXPECT_TRUE(chain.rows.empty());
  EXPECT_EQ(chain.nonces.at({"validator"}), 1U);
  const auto next = chain.submit(weights({1, 2}, {1, 1}, 1));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->error, "");
}

TEST(dev_chain, the_rate_limit_passes_at_exactly_its_number_of_blocks) {
  auto chain = small_chain();
  ASSERT_TRUE(chain.submit(weights({1}, {1})));
  chain.advance_to(1'049);
  auto done = chain.submit(weights({2}, {1}, 1));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->error, "SettingWeightsTooFast");
  EXPECT_EQ(chain.rows.at({0}).last_update, 1'000U); // a refusal does not start the wait anew
  chain.advance_to(1'050);
  done = chain.submit(weights({2}, {1}, 2));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->error, "");
  EXPECT_EQ(chain.rows.at({0}), (chain_row{{{2, 65535}}, 1'050}));
}

TEST(dev_chain, the_rate_limit_agrees_with_the_worked_examples) { // COM-RATE-1, COM-RATE-2
  const auto cases = test::shared_or("vectors/mechanisms.json", "rules-weights.json");
  size_t compared = 0;
  for (const auto& x : cases.at("examples")) {
    if (x["op"] != "rate_limit_ok")
      continue;
    ++compared;
    auto chain = small_chain();
    chain.block = x["input"]["current_block"];
    chain.params.weights_rate_limit = x["input"]["limit"];
    chain.rows[{0}].last_update = x["input"]["last_update"];
    EXPECT_EQ(error_of(chain, weights({1}, {1})).empty(), x["expected"].get<bool>()) << x;
  }
  EXPECT_EQ(compared, 2U);
}

TEST(dev_chain, who_never_set_weights_is_never_too_fast) {
  auto chain = small_chain();
  chain.block = 3;
  chain.rows[{0}].last_update = 0;
  EXPECT_EQ(error_of(chain, weights({1}, {1})), "");
}

TEST(dispatch_error, comes_in_the_order_of_the_chain) {
  auto chain = small_chain();
  chain.params.weights_version_key = 10;
  chain.params.min_allowed_weights = 3;
  chain.rows[{3}].last_update = 990;
  // Everything is wrong with this one; each repair uncovers the next reason.
  weights_extrinsic x{{"mallory"}, 0, 0, {7, 7, 1, 2, 3}, {1}, 9};
  EXPECT_EQ(error_of(chain, x), "CanNotSetRootNetworkWeights");
  x.netuid = 97;
  EXPECT_EQ(error_of(chain, x), "WeightVecNotEqualSize");
  x.values = {1, 1, 1, 1, 1};
  EXPECT_EQ(error_of(chain, x), "MechanismDoesNotExist");
  x.netuid = 98;
  EXPECT_EQ(error_of(chain, x), "UidsLengthExceedUidsInSubNet");
  x.dests = {7, 7};
  x.values = {1, 1};
  EXPECT_EQ(error_of(chain, x), "HotKeyNotRegisteredInSubNet");
  x.signer = {"carol"};
  chain.params.stake_min = 2 * tao + 1;
  EXPECT_EQ(error_of(chain, x), "NotEnoughStakeToSetWeights");
  chain.params.stake_min = 2 * tao; // exactly enough
  EXPECT_EQ(error_of(chain, x), "IncorrectWeightVersionKey");
  x.version_key = 10;
  EXPECT_EQ(error_of(chain, x), "SettingWeightsTooFast");
  chain.block = 1'040;
  EXPECT_EQ(error_of(chain, x), "NeuronNoValidatorPermit");
  chain.neurons[3].permit = true;
  EXPECT_EQ(error_of(chain, x), "DuplicateUids");
  x.dests = {7, 1};
  EXPECT_EQ(error_of(chain, x), "UidVecContainInvalidOne");
  x.dests = {2, 1};
  EXPECT_EQ(error_of(chain, x), "WeightVecLengthIsLow");
  x.dests = {2, 1, 3};
  x.values = {1, 1, 1};
  EXPECT_EQ(error_of(chain, x), "");
}

TEST(dispatch_error, a_single_weight_on_oneself_needs_neither_permit_nor_company) {
  auto chain = small_chain();
  chain.params.min_allowed_weights = 3;
  weights_extrinsic x{{"carol"}, 0, 98, {3}, {1}, 0};
  EXPECT_EQ(error_of(chain, x), "");
  x.dests = {1};
  EXPECT_EQ(error_of(chain, x), "NeuronNoValidatorPermit");
}

TEST(dispatch_error, the_minimum_is_never_more_than_the_subnet_has) {
  auto chain = small_chain();
  chain.params.min_allowed_weights = 100;
  EXPECT_EQ(error_of(chain, weights({0, 1, 2}, {1, 1, 1})), "WeightVecLengthIsLow");
  EXPECT_EQ(error_of(chain, weights({0, 1, 2, 3}, {1, 1, 1, 1})), "");
}

TEST(dispatch_error, version_key_0_lets_any_version_pass) {
  auto chain = small_chain();
  auto x = weights({1}, {1});
  EXPECT_EQ(error_of(chain, x), "");
  chain.params.weights_version_key = 5;
  EXPECT_EQ(error_of(chain, x), "IncorrectWeightVersionKey");
  x.version_key = 6;
  EXPECT_EQ(error_of(chain, x), "");
}

TEST(dispatch_error, nobody_is_set_to_nothing_when_the_minimum_allows_it) {
  auto chain = small_chain();
  EXPECT_EQ(error_of(chain, weights({}, {})), "WeightVecLengthIsLow");
  chain.params.min_allowed_weights = 0;
  EXPECT_EQ(error_of(chain, weights({}, {})), "");
}

TEST(dev_chain, all_zero_values_are_accepted_and_wipe_the_row) {
  auto chain = small_chain();
  ASSERT_TRUE(chain.submit(weights({1, 2}, {5, 10})));
  chain.advance_to(2'000);
  const auto done = chain.submit(weights({1, 2}, {0, 0}, 1));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->error, "");
  EXPECT_EQ(chain.rows.at({0}).weights, (weight_row{{1, 0}, {2, 0}}));
}

TEST(dev_chain, scales_values_up_as_the_runtime_did) {
  const auto cases = test::shared_or("vectors/substrate/weights.json", "rules-weights.json");
  size_t compared = 0;
  for (const auto& x : cases.at("chain_upscale")) {
    dev_chain chain;
    chain.neurons = {{{60'000}, {"validator"}, 5 * tao, true}};
    std::vector<uint16_t> dests, values;
    weight_row expected;
    for (size_t i = 0; i < x["sent"].size(); ++i) {
      dests.push_back(x["uids"][i]);
      values.push_back(x["sent"][i]);
      chain.neurons.push_back({{dests.back()}, {std::to_string(dests.back())}, 0, false});
      expected.emplace_back(dests.back(), x["stored"][i].get<uint16_t>());
    }
    const auto done = chain.submit(weights(dests, values));
    ASSERT_TRUE(done);
    ASSERT_EQ(done->error, "") << x;
    EXPECT_EQ(chain.rows.at({60'000}).weights, expected) << x;
    ++compared;
  }
  EXPECT_GE(compared, 75U);
}

TEST(dev_chain, what_we_quantise_is_stored_as_it_was_sent) {
  auto chain = small_chain();
  const auto row = quantise({{{1}, 0.7}, {{2}, 0.2}, {{3}, 0.1}});
  EXPECT_EQ(row, (weight_row{{1, 65535}, {2, 18724}, {3, 9362}}));
  std::vector<uint16_t> dests, values;
  for (const auto& [uid, value] : row) {
    dests.push_back(uid);
    values.push_back(value);
  }
  ASSERT_TRUE(chain.submit(weights(dests, values)));
  EXPECT_EQ(chain.rows.at({0}).weights, row);
}

TEST(dev_chain, blocks_only_go_forward) {
  auto chain = small_chain();
  chain.advance_to(900);
  EXPECT_EQ(chain.block, 1'000U);
  chain.advance_to(1'001);
  EXPECT_EQ(chain.block, 1'001U);
}

TEST(dev_chain, finds_neurons_by_hotkey) {
  const auto chain = small_chain();
  ASSERT_NE(chain.find({"bob"}), nullptr);
  EXPECT_EQ(chain.find({"bob"})->uid, miner_uid{2});
  EXPECT_EQ(chain.find({"mallory"}), nullptr);
}

TEST(dev_chain, enrols_whoever_it_does_not_know_and_keeps_the_uids_of_the_others) {
  auto chain = small_chain();
  const auto before = chain.neurons;
  const auto who = chain.enrol({{{9}, {"zoe"}, true}, {{6}, {"yan"}}, {{4}, {"bob"}}});
  ASSERT_TRUE(who) << who.error().what;
  EXPECT_EQ(*who, (std::vector<allowed_miner>{{{4}, {"zoe"}}, {{6}, {"yan"}}, {{2}, {"bob"}}}));
  ASSERT_EQ(chain.neurons.size(), before.size() + 2);
  EXPECT_EQ(chain.neurons[4], (neuron{{4}, {"zoe"}, 0, false}));
  EXPECT_EQ(chain.neurons[5], (neuron{{6}, {"yan"}, 0, false}));
  EXPECT_TRUE(std::equal(before.begin(), before.end(), chain.neurons.begin()));
  const auto once_more = chain.enrol({{{}, {"xia"}, true}, {{}, {"zoe"}, true}});
  ASSERT_TRUE(once_more) << once_more.error().what;
  EXPECT_EQ(*once_more, (std::vector<allowed_miner>{{{5}, {"xia"}}, {{4}, {"zoe"}}}));
}

TEST(dev_chain, gives_a_uid_that_was_asked_for_before_those_that_may_be_any) {
  auto chain = small_chain();
  const auto who = chain.enrol({{{}, {"any"}, true}, {{4}, {"four"}}});
  ASSERT_TRUE(who) << who.error().what;
  EXPECT_EQ(*who, (std::vector<allowed_miner>{{{5}, {"any"}}, {{4}, {"four"}}}));
}

TEST(dev_chain, enrols_nobody_when_one_cannot_be) {
  auto chain = small_chain();
  const auto taken = chain.enrol({{{7}, {"new"}}, {{2}, {"dora"}}});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ec::refused);
  EXPECT_EQ(taken.error().what, "the dev chain gave uid 2 to bob, not to dora; leave the uid out"
                                " and it chooses one");
  EXPECT_EQ(chain, small_chain());
  std::vector<allowed_miner> many;
  for (int i = 0; i < 4093; ++i)
    many.push_back({{}, {"many-" + std::to_string(i)}, true});
  EXPECT_FALSE(chain.enrol(many)); // 4 + 4093 > 4096
  EXPECT_EQ(chain, small_chain());
  many.pop_back();
  EXPECT_TRUE(chain.enrol(many));
}

} // namespace

} // namespace sluice
