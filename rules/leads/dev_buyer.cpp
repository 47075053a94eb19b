#include "rules/leads/dev_buyer.hpp"

#include "rules/chain/sha256.hpp"

#include <array>
#include <string_view>

namespace sluice {

namespace {

constexpr std::array<std::string_view, 6> buyer_wishes{
  "robotics suppliers in the north",     "software companies that sell to clinics",
  "bakeries with more than ten ovens",   "freight companies in the east",
  "garden centres that open new places", "textile makers that look for machines"};

sha256_digest chance_of(uint64_t seed, uint64_t step, uint64_t number) {
  return sha256("buyer " + std::to_string(seed) + ' ' + std::to_string(step) + ' '
                + std::to_string(number));
}

} // namespace

std::vector<buyer_request> buyer_requests(uint64_t seed, uint64_t step) {
  const auto count = chance_of(seed, step, 0)[0] % (buyer_requests_max + 1);
  std::vector<buyer_request> made;
  for (uint64_t i = 1; i <= (count == 0 && step == 1 ? 1 : count); ++i) {
    const auto chance = chance_of(seed, step, i);
    made.push_back({"dev-" + std::to_string(step) + '-' + std::to_string(i),
                    1 + chance[0] % uint64_t{10},
                    std::string{buyer_wishes[chance[1] % buyer_wishes.size()]}});
  }
  return made;
}

std::vector<sourced_batch>
sourced_batches(const std::vector<dev_lead_miner>& miners, uint64_t step) {
  std::vector<sourced_batch> made;
  for (const auto& x : miners)
    if (auto prospects = sourced_prospects(x.what, x.key, step); !prospects.empty())
      made.push_back({x.key, std::move(prospects)});
  return made;
}

} // namespace sluice
