#include "rules/consensus/report_arrival.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const std::vector<neuron> subnet{{{12}, {"miner-12"}, 1, false},
                                 {{48}, {"validator-48"}, 1000, true},
                                 {{49}, {"validator-49"}, 900, true}};

report_arrival of_uid(uint16_t uid) {
  report_arrival x;
  x.report.validator_uid = uid;
  x.report.epoch = 100;
  return x;
}

std::string why_refused(const report_arrival& x, bool unproved = false) {
  const auto proved = prove_report(x, subnet, unproved);
  if (proved)
    return "it was taken";
  EXPECT_EQ(proved.error().code, ec::refused);
  return proved.error().what;
}

TEST(report_arrival, is_proved_by_the_key_of_its_uid) {
  auto x = of_uid(48);
  x.sender = {"key-1", {}, miner_uid{48}};
  const auto proved = prove_report(x, subnet, false);
  ASSERT_TRUE(proved) << proved.error().what;
  EXPECT_EQ(*proved, (proved_report{"validator-48", report_proof::key, "key-1"}));
  x.report.validator_uid = 49;
  EXPECT_EQ(why_refused(x), "validator_uid: this API key is of uid 48, the report states uid 49; a "
                            "report counts only for the validator whose key it comes with");
}

TEST(report_arrival, is_proved_by_the_key_of_its_hotkey_where_the_metagraph_has_it) {
  auto x = of_uid(48);
  x.sender = {"key-1", {"validator-48"}, {}};
  EXPECT_TRUE(prove_report(x, subnet, false));
  x.report.validator_uid = 49;
  EXPECT_NE(why_refused(x).find("hotkey validator-48, which the chain has not at that uid"),
            std::string::npos);
  x.report.validator_uid = 77;
  EXPECT_NE(why_refused(x).find("nobody is registered at that uid"), std::string::npos);
}

TEST(report_arrival, is_not_proved_by_a_key_of_no_validator) {
  auto x = of_uid(48);
  x.sender = {"key-a", {}, {}};
  EXPECT_NE(why_refused(x).find("proves no validator"), std::string::npos);
}

TEST(report_arrival, may_be_of_a_uid_that_the_metagraph_does_not_know) {
  auto x = of_uid(77);
  x.sender = {"key-7", {}, miner_uid{77}};
  const auto proved = prove_report(x, subnet, false);
  ASSERT_TRUE(proved);
  EXPECT_EQ(*proved, (proved_report{"", report_proof::key, "key-7"}));
}

TEST(report_arrival, is_proved_by_a_signature_of_a_validator_with_a_permit) {
  auto x = of_uid(48);
  x.report.hotkey = "validator-48";
  x.report.signature = "c2ln";
  const auto proved = prove_report(x, subnet, false);
  ASSERT_TRUE(proved);
  EXPECT_EQ(*proved, (proved_report{"validator-48", report_proof::signature, "c2ln"}));
  x.report.validator_uid = 12;
  EXPECT_NE(why_refused(x), "it was taken");
  x.report.hotkey = "miner-12";
  EXPECT_NE(why_refused(x).find("no validator permit"), std::string::npos);
  // A key of another validator does not help who signs for himself.
  x.sender = {"key-a", {}, {}};
  EXPECT_NE(why_refused(x), "it was taken");
}

TEST(report_arrival, proves_nothing_without_key_and_signature) {
  EXPECT_NE(why_refused(of_uid(48)).find("X-API-Key"), std::string::npos);
  EXPECT_TRUE(prove_report(of_uid(48), subnet, true));
}

TEST(report_arrival, states_why_a_verdict_refuses_it) {
  EXPECT_EQ(fault_of_verdict("contradiction", 48, 100).what,
            "epoch: another report was signed for epoch 100 of validator 48; both are kept as "
            "evidence, and this one is not taken");
  EXPECT_EQ(fault_of_verdict("outdated", 48, 100).code, ec::refused);
}

} // namespace
} // namespace sluice
