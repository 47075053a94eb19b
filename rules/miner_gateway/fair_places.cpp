#include "rules/miner_gateway/fair_places.hpp"

#include <tuple>
#include <utility>

namespace sluice {

namespace {

size_t places_in(const std::map<std::string, std::set<uint64_t>>& groups) {
  size_t all = 0;
  for (const auto& [name, ages] : groups)
    all += ages.size();
  return all;
}

uint64_t oldest_in(const std::map<std::string, std::set<uint64_t>>& groups) {
  uint64_t oldest = 0;
  for (const auto& [name, ages] : groups)
    if (oldest == 0 || *ages.begin() < oldest)
      oldest = *ages.begin();
  return oldest;
}

/// More places first, then the older one.
struct rank_of_group {
  size_t places = 0;
  uint64_t oldest = 0;

  bool before(const rank_of_group& other) const {
    return places != other.places ? places > other.places : oldest < other.oldest;
  }
};

} // namespace

std::optional<uint64_t> fair_places::take(uint64_t id, const std::string& outer,
                                          const std::string& group, uint64_t now_ms) {
  std::optional<uint64_t> out;
  if (const auto age = who_gives_way(outer, group, now_ms)) {
    out = by_age_.at(*age).id;
    remove(*age);
  }
  const auto age = ++last_;
  by_age_[age] = {id, outer, group, now_ms};
  ages_by_id_[id] = age;
  outer_[outer][group].insert(age);
  return out;
}

bool fair_places::give_back(uint64_t id) {
  const auto at = ages_by_id_.find(id);
  if (at == ages_by_id_.end())
    return false;
  remove(at->second);
  return true;
}

void fair_places::remove(uint64_t age) {
  const auto gone = by_age_.extract(age);
  const auto& x = gone.mapped();
  ages_by_id_.erase(x.id);
  const auto outer = outer_.find(x.outer);
  const auto group = outer->second.find(x.group);
  group->second.erase(age);
  if (group->second.empty())
    outer->second.erase(group);
  if (outer->second.empty())
    outer_.erase(outer);
}

std::optional<uint64_t>
fair_places::who_gives_way(const std::string& outer, const std::string& group,
                           uint64_t now_ms) const {
  const auto own_outer = outer_.find(outer);
  if (terms_.group_max != 0 && own_outer != outer_.end())
    if (const auto own = own_outer->second.find(group);
        own != own_outer->second.end() && own->second.size() >= terms_.group_max)
      return *own->second.begin();
  if (by_age_.empty() || by_age_.size() < terms_.all_max)
    return {};
  const auto& [oldest, waits] = *by_age_.begin();
  if (terms_.hold_ms != 0 && now_ms - waits.since_ms >= terms_.hold_ms)
    return oldest;
  const groups* largest = nullptr;
  bool is_own = false;
  rank_of_group best;
  for (const auto& [name, inside] : outer_) {
    const bool own = name == outer;
    const rank_of_group rank{places_in(inside) + (own ? 1 : 0), oldest_in(inside)};
    if (largest == nullptr || rank.before(best))
      std::tie(largest, is_own, best) = std::tuple{&inside, own, rank};
  }
  const ages* most = nullptr;
  for (const auto& [name, inside] : *largest) {
    const rank_of_group rank{inside.size() + (is_own && name == group ? 1 : 0), *inside.begin()};
    if (most == nullptr || rank.before(best))
      std::tie(most, best) = std::tuple{&inside, rank};
  }
  return *most->begin();
}

} // namespace sluice
