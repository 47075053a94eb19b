#include "rules/consensus/record.hpp"

#include "rules/consensus/status_field.hpp"

namespace sluice {

std::string_view name_of(consensus_state x) {
  switch (x) {
  case consensus_state::none:
    return "none";
  case consensus_state::pending:
    return "pending";
  case consensus_state::agreed:
    return "agreed";
  case consensus_state::conflicted:
    return "conflicted";
  case consensus_state::stale:
    break;
  }
  return "stale";
}

std::string_view name_of(merge_rule x) {
  switch (x) {
  case merge_rule::mean:
    return "mean";
  case merge_rule::vote:
    return "vote";
  case merge_rule::newest:
    return "newest";
  case merge_rule::median:
    return "median";
  case merge_rule::majority:
    return "majority";
  case merge_rule::single:
    break;
  }
  return "single";
}

weighed_report
weigh(const miner_status& x, uint32_t hotkey_id, uint16_t validator_uid, uint64_t received_ms) {
  weighed_report made;
  made.fields = mask_of(x);
  made.hotkey_id = hotkey_id;
  made.is_serving = x.is_serving.value_or(false);
  made.validator_uid = validator_uid;
  made.stake = x.stake.value_or(0);
  made.performance = x.performance_score.value_or(0);
  made.load = x.current_load.value_or(0);
  made.confidence = x.confidence;
  made.received_ms = received_ms;
  made.status = &x;
  return made;
}

} // namespace sluice
