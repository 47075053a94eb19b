#include "rules/blake2b.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sluice {
namespace {

std::string hex_of(const blake2b_digest& digest) {
  std::string text;
  for (const auto byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

TEST(blake2b, the_example_of_rfc_7693_comes_out) { // appendix A
  EXPECT_EQ(hex_of(blake2b_512("abc")),
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

TEST(blake2b, texts_of_no_byte_and_of_whole_blocks_hash_as_elsewhere) { // by Python's hashlib
  EXPECT_EQ(hex_of(blake2b_512("")),
            "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
            "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce");
  for (const auto& [size, expected] : std::vector<std::pair<size_t, std::string>>{
         {127, "acc1cd9ebcd76c8f0e9afcfe2e2479a1ab53ad0d02c8ebd767fd1e26c5cf9676"
               "7c81077e5edd55f3fd8709dea6849b9792c8c19813f5ae6de9ac4d3a5efad515"},
         {128, "082b91ea2e15d1556d2ceefdd5af5d64d31b4e01aff1959724578876293825b2"
               "36ee8079173a0a38160d7d6685d6bca0bfb62c177b3599b8727d9173e2115b91"},
         {129, "362a53bbe2ec08097b2f358a41d0e153aeed4c132af928400872413650e7bf22"
               "f9ae428ff73770170bbd95f935e5dd1953c17de8c7264c72d1f99303bf22dfaa"},
         {256, "26066ae992ec734e85f05f962b49e72bcb2be54fcb53bce7e7b4d7f4dc88f568"
               "62235fd16b988877db71cc5e9bb50e489e884450fdb6f74968e6da7d1e493428"},
         {300, "fe42f4108dd98f9b4f19fb21f386dfbe9a860256176e0312a1f0de66a3aed2a5"
               "ed361a16f6128fe27b6c88d8f39eeaddca46f1c2c9357965f893d0a7d64bd1cb"},
       })
    EXPECT_EQ(hex_of(blake2b_512(std::string(size, 'x'))), expected) << size;
}

} // namespace
} // namespace sluice
