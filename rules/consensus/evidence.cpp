#include "rules/consensus/evidence.hpp"

#include <algorithm>

namespace sluice {

std::string_view name_of(report_verdict x) {
  switch (x) {
  case report_verdict::take:
    return "take";
  case report_verdict::repeated:
    return "repeated";
  case report_verdict::outdated:
    return "outdated";
  case report_verdict::contradiction:
    break;
  }
  return "contradiction";
}

report_verdict judge_report(const status_report& x, const validator_history& before) {
  if (x.proof != report_proof::signature || !before.has_signed || x.epoch > before.signed_epoch)
    return report_verdict::take;
  if (x.epoch < before.signed_epoch)
    return report_verdict::outdated;
  const auto& others = before.others;
  if (x.digest == before.last_signed.digest
      || std::find(others.begin(), others.end(), x.digest) != others.end())
    return report_verdict::repeated;
  return others.size() < validator_history::contradictions_max ? report_verdict::contradiction
                                                               : report_verdict::outdated;
}

report_evidence evidence_of(const status_report& x, const validator_history& before) {
  report_evidence made;
  made.hotkey = x.hotkey;
  made.validator_uid = x.validator_uid;
  made.epoch = x.epoch;
  made.first = before.last_signed;
  made.second = {x.digest, x.proof_text, x.issued_ms, x.received_ms};
  return made;
}

} // namespace sluice
