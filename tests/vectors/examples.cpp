#include "tests/vectors/examples.hpp"

namespace sluice::vectors {

operations all_operations() {
  operations all;
  add_common_operations(all);
  add_trading_operations(all);
  add_leads_operations(all);
  add_consensus_operations(all);
  add_sports_operations(all);
  return all;
}

case_readers all_cases() {
  case_readers all;
  add_trading_cases(all);
  add_leads_cases(all);
  add_consensus_cases(all);
  add_sports_cases(all);
  return all;
}

} // namespace sluice::vectors
