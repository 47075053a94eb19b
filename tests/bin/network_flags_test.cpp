// How `sluice node` is opened to others, and every way in which it says that it cannot be.
#include "bin/network_flags.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::bin {
namespace {

/// What these words make of a file's settings.
result<network_settings> parsed(std::vector<std::string> words, network_settings file = {}) {
  CLI::App app;
  network_flags flags;
  add_network_flags(app, flags);
  std::reverse(words.begin(), words.end()); // CLI11 takes them from the back
  try {
    app.parse(words);
  } catch (const CLI::ParseError& e) {
    return fault{ec::bad_input, e.what()};
  }
  auto applied = apply(flags, file);
  if (!applied)
    return applied.error();
  return file;
}

std::string refusal(std::vector<std::string> words) {
  const auto got = parsed(std::move(words));
  return got ? "taken" : got.error().what;
}

TEST(network_flags, leave_everything_closed_when_nothing_is_said) {
  EXPECT_EQ(*parsed({}), network_settings{});
}

TEST(network_flags, are_stronger_than_the_file) {
  network_settings file;
  file.door = {"1.2.3.4:1", "c.pem", "c.key", {{{5}, {"five"}}, {{6}, {"six"}}}};
  file.metrics = "127.0.0.1:9100";
  const auto got = parsed({"--door", ":8700", "--allow", "five=7", "--allow", "new"}, file);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->door.listen, ":8700");
  EXPECT_EQ(got->door.certificate, "c.pem");
  EXPECT_EQ(got->door.allow,
            (std::vector<allowed_miner>{{{6}, {"six"}}, {{7}, {"five"}}, {{}, {"new"}, true}}));
  EXPECT_EQ(got->metrics, "127.0.0.1:9100");
}

TEST(network_flags, that_cannot_be_say_what_was_expected) {
  EXPECT_NE(refusal({"--door", "here"}).find("expected HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal({"--metrics", "1.2.3.4:99999"}).find("expected HOST:PORT"), std::string::npos);
  for (const char* who : {"a=", "a=x", "a=4096", "a=-1", "=4"})
    EXPECT_NE(refusal({"--door", ":1", "--allow", who}).find("expected HOTKEY or HOTKEY=UID"),
              std::string::npos)
      << who;
  EXPECT_NE(refusal({"--allow", "a"}).find("say --door HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal({"--door", ":1", "--door-key", "k"}).find("both"), std::string::npos);
}

TEST(network_flags, open_no_fleet_without_certificates_but_on_this_machine) {
  EXPECT_NE(refusal({"--fleet", ":1"}).find("sluice keys tls"), std::string::npos);
  EXPECT_NE(refusal({"--fleet", ":1", "--fleet-ca", "a"}).find("--fleet-certificate"),
            std::string::npos);
  EXPECT_NE(refusal({"--fleet-insecure"}).find("--fleet HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal({"--fleet", "0.0.0.0:1", "--fleet-insecure"}).find("127.0.0.1"),
            std::string::npos);
  EXPECT_NE(refusal({"--fleet", ":1", "--fleet-insecure", "--fleet-ca", "a"}).find("one of them"),
            std::string::npos);
  EXPECT_TRUE(parsed({"--fleet", "127.0.0.1:1", "--fleet-insecure"}));
  EXPECT_TRUE(parsed(
    {"--fleet", "0.0.0.0:1", "--fleet-ca", "a", "--fleet-certificate", "b", "--fleet-key", "c"}));
}

TEST(network_flags, can_be_said_again) {
  const std::vector<std::string> words{"--door",
                                       ":1",
                                       "--allow",
                                       "a=4",
                                       "--allow",
                                       "b",
                                       "--fleet",
                                       ":2",
                                       "--fleet-ca",
                                       "x",
                                       "--fleet-certificate",
                                       "y",
                                       "--fleet-key",
                                       "z",
                                       "--metrics",
                                       ":3"};
  CLI::App app;
  network_flags flags;
  add_network_flags(app, flags);
  auto reversed = words;
  std::reverse(reversed.begin(), reversed.end());
  app.parse(reversed);
  EXPECT_EQ(words_of(flags), words);
}

TEST(network_flags, of_a_node_register_hotkeys_that_keep_their_uids) {
  using namespace sluice::test;
  scratch_folder folder;
  const auto node = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"node", "--dev",  "--seed",           "3",      "--rounds",
                                   "1",    "--data", folder.at("state"), "--door", "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    return run_sluice(words);
  };
  const auto first = node({"--allow", "guest"});
  ASSERT_EQ(first.code, 0) << first.err;
  // Another command later: the first keeps its uid, the second gets the next.
  const auto second = node({"--allow", "later", "--allow", "guest"});
  ASSERT_EQ(second.code, 0) << second.err;
  const auto taken = node({"--allow", "third=1"});
  EXPECT_EQ(taken.code, 2);
  EXPECT_NE(taken.err.find("gave uid 1 to miner-hold, not to third"), std::string::npos)
    << taken.err;
}

} // namespace
} // namespace sluice::bin
