#include "rules/leads/publish.hpp"

namespace sluice {

leads_settings settings_of(const lead_publish& x) {
  leads_settings made;
  made.window_days = x.window_days;
  made.w_curated = x.w_curated;
  made.w_sourced = x.w_sourced;
  made.policy = x.policy;
  made.k_miner = x.k_miner.value;
  return made;
}

} // namespace sluice
