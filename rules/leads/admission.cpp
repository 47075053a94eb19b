#include "rules/leads/admission.hpp"

#include <algorithm>

namespace sluice {

result<nothing>
admitted(const leads_caller& who, leads_role needed, std::span<const neuron> neurons) {
  if (needed == leads_role::anybody || who.wallet.value.empty())
    return nothing{};
  const auto at = std::ranges::find(neurons, who.wallet, &neuron::key);
  if (at == neurons.end())
    return fault{ec::refused, who.wallet.value
                                + " is not registered on this subnet: expected the wallet of one "
                                  "of its neurons"};
  if (needed == leads_role::validator && !at->permit)
    return fault{ec::refused, who.wallet.value
                                + " has no validator permit: expected the wallet of a validator of "
                                  "this subnet"};
  return nothing{};
}

} // namespace sluice
