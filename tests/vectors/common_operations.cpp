#include "rules/weights/prepare.hpp"
#include "tests/vectors/examples.hpp"

namespace sluice::vectors {

namespace {

json prepared(const json& input) {
  weight_vector weights;
  std::set<miner_uid> registered;
  uint16_t uid = 0;
  for (const auto& x : input.at("weights")) {
    registered.insert({uid});
    weights[{uid++}] = x.get<double>();
  }
  const auto made = prepare_weights(weights, registered, {});
  return {{"action", made ? "set" : "skip"}};
}

} // namespace

void add_common_operations(operations& all) {
  all[{"common", "prepare_weights"}] = prepared;
  all[{"common", "normalize_max_weight"}] = [](const json& input) -> json {
    const auto weights = input.at("weights").get<std::vector<double>>();
    return cap_weights(weights, input.at("limit").get<double>());
  };
  all[{"common", "rate_limit_ok"}] = [](const json& input) -> json {
    return rate_limit_ok(input.at("current_block").get<uint64_t>(),
                         input.at("last_update").get<uint64_t>(),
                         input.at("limit").get<uint64_t>());
  };
}

} // namespace sluice::vectors
