#include "net/keys/ss58.hpp"
#include "rules/address_check.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/shared.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <random>

namespace sluice::net {

namespace {

std::string address_of(std::string_view hex) {
  return to_address(*from_hex<32>(hex));
}

TEST(ss58, agrees_with_known_addresses) {
  // Substrate's well-known development keys: Alice, ed25519 and sr25519.
  EXPECT_EQ(address_of("88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee"),
            "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu");
  EXPECT_EQ(address_of("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"),
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
  // The whole range begins with 5 and has 48 letters.
  EXPECT_EQ(address_of(std::string(64, '0')), "5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM");
  EXPECT_EQ(address_of(std::string(64, 'f')), "5HrN7fHLXWcFiXPwwtq2EkSGns9eMt5P7SpeTPewumZy6ftb");
}

TEST(ss58, an_address_is_read_back) {
  for (const auto* hex : {"88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
                          "0000000000000000000000000000000000000000000000000000000000000001"}) {
    const auto back = parse_public_key(address_of(hex));
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(to_hex(*back), hex);
  }
}

TEST(ss58, a_mistyped_address_is_found_by_the_check_without_libraries_too) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  for (int i = 0; i < 2000; ++i) {
    public_key key{};
    for (auto& byte : key)
      byte = static_cast<uint8_t>(random());
    auto address = to_address(key);
    ASSERT_EQ(address_fault(address), "") << address;
    const auto at = 1 + random() % (address.size() - 1);
    address[at] = address[at] == 'x' ? 'y' : 'x';
    ASSERT_EQ(address_fault(address).empty(), static_cast<bool>(parse_public_key(address)))
      << address;
  }
}

TEST(ss58, states_what_is_wrong) {
  const std::string good = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu";
  const auto expect = [](const std::string& text, const std::string& part) {
    const auto got = parse_public_key(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code, ec::bad_input);
    EXPECT_NE(got.error().what.find(part), std::string::npos) << got.error().what;
  };
  expect("", "48 letters and digits that begin with 5");
  expect("miner-hold", "only letters and digits of base 58");
  expect(good.substr(1), "checksum"); // still 35 bytes
  expect(good.substr(2), "48 letters");
  expect(good + "1", "48 letters");
  expect(std::string(1'000'000, '5'), "48 letters");
  expect(" " + good, "base 58");
  expect("HRSco2GVYkLNhWQzK4LviHLwJ4LeYH7Sa5NjbC5VtUEnK3C", "prefix 42"); // prefix 2
}

TEST(ss58, every_slip_of_one_letter_is_noticed) {
  const std::string good = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu";
  for (size_t i = 0; i < good.size(); ++i) {
    auto slip = good;
    slip[i] = slip[i] == 'z' ? 'y' : 'z';
    EXPECT_FALSE(parse_public_key(slip)) << slip;
  }
}

TEST(ss58, agrees_with_polkadot_js_on_everything_that_is_recorded) {
  const auto file = test::shared_folder() / "vectors/substrate/ss58.json";
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << file << " is not there";
  const auto recorded = nlohmann::json::parse(test::file_bytes(file.string()));
  size_t same = 0;
  for (const auto& x : recorded["valid"]) {
    const auto address = x["address"].get<std::string>();
    const auto back = parse_public_key(address);
    if (x["prefix"] != 42) {
      EXPECT_FALSE(back) << address;
      continue;
    }
    ++same;
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ("0x" + to_hex(*back), x["publicKey"]);
    EXPECT_EQ(to_address(*back), address);
  }
  EXPECT_GT(same, 5U);
  for (const auto& x : recorded["invalid"])
    EXPECT_FALSE(parse_public_key(x["address"].get<std::string>())) << x["why"];
}

} // namespace

} // namespace sluice::net
