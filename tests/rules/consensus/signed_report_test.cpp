#include "rules/base64.hpp"
#include "rules/consensus/signed_report.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

namespace sluice {
namespace {

constexpr uint64_t issued_ms = 1'767'225'600'123;

/// As `python3 examples/sign_report.py KEY 13 4711 LIST --issued 1767225600123` printed it, an
/// implementation of its own of SHA-256's use, Ed25519 and base64.
signed_report report_of_python() {
  signed_report x;
  x.validator_uid = 13;
  x.epoch = 4711;
  x.hotkey = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu";
  x.issued_ms = issued_ms;
  x.signature
    = "nS2WViIvYcLQCf/BZIGNVb2ksuepTjr5msohZOc/lf0oPtLmmtWwWObqvulANNdg8H8XOq+CVhEuJGusN/EhAQ"
      "==";
  x.miner_statuses = R"([{"uid": 49, "hotkey": "abc123", "stake": 1000.5, "note": "ü"}])";
  return x;
}

/// Takes the signature of exactly this text.
report_verifier taking(std::string text) {
  return [text = std::move(text)](std::string_view, std::string_view signed_text,
                                  const std::array<uint8_t, 64>&) -> result<nothing> {
    if (signed_text == text)
      return nothing{};
    return fault{ec::refused, "not this text"};
  };
}

TEST(signed_report, has_the_text_that_python_signs) {
  EXPECT_EQ(report_text(report_of_python()),
            "sluice consensus report 1\n"
            "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu\n"
            "13\n"
            "4711\n"
            "1767225600123\n"
            "f4ef9d2bbab795fb8216c158f667263deaf74aaecbd35716ed1224651a0b6af2");
}

TEST(signed_report, every_field_is_in_the_text_and_the_digest) {
  const std::vector<std::function<void(signed_report&)>> changes{
    [](auto& x) { x.validator_uid = 14; },    [](auto& x) { ++x.epoch; },
    [](auto& x) { x.hotkey.back() = 'v'; },   [](auto& x) { ++x.issued_ms; },
    [](auto& x) { x.miner_statuses += ' '; },
  };
  std::set<std::string> texts{report_text(report_of_python())};
  std::set<std::string> digests{report_digest(report_of_python())};
  for (const auto& change : changes) {
    auto x = report_of_python();
    change(x);
    EXPECT_TRUE(texts.insert(report_text(x)).second);
    EXPECT_TRUE(digests.insert(report_digest(x)).second);
    EXPECT_FALSE(check_signed_report(x, issued_ms, taking(report_text(report_of_python()))));
  }
  auto other_signature = report_of_python();
  other_signature.signature = to_base64(std::string(64, 'x'));
  EXPECT_TRUE(digests.contains(report_digest(other_signature))) << "the same was signed";
}

TEST(signed_report, is_taken_while_it_is_fresh_and_not_before_it_was_made) {
  const auto x = report_of_python();
  const auto verifier = taking(report_text(x));
  const signed_report_terms terms{300'000, 60'000};
  for (const auto now : {issued_ms, issued_ms + 300'000, issued_ms - 60'000})
    EXPECT_TRUE(check_signed_report(x, now, verifier, terms)) << now;
  for (const auto now : {issued_ms + 300'001, issued_ms - 60'001, uint64_t{0}, UINT64_MAX}) {
    const auto no = check_signed_report(x, now, verifier, terms);
    ASSERT_FALSE(no) << now;
    EXPECT_EQ(no.error().code, ec::refused) << now;
    EXPECT_NE(no.error().what.find("check the clocks"), std::string::npos) << no.error().what;
  }
  auto never = x;
  never.issued_ms = UINT64_MAX;
  EXPECT_FALSE(check_signed_report(never, issued_ms, taking(report_text(never)), terms));
  EXPECT_TRUE(check_signed_report(never, UINT64_MAX, taking(report_text(never)), terms));
}

TEST(signed_report, states_what_is_wrong_with_what_is_no_signature) {
  auto x = report_of_python();
  const auto verifier = taking(report_text(x));
  for (const auto* text : {"", "AAAA", "no base64", "=="}) {
    x.signature = text;
    const auto no = check_signed_report(x, issued_ms, verifier);
    ASSERT_FALSE(no) << text;
    EXPECT_EQ(no.error().code, ec::bad_input);
    EXPECT_TRUE(no.error().what.starts_with("signature: expected the base64 text of 64 bytes"));
  }
  x = report_of_python();
  x.miner_statuses.assign(signed_list_bytes_max + 1, ' ');
  const auto too_long = check_signed_report(x, issued_ms, verifier);
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ec::bad_input);
  const auto no_address
    = [](std::string_view, std::string_view, const std::array<uint8_t, 64>&) -> result<nothing> {
    return fault{ec::bad_input, "expected 48 characters"};
  };
  const auto no = check_signed_report(report_of_python(), issued_ms, no_address);
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().what, "hotkey: expected 48 characters");
}

TEST(signed_report, counts_for_the_uid_that_its_hotkey_has_and_only_with_a_permit) {
  const auto x = report_of_python();
  const neuron good{{13}, {x.hotkey}, 1, true};
  const neuron other{{14}, {"another"}, 1, true};
  EXPECT_TRUE(check_validator_of(x, std::vector{other, good}));
  auto moved = good;
  moved.uid = {15};
  auto powerless = good;
  powerless.permit = false;
  auto replaced = good;
  replaced.key = {"another"};
  const std::vector<std::pair<neuron, std::string>> wrong{{moved, "the chain has uid 15"},
                                                          {powerless, "no validator permit"},
                                                          {replaced, "not registered"}};
  for (const auto& [who, text] : wrong) {
    const auto no = check_validator_of(x, std::vector{who});
    ASSERT_FALSE(no) << text;
    EXPECT_EQ(no.error().code, ec::refused);
    EXPECT_NE(no.error().what.find(text), std::string::npos) << no.error().what;
  }
  EXPECT_FALSE(check_validator_of(x, {}));
}

} // namespace
} // namespace sluice
