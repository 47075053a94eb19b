/// Which wallets may call what of the leads mechanism over HTTP.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/ids.hpp"
#include "rules/leads/calls.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <span>

namespace sluice {

/// What a wallet must be to call: by what the call does.
enum class leads_role : uint8_t {
  anybody = 0, // a buyer
  registered,  // has a uid on the subnet: miners
  validator,   // has a validator permit as well
};

/// Who takes work from a queue, and finishes it: miners what is for miners that poll, else
/// validators.
constexpr leads_role role_to_take(lead_queue queue) {
  return queue == lead_queue::miner_requests ? leads_role::registered : leads_role::validator;
}

/// Who adds to a queue: buyers their requests, validators those to miners, miners all else.
constexpr leads_role role_to_add(lead_queue queue) {
  switch (queue) {
  case lead_queue::requests:
    return leads_role::anybody;
  case lead_queue::miner_requests:
    return leads_role::validator;
  case lead_queue::prospects:
  case lead_queue::miner_results:
    break;
  }
  return leads_role::registered;
}

/// ec::refused, with what is missing and how to get it, when the wallet is less than that. A caller
/// without a wallet comes by a route that the configuration has opened, and may. `neurons`: of the
/// subnet, in any order.
result<nothing>
admitted(const leads_caller& who, leads_role needed, std::span<const neuron> neurons);

} // namespace sluice
