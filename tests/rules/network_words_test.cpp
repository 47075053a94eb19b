#include "rules/network_words.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

result<network_settings> settled(const network_words& words, network_settings file = {}) {
  if (auto applied = apply(words, file); !applied)
    return applied.error();
  return file;
}

std::string refusal(const network_words& words) {
  const auto got = settled(words);
  return got ? "taken" : got.error().what;
}

network_words door(std::vector<std::string> allow) {
  return {{{":1", "", "", {}}, {}, ""}, std::move(allow)};
}

network_words fleet(fleet_settings said) {
  return {{{}, std::move(said), ""}, {}};
}

TEST(network_words, leave_everything_closed_when_nothing_is_said) {
  EXPECT_EQ(*settled({}), network_settings{});
}

TEST(network_words, are_stronger_than_the_file) {
  network_settings file;
  file.door = {"1.2.3.4:1", "c.pem", "c.key", {{{5}, {"five"}}, {{6}, {"six"}}}};
  file.metrics = "127.0.0.1:9100";
  const auto got = settled(door({"five=7", "new"}), file);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->door.listen, ":1");
  EXPECT_EQ(got->door.certificate, "c.pem");
  EXPECT_EQ(got->door.allow,
            (std::vector<allowed_miner>{{{6}, {"six"}}, {{7}, {"five"}}, {{}, {"new"}, true}}));
  EXPECT_EQ(got->metrics, "127.0.0.1:9100");
}

TEST(network_words, about_a_door_that_cannot_be_say_what_was_expected) {
  for (const char* who : {"a=", "a=x", "a=4096", "a=-1", "a=4 ", "=4", ""})
    EXPECT_NE(refusal(door({who})).find("expected HOTKEY or HOTKEY=UID"), std::string::npos) << who;
  EXPECT_EQ(refusal(door({"a=4095"})), "taken");
  EXPECT_NE(refusal({{}, {"a"}}).find("say --door HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal({{{":1", "", "k", {}}, {}, ""}, {}}).find("both"), std::string::npos);
  EXPECT_NE(refusal({{{":1", "c", "", {}}, {}, ""}, {}}).find("both"), std::string::npos);
}

TEST(network_words, open_no_fleet_without_certificates_but_on_this_machine) {
  EXPECT_NE(refusal(fleet({":1", "", "", ""})).find("sluice keys tls"), std::string::npos);
  EXPECT_NE(refusal(fleet({":1", "a", "b", ""})).find("--fleet-key"), std::string::npos);
  EXPECT_NE(refusal(fleet({"", "", "", "", true})).find("--fleet HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal(fleet({"", "a", "", ""})).find("--fleet HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal(fleet({"0.0.0.0:1", "", "", "", true})).find("127.0.0.1"), std::string::npos);
  EXPECT_NE(refusal(fleet({":1", "a", "", "", true})).find("one of them"), std::string::npos);
  EXPECT_EQ(refusal(fleet({"127.0.0.1:1", "", "", "", true})), "taken");
  EXPECT_EQ(refusal(fleet({"0.0.0.0:1", "a", "b", "c"})), "taken");
}

TEST(network_words, can_be_said_again) {
  const network_words words{{{":1", "w", "v", {}}, {":2", "x", "y", "z", true}, ":3"},
                            {"a=4", "b"}};
  EXPECT_EQ(flags_of(words), (std::vector<std::string>{"--door",
                                                       ":1",
                                                       "--allow",
                                                       "a=4",
                                                       "--allow",
                                                       "b",
                                                       "--door-certificate",
                                                       "w",
                                                       "--door-key",
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
                                                       ":3"}));
  EXPECT_EQ(flags_of({}), std::vector<std::string>{});
}

} // namespace
} // namespace sluice
