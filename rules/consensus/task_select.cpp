#include "rules/consensus/task_select.hpp"

#include <algorithm>
#include <tuple>

namespace sluice {

namespace {

bool is_specialist(const task_choice& x, std::string_view type) {
  return x.task_types.empty() || std::ranges::binary_search(x.task_types, type);
}

/// The chosen ones of those of `all` that are free and that `wanted` takes; indices into `all`.
template <class Wanted>
std::vector<size_t> select_among(const std::vector<available_miner>& all, std::string_view type,
                                 size_t count, const consensus_settings& settings, Wanted wanted) {
  std::vector<task_choice> choices;
  std::vector<size_t> places;
  for (size_t i = 0; i < all.size(); ++i)
    if (is_free(all[i]) && wanted(all[i])) {
      const auto& x = all[i];
      choices.push_back({x.uid, availability_of(x, settings), x.load, x.capacity, x.task_types});
      places.push_back(i);
    }
  auto chosen = select_miners(choices, type, count);
  for (auto& i : chosen)
    i = places[i];
  return chosen;
}

} // namespace

std::vector<size_t>
select_miners(const std::vector<task_choice>& all, std::string_view type, size_t count) {
  std::vector<size_t> free;
  std::vector<size_t> specialists;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto& x = all[i];
    if (x.capacity <= 0 || x.load >= x.capacity)
      continue;
    free.push_back(i);
    if (is_specialist(x, type))
      specialists.push_back(i);
  }
  auto chosen = specialists.empty() ? std::move(free) : std::move(specialists);
  const auto place = [&all](size_t i) {
    const auto& x = all[i];
    return std::tuple{-x.availability, x.load / x.capacity, x.uid};
  };
  std::ranges::sort(chosen, [&place](size_t a, size_t b) { return place(a) < place(b); });
  chosen.resize(std::min(chosen.size(), count));
  return chosen;
}

size_t wanted_miners(uint64_t required, const std::vector<available_miner>& all) {
  const auto free = static_cast<uint64_t>(std::ranges::count_if(all, is_free));
  return static_cast<size_t>(std::max<uint64_t>(1, std::min(required, free)));
}

std::vector<size_t>
assign_miners(std::vector<available_miner>& all, std::string_view type, uint64_t required,
              uint64_t least, const std::set<miner_uid>& avoid,
              const consensus_settings& settings) {
  const auto count = wanted_miners(required, all);
  const auto avoided = [&avoid](const available_miner& x) { return avoid.contains(x.uid); };
  auto chosen = select_among(all, type, count, settings,
                             [&avoided](const available_miner& x) { return !avoided(x); });
  if (chosen.size() < count && !avoid.empty())
    for (const auto i : select_among(all, type, count - chosen.size(), settings, avoided))
      chosen.push_back(i);
  if (chosen.size() < std::max<uint64_t>(1, least))
    return {};
  for (const auto i : chosen)
    all[i].load += 1;
  return chosen;
}

} // namespace sluice
