#include "rules/consensus/signed_call.hpp"

#include "rules/base64.hpp"
#include "rules/chain/sha256.hpp"

#include <algorithm>
#include <array>

namespace sluice {

namespace {

constexpr size_t call_signature_bytes = 64;

uint64_t distance(uint64_t a, uint64_t b) {
  return a < b ? b - a : a - b;
}

} // namespace

std::string call_text(const signed_call& x) {
  std::string text{signed_call_domain};
  for (const auto& line :
       {x.method, x.target, x.hotkey, std::to_string(x.issued_ms), sha256_hex(x.body)})
    text.append(1, '\n').append(line);
  return text;
}

result<nothing>
check_signed_call(const signed_call& x, uint64_t unix_ms, const report_verifier& verifier,
                  const signed_report_terms& terms) {
  const auto bytes = base64_bytes(x.signature);
  if (!bytes || bytes->size() != call_signature_bytes)
    return fault{ec::bad_input,
                 "X-Signature: expected the base64 text of 64 bytes, got "
                   + (bytes ? std::to_string(bytes->size()) + " bytes" : std::string{"no base64"})};
  const bool is_late = x.issued_ms < unix_ms;
  if (distance(x.issued_ms, unix_ms) > (is_late ? terms.age_ms : terms.ahead_ms))
    return fault{ec::refused,
                 "X-Issued: this call is " + std::to_string(distance(x.issued_ms, unix_ms) / 1000)
                   + (is_late ? " s old" : " s ahead of this node's clock") + ", at most "
                   + std::to_string((is_late ? terms.age_ms : terms.ahead_ms) / 1000)
                   + " s are taken; check the clocks"};
  std::array<uint8_t, call_signature_bytes> signature{};
  std::ranges::copy(*bytes, signature.begin());
  const auto good = verifier(x.hotkey, call_text(x), signature);
  if (good)
    return nothing{};
  if (good.error().code == ec::bad_input)
    return fault{ec::bad_input, "X-Hotkey: " + good.error().what};
  return fault{ec::refused, "X-Signature: it is not this hotkey's over method, target, hotkey,"
                            " issued and the body; see docs/consensus-api.md, \"Workers\""};
}

} // namespace sluice
