#include "rules/base64.hpp"
#include "rules/consensus/signed_call.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

/// Takes the signature that is 64 times the last letter of the text.
result<nothing> last_letter_signs(std::string_view address, std::string_view text,
                                  const std::array<uint8_t, 64>& signature) {
  if (address != "worker")
    return fault{ec::bad_input, "no address"};
  for (const auto byte : signature)
    if (byte != static_cast<uint8_t>(text.back()))
      return fault{ec::refused, "no"};
  return nothing{};
}

signed_call good_call() {
  signed_call x{"POST", "/tasks/fetch?a=1", "worker", 1'756'101'719'470, {}, "abc"};
  x.signature = to_base64(std::string(64, call_text(x).back()));
  return x;
}

TEST(signed_call, has_the_text_that_is_documented) {
  // The digest is the example of FIPS 180-4.
  EXPECT_EQ(call_text(good_call()),
            "sluice consensus call 1\nPOST\n/tasks/fetch?a=1\nworker\n1756101719470\n"
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(signed_call, is_taken_while_it_is_fresh) {
  const auto x = good_call();
  for (const int64_t shift : {-60'000, 0, 60'000})
    EXPECT_TRUE(check_signed_call(x, x.issued_ms + static_cast<uint64_t>(shift), last_letter_signs))
      << shift;
  for (const int64_t shift : {-60'001, 60'001}) {
    const auto no
      = check_signed_call(x, x.issued_ms + static_cast<uint64_t>(shift), last_letter_signs);
    ASSERT_FALSE(no) << shift;
    EXPECT_EQ(no.error().code, ec::refused);
  }
  auto far = x;
  far.issued_ms = ~uint64_t{0};
  EXPECT_EQ(check_signed_call(far, 1, last_letter_signs).error().code, ec::refused);
}

TEST(signed_call, is_refused_for_whatever_else_was_signed) {
  const auto now = good_call().issued_ms;
  auto changed = good_call();
  changed.signature = to_base64(std::string(64, 'x'));
  EXPECT_EQ(check_signed_call(changed, now, last_letter_signs).error().code, ec::refused);
  auto stranger = good_call();
  stranger.hotkey = "somebody";
  EXPECT_EQ(check_signed_call(stranger, now, last_letter_signs).error().code, ec::bad_input);
  for (const std::string bad : {"", "a", "!!!!", "AAAA"}) {
    auto x = good_call();
    x.signature = bad;
    EXPECT_EQ(check_signed_call(x, now, last_letter_signs).error().code, ec::bad_input) << bad;
  }
}

} // namespace
} // namespace sluice
