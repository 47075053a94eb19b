#include "rules/address_check.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const std::string alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

TEST(address_check, good_addresses_and_names_are_good) {
  for (const auto& text :
       {alice, std::string{"5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"},
        std::string{"5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM"},
        std::string{"5HrN7fHLXWcFiXPwwtq2EkSGns9eMt5P7SpeTPewumZy6ftb"}, std::string{"miner-hold"},
        std::string{"5"}, std::string{}, std::string(200, '5')})
    EXPECT_EQ(address_fault(text), "") << text;
  EXPECT_TRUE(looks_like_address(alice));
  EXPECT_FALSE(looks_like_address("miner-hold"));
}

TEST(address_check, every_changed_letter_is_noticed) {
  for (size_t i = 1; i < alice.size(); ++i) {
    auto wrong = alice;
    wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
    EXPECT_NE(address_fault(wrong), "") << wrong;
  }
  EXPECT_EQ(address_fault(alice.substr(0, 47)),
            "an SS58 address whose checksum fits: a letter is wrong or missing");
  auto zero = alice;
  zero[20] = '0';
  EXPECT_EQ(address_fault(zero),
            "an SS58 address of letters and digits of base 58, without 0, O, I and l");
  EXPECT_NE(address_fault(alice + 'a'), "");
}

} // namespace
} // namespace sluice
