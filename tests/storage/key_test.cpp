#include "storage/key.hpp"
#include "tests/storage/any_value.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice::storage {
namespace {

using test::any_value;

template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

/// Byte order, as LMDB compares: unsigned, the shorter of two first.
int byte_order(const std::string& a, const std::string& b) {
  const auto as = [](const std::string& x) { return std::vector<uint8_t>(x.begin(), x.end()); };
  return order(as(a), as(b));
}

/// Random pairs, equal ones and neighbours included, must compare as values and as bytes alike.
template <class T>
void expect_sorted_alike() {
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    SCOPED_TRACE(testing::Message() << typeid(T).name() << " seed " << seed);
    any_value any{seed};
    const auto a = any.make<T>();
    auto b = any.make<T>();
    if constexpr (has_fields<T>) // agree on the first parts more often than chance would
      std::apply(
        [&](const auto&... from) {
          std::apply([&](auto&... to) { ((any.below(2) ? void(to = from) : void()), ...); },
                     b.fields());
        },
        a.fields());
    ASSERT_EQ(order(a, b), byte_order(encode_key(a), encode_key(b)));
    const auto back = decode_key<T>(encode_key(a));
    ASSERT_TRUE(back) << back.error().what;
    ASSERT_TRUE(*back == a);
  }
}

TEST(key, sorts_like_the_value_whatever_its_type) {
  expect_sorted_alike<uint8_t>();
  expect_sorted_alike<uint16_t>();
  expect_sorted_alike<uint64_t>();
  expect_sorted_alike<int8_t>();
  expect_sorted_alike<int32_t>();
  expect_sorted_alike<int64_t>();
  expect_sorted_alike<bool>();
  expect_sorted_alike<std::string>();
  expect_sorted_alike<address>();
  expect_sorted_alike<std::pair<std::string, int32_t>>();
  expect_sorted_alike<round_kind>();
  expect_sorted_alike<job_id>();
  expect_sorted_alike<epoch_no>();
  expect_sorted_alike<round_key>();
  expect_sorted_alike<prediction_key>();
  expect_sorted_alike<miner_key>();
  expect_sorted_alike<day_key>();
  expect_sorted_alike<execution_key>();
  expect_sorted_alike<block_key>();
}

TEST(key, is_written_as_it_is_documented) {
  const prediction_key k{{{"eth-usdc"}, round_kind::live, {258}}, {3}};
  EXPECT_EQ(to_hex(encode_key(k)), "6574682d757364630001"
                                   "0000000000000102"
                                   "0003");
  EXPECT_EQ(to_hex(encode_key(int32_t{-1})), "7fffffff");
  EXPECT_EQ(to_hex(encode_key(int32_t{1})), "80000001");
  EXPECT_EQ(to_hex(encode_key(std::string{"a\0b\1", 4})), "610101620102"
                                                          "00");
}

TEST(key, keeps_jobs_apart_whose_names_begin_alike) {
  const auto prefix = encode_key(job_id{"eth"});
  EXPECT_TRUE(encode_key(block_key{{"eth"}, 5}).starts_with(prefix));
  EXPECT_FALSE(encode_key(block_key{{"eth-usdc"}, 5}).starts_with(prefix));
}

TEST(key, has_its_leading_parts_as_a_prefix) {
  const prediction_key k{{{"j"}, round_kind::live, {258}}, {3}};
  EXPECT_TRUE(
    encode_key(k).starts_with(encode_key(std::tuple{std::string{"j"}, round_kind::live})));
  EXPECT_TRUE(encode_key(k).starts_with(encode_key(k.round)));
}

TEST(key, refuses_bytes_that_are_no_key) {
  const auto whole = encode_key(prediction_key{{{"a\1b"}, round_kind::live, {1}}, {3}});
  for (size_t n = 0; n < whole.size(); ++n)
    EXPECT_EQ(decode_key<prediction_key>(whole.substr(0, n)).error().code, ec::corrupt_data) << n;
  EXPECT_FALSE(decode_key<prediction_key>(whole + 'x'));
  EXPECT_FALSE(decode_key<round_kind>("\2"));
  EXPECT_FALSE(decode_key<bool>("\2"));
  EXPECT_FALSE(decode_key<std::string>(std::string_view{"a\1\3\0", 4}));
  EXPECT_EQ(decode_key<uint16_t>("\1\2\3").error().what, "key 010203 cannot be read");
}

} // namespace
} // namespace sluice::storage
