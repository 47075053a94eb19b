#include "rules/leads/delivery.hpp"

#include "rules/leads/timestamp.hpp"

#include <utility>

namespace sluice {

std::vector<lead> attributed(std::vector<lead> of_miner, const hotkey& miner, int64_t now_us,
                             const known_source& source) {
  std::vector<lead> out;
  out.reserve(of_miner.size());
  const auto now = lead_time::of_text(iso_text(now_us));
  for (auto& x : of_miner) {
    if (!check_bounds(x, "lead"))
      continue;
    const auto ident = pool_ident_of(x);
    auto first = ident.empty() ? std::string{} : source(ident);
    if (!first.empty())
      x.source = std::move(first);
    else if (x.source.empty())
      x.source = miner.value;
    x.curated_by = miner.value;
    x.created_at = now;
    out.push_back(std::move(x));
  }
  return out;
}

} // namespace sluice
