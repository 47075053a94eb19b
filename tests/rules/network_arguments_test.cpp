#include "rules/network_arguments.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

result<network_settings> settled(const network_arguments& arguments, network_settings file = {}) {
  if (auto applied = apply(arguments, file); !applied)
    return applied.error();
  return file;
}

std::string refusal(const network_arguments& arguments) {
  const auto got = settled(arguments);
  return got ? "taken" : got.error().what;
}

network_arguments gateway(std::vector<std::string> allow) {
  return {{{":1", "", "", {}}, {}, ""}, std::move(allow)};
}

network_arguments fleet(fleet_settings given) {
  return {{{}, std::move(given), ""}, {}};
}

TEST(network_arguments, leave_everything_closed_when_nothing_is_given) {
  EXPECT_EQ(*settled({}), network_settings{});
}

TEST(network_arguments, are_stronger_than_the_file) {
  network_settings file;
  file.miner_gateway
    = {"1.2.3.4:1", "c.pem", "c.key", {{{5}, {"five"}, false, "owner"}, {{6}, {"six"}}}};
  file.metrics = "127.0.0.1:9100";
  const auto got = settled(gateway({"five=7", "new"}), file);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->miner_gateway.listen, ":1");
  EXPECT_EQ(got->miner_gateway.certificate, "c.pem");
  EXPECT_EQ(got->miner_gateway.allow,
            (std::vector<allowed_miner>{
              {{6}, {"six"}}, {{7}, {"five"}, false, "owner"}, {{}, {"new"}, true}}));
  EXPECT_EQ(got->metrics, "127.0.0.1:9100");
}

TEST(network_arguments, about_a_miner_gateway_that_cannot_be_state_what_was_expected) {
  for (const char* who : {"a=", "a=x", "a=4096", "a=-1", "a=4 ", "=4", ""})
    EXPECT_NE(refusal(gateway({who})).find("expected HOTKEY or HOTKEY=UID"), std::string::npos)
      << who;
  EXPECT_EQ(refusal(gateway({"a=4095"})), "taken");
  EXPECT_NE(refusal({{}, {"a"}}).find("give --miner-gateway HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal({{{":1", "", "k", {}}, {}, ""}, {}}).find("both"), std::string::npos);
  EXPECT_NE(refusal({{{":1", "c", "", {}}, {}, ""}, {}}).find("both"), std::string::npos);
}

TEST(network_arguments, open_no_fleet_without_certificates_but_on_this_machine) {
  EXPECT_NE(refusal(fleet({":1", "", "", ""})).find("sluice keys tls"), std::string::npos);
  EXPECT_NE(refusal(fleet({":1", "a", "b", ""})).find("--fleet-key"), std::string::npos);
  EXPECT_NE(refusal(fleet({"", "", "", "", true})).find("--fleet HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal(fleet({"", "a", "", ""})).find("--fleet HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal(fleet({"0.0.0.0:1", "", "", "", true})).find("127.0.0.1"), std::string::npos);
  EXPECT_NE(refusal(fleet({":1", "a", "", "", true})).find("one of them"), std::string::npos);
  EXPECT_EQ(refusal(fleet({"127.0.0.1:1", "", "", "", true})), "taken");
  EXPECT_EQ(refusal(fleet({"0.0.0.0:1", "a", "b", "c"})), "taken");
}

TEST(network_arguments, can_be_given_again) {
  const network_arguments arguments{
    {{":1", "w", "v", {}}, {":2", "x", "y", "z", true}, ":3", {":4"}}, {"a=4", "b"}};
  EXPECT_EQ(flags_of(arguments), (std::vector<std::string>{"--miner-gateway",
                                                           ":1",
                                                           "--allow",
                                                           "a=4",
                                                           "--allow",
                                                           "b",
                                                           "--miner-gateway-certificate",
                                                           "w",
                                                           "--miner-gateway-key",
                                                           "v",
                                                           "--fleet",
                                                           ":2",
                                                           "--fleet-ca",
                                                           "x",
                                                           "--fleet-certificate",
                                                           "y",
                                                           "--fleet-key",
                                                           "z",
                                                           "--fleet-insecure",
                                                           "--metrics",
                                                           ":3",
                                                           "--api",
                                                           ":4"}));
  EXPECT_EQ(flags_of({}), std::vector<std::string>{});
}

} // namespace
} // namespace sluice
