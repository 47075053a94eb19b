#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace {

using namespace sluice::test;

class keys_command : public testing::Test {
protected:
  static nlohmann::json json_of(const program_run& run) {
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(run.err, "");
    return nlohmann::json::parse(run.out, nullptr, false);
  }

  static void expect_line(const program_run& run, int code, const std::string& part) {
    EXPECT_EQ(run.code, code) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find(part), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
  }

  /// The first example of RFC 8032.
  std::string example() const {
    auto file = folder.write(
      "rfc.key", "kind ed25519\naddress 5Gw54ghuAHodDGAS91DUxqvKa6PeT9bhDdns3ztBupY8pSyn\n"
                 "public d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n"
                 "secret 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\n");
    ::chmod(file.c_str(), 0600);
    return file;
  }

  scratch_folder folder;
  std::string file = folder.at("miner.key");
};

TEST_F(keys_command, makes_shows_signs_and_verifies) {
  const auto made = json_of(run_sluice({"keys", "new", file}));
  struct stat facts {};
  ASSERT_EQ(::stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
  const auto shown = json_of(run_sluice({"keys", "show", file, "--output", "json"}));
  EXPECT_EQ(shown["address"], made["address"]);
  const auto signed_ = json_of(run_sluice({"keys", "sign", file, "--message", "it is me"}));
  const auto verify = [&](const std::string& message) {
    return run_sluice({"keys", "verify", "--key", made["public"], "--message", message,
                       "--signature", signed_["signature"], "--output", "table"});
  };
  EXPECT_EQ(verify("it is me").code, 0);
  EXPECT_EQ(verify("it is me").out, "signature  good\n");
  EXPECT_EQ(verify("it is he").code, 1);
  EXPECT_EQ(verify("it is he").out, "signature  bad\n");
}

TEST_F(keys_command, signs_as_rfc_8032_defines) {
  const auto signed_ = json_of(run_sluice({"keys", "sign", example(), "--message", ""}));
  EXPECT_EQ(signed_["signature"],
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  EXPECT_EQ(run_sluice({"keys", "show", example(), "--output", "table"}).out,
            "kind     ed25519\n"
            "address  5Gw54ghuAHodDGAS91DUxqvKa6PeT9bhDdns3ztBupY8pSyn\n"
            "public   d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n");
}

TEST_F(keys_command, never_overwrites) {
  json_of(run_sluice({"keys", "new", file}));
  const auto before = folder.read("miner.key");
  expect_line(run_sluice({"keys", "new", file}), 2, file + ": exists already");
  EXPECT_EQ(folder.read("miner.key"), before);
}

TEST_F(keys_command, states_what_is_wrong_and_where) {
  expect_line(run_sluice({"keys", "show", file}), 3, file + ": cannot be read");
  expect_line(run_sluice({"keys", "new", folder.at("no/folder.key")}), 3,
              "create the folder first");
  const auto bad = folder.write("bad.key", "kind ed25519\nadres x\n");
  ::chmod(bad.c_str(), 0644);
  expect_line(run_sluice({"keys", "show", bad}), 2, "expected mode 0600; chmod 600 " + bad);
  ::chmod(bad.c_str(), 0600);
  expect_line(run_sluice({"keys", "sign", bad, "--message", "x"}), 2,
              bad + ":2: expected kind, address, public or secret");
  expect_line(run_sluice({"keys", "verify", "--key", "12", "--message", "x", "--signature", "12"}),
              2, "--key: expected 64 hexadecimal digits");
  expect_line(run_sluice({"keys", "sign", example(), "--message", "sluice/door/statement\n"}), 2,
              "begin");
}

TEST_F(keys_command, every_part_has_help_with_an_example) {
  for (const auto* part : {"new", "show", "sign", "verify"}) {
    const auto run = run_sluice({"keys", part, "--help"});
    EXPECT_EQ(run.code, 0) << part;
    EXPECT_NE(run.out.find(std::string{"sluice keys "} + part), std::string::npos) << run.out;
  }
  EXPECT_EQ(run_sluice({"keys"}).code, 2);
  EXPECT_EQ(run_sluice({"keys", "dance"}).code, 2);
  EXPECT_EQ(run_sluice({"keys", "sign", example()}).code, 2);
}

} // namespace
