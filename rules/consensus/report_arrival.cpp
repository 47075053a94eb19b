#include "rules/consensus/report_arrival.hpp"

#include <algorithm>

namespace sluice {

namespace {

std::string hotkey_at(std::span<const neuron> metagraph, uint16_t uid) {
  const auto found
    = std::ranges::find(metagraph, uid, [](const neuron& one) { return one.uid.value; });
  return found == metagraph.end() ? std::string{} : found->key.value;
}

fault other_validator(uint16_t stated, const std::string& of_key) {
  return {ec::refused, "validator_uid: this API key is of " + of_key + ", the report states uid "
                         + std::to_string(stated)
                         + "; a report counts only for the validator whose key it comes with"};
}

} // namespace

result<proved_report>
prove_report(const report_arrival& x, std::span<const neuron> metagraph, bool unproved) {
  const auto uid = x.report.validator_uid;
  if (!x.report.hotkey.empty()) {
    if (auto known = check_validator_of(x.report, metagraph); !known)
      return known.error();
    return proved_report{x.report.hotkey, report_proof::signature, x.report.signature};
  }
  const auto at_uid = hotkey_at(metagraph, uid);
  const proved_report by_key{at_uid, report_proof::key, x.sender.key_id};
  if (x.sender.validator_uid) {
    if (x.sender.validator_uid->value != uid)
      return other_validator(uid, "uid " + std::to_string(x.sender.validator_uid->value));
    return by_key;
  }
  if (!x.sender.validator.value.empty()) {
    if (x.sender.validator.value != at_uid)
      return other_validator(uid, "hotkey " + x.sender.validator.value
                                    + (at_uid.empty() ? ", and nobody is registered at that uid"
                                                      : ", which the chain has not at that uid"));
    return by_key;
  }
  if (unproved)
    return by_key;
  return fault{ec::refused, "this report proves no validator: send the API key of one "
                            "(X-API-Key), or sign the report"};
}

fault fault_of_verdict(std::string_view verdict, uint16_t validator_uid, uint64_t epoch) {
  const auto whose
    = "epoch " + std::to_string(epoch) + " of validator " + std::to_string(validator_uid);
  if (verdict == "outdated")
    return {ec::refused, "epoch: a report for an epoch after " + whose
                           + " was signed and taken before; epochs of signed reports rise"};
  if (verdict == "contradiction")
    return {ec::refused, "epoch: another report was signed for " + whose
                           + "; both are kept as evidence, and this one is not taken"};
  return {ec::refused, "this report for " + whose + " is not taken: " + std::string{verdict}};
}

} // namespace sluice
