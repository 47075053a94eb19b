#include "rules/consensus/task_select.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace sluice {

namespace {

bool has_free_place(double load, double capacity) {
  return capacity > 0 && load < capacity;
}

task_choice choice_of(const task_candidate& x) {
  return {x.uid, availability_of(x), x.load, x.capacity, x.specialization};
}

} // namespace

double availability_of(const task_candidate& x) {
  if (x.capacity <= 0)
    return 0;
  constexpr double places = 1e12;
  const double free = std::max(0.0, 1 - x.load / x.capacity);
  const double value = std::max(x.least, std::min(1.0, x.slope * free + x.base));
  return std::round(value * places) / places;
}

size_t wanted_miners(uint64_t required, const std::vector<task_candidate>& all) {
  const auto free = static_cast<uint64_t>(std::ranges::count_if(
    all, [](const task_candidate& x) { return has_free_place(x.load, x.capacity); }));
  return static_cast<size_t>(std::max<uint64_t>(1, std::min(required, free)));
}

std::vector<size_t>
select_miners(const std::vector<task_choice>& all, std::string_view type, size_t count) {
  std::vector<size_t> free;
  std::vector<size_t> fitting;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto& x = all[i];
    if (!has_free_place(x.load, x.capacity))
      continue;
    free.push_back(i);
    if (x.specialization.empty() || x.specialization.contains(std::string{type}))
      fitting.push_back(i);
  }
  auto chosen = fitting.empty() ? std::move(free) : std::move(fitting);
  std::ranges::sort(chosen, [&](size_t a, size_t b) {
    const auto place = [](const task_choice& x) {
      return std::tuple{-x.availability, x.load / x.capacity, x.uid};
    };
    return place(all[a]) < place(all[b]);
  });
  chosen.resize(std::min(chosen.size(), count));
  return chosen;
}

std::vector<size_t>
assign_miners(std::vector<task_candidate>& all, std::string_view type, uint64_t required,
              uint64_t least, const std::set<miner_uid>& avoid) {
  const auto count = wanted_miners(required, all);
  std::vector<task_choice> preferred;
  std::vector<size_t> place; // of a preferred one in `all`
  for (size_t i = 0; i < all.size(); ++i)
    if (has_free_place(all[i].load, all[i].capacity) && !avoid.contains(all[i].uid)) {
      preferred.push_back(choice_of(all[i]));
      place.push_back(i);
    }
  std::vector<size_t> chosen;
  for (const auto i : select_miners(preferred, type, count))
    chosen.push_back(place[i]);
  if (chosen.size() < count && !avoid.empty()) {
    std::vector<task_choice> others(all.size()); // no capacity: those that are chosen
    for (size_t i = 0; i < all.size(); ++i)
      if (avoid.contains(all[i].uid))
        others[i] = choice_of(all[i]);
      else
        others[i].capacity = 0;
    for (const auto i : select_miners(others, type, count - chosen.size()))
      chosen.push_back(i);
  }
  if (chosen.size() < std::max<uint64_t>(1, least))
    return {};
  for (const auto i : chosen)
    all[i].load += 1;
  return chosen;
}

} // namespace sluice
