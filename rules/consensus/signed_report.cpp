#include "rules/consensus/signed_report.hpp"

#include "rules/base64.hpp"
#include "rules/chain/sha256.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr size_t report_signature_bytes = 64;

std::string seconds_text(uint64_t ms) {
  return std::to_string(ms / 1000) + " s";
}

} // namespace

std::string report_text(const signed_report& x) {
  std::string text{signed_report_domain};
  for (const auto& line : {x.hotkey, std::to_string(x.validator_uid), std::to_string(x.epoch),
                           std::to_string(x.issued_ms), sha256_hex(x.miner_statuses)})
    text.append(1, '\n').append(line);
  return text;
}

std::string report_digest(const signed_report& x) {
  return sha256_hex(report_text(x));
}

result<nothing>
check_signed_report(const signed_report& x, uint64_t unix_ms, const report_verifier& verifier,
                    const signed_report_terms& terms) {
  if (x.miner_statuses.size() > signed_list_bytes_max)
    return fault{ec::bad_input, "miner_statuses: expected at most "
                                  + std::to_string(signed_list_bytes_max) + " bytes, got "
                                  + std::to_string(x.miner_statuses.size())};
  const auto bytes = base64_bytes(x.signature);
  if (!bytes || bytes->size() != report_signature_bytes)
    return fault{ec::bad_input,
                 "signature: expected the base64 text of 64 bytes, got "
                   + (bytes ? std::to_string(bytes->size()) + " bytes" : std::string{"no base64"})};
  if (x.issued_ms + std::min(terms.age_ms, ~x.issued_ms) < unix_ms)
    return fault{ec::refused, "issued: this report is " + seconds_text(unix_ms - x.issued_ms)
                                + " old, at most " + seconds_text(terms.age_ms)
                                + " are taken; check the clocks, or send a new one"};
  if (x.issued_ms > unix_ms && x.issued_ms - unix_ms > terms.ahead_ms)
    return fault{ec::refused, "issued: this report is " + seconds_text(x.issued_ms - unix_ms)
                                + " ahead of this node's clock, at most "
                                + seconds_text(terms.ahead_ms) + " are taken; check the clocks"};
  std::array<uint8_t, report_signature_bytes> signature{};
  std::ranges::copy(*bytes, signature.begin());
  const auto good = verifier(x.hotkey, report_text(x), signature);
  if (good)
    return nothing{};
  if (good.error().code == ec::bad_input)
    return fault{ec::bad_input, "hotkey: " + good.error().what};
  return fault{ec::refused,
               "signature: it is not this hotkey's over hotkey, validator_uid, epoch, issued and"
               " the bytes of miner_statuses; see docs/consensus-reports.md, \"What is signed\""};
}

result<nothing> check_validator_of(const signed_report& x, std::span<const neuron> metagraph) {
  const auto found
    = std::ranges::find(metagraph, x.hotkey, [](const neuron& one) { return one.key.value; });
  if (found == metagraph.end())
    return fault{ec::refused, "hotkey: it is not registered on this subnet"};
  if (found->uid.value != x.validator_uid)
    return fault{ec::refused, "validator_uid: the chain has uid " + std::to_string(found->uid.value)
                                + " for this hotkey, the report states "
                                + std::to_string(x.validator_uid)};
  if (!found->permit)
    return fault{ec::refused, "hotkey: uid " + std::to_string(found->uid.value)
                                + " has no validator permit, so its reports count for nothing"};
  return nothing{};
}

} // namespace sluice
