#include "rules/leads/admission.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice {
namespace {

const std::vector<neuron> lead_neurons{{{1}, {"miner"}, 0, false}, {{9}, {"validator"}, 5, true}};

TEST(leads_admission, asks_for_what_each_call_needs) {
  for (const auto* who : {"", "buyer", "miner", "validator"})
    EXPECT_TRUE(admitted({{who}, ""}, leads_role::anybody, lead_neurons)) << who;
  EXPECT_TRUE(admitted({{"miner"}, ""}, leads_role::registered, lead_neurons));
  EXPECT_TRUE(admitted({{"validator"}, ""}, leads_role::registered, lead_neurons));
  EXPECT_TRUE(admitted({{"validator"}, ""}, leads_role::validator, lead_neurons));
  EXPECT_TRUE(admitted({{""}, ""}, leads_role::validator, lead_neurons)); // an open route
}

TEST(leads_admission, states_what_is_missing) {
  const auto stranger = admitted({{"x"}, ""}, leads_role::registered, lead_neurons);
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, ec::refused);
  EXPECT_EQ(stranger.error().what, "x is not registered on this subnet: expected the wallet of one "
                                   "of its neurons");
  const auto miner = admitted({{"miner"}, ""}, leads_role::validator, lead_neurons);
  ASSERT_FALSE(miner);
  EXPECT_EQ(miner.error().what, "miner has no validator permit: expected the wallet of a validator "
                                "of this subnet");
}

TEST(leads_admission, lets_miners_take_what_is_for_miners_and_validators_the_rest) {
  EXPECT_EQ(role_to_take(lead_queue::prospects), leads_role::validator);
  EXPECT_EQ(role_to_take(lead_queue::requests), leads_role::validator);
  EXPECT_EQ(role_to_take(lead_queue::miner_requests), leads_role::registered);
  EXPECT_EQ(role_to_take(lead_queue::miner_results), leads_role::validator);
  EXPECT_EQ(role_to_add(lead_queue::prospects), leads_role::registered);
  EXPECT_EQ(role_to_add(lead_queue::requests), leads_role::anybody);
  EXPECT_EQ(role_to_add(lead_queue::miner_requests), leads_role::validator);
  EXPECT_EQ(role_to_add(lead_queue::miner_results), leads_role::registered);
}

} // namespace
} // namespace sluice
