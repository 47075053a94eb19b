#include "rules/liquidity/clusters.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace sluice {

namespace {

/// Disjoint sets of indices; the lowest index of a set stands for it.
class index_sets {
public:
  explicit index_sets(size_t n) : parents_(n) {
    std::iota(parents_.begin(), parents_.end(), size_t{0});
  }
  size_t root(size_t i) {
    while (parents_[i] != i)
      i = parents_[i] = parents_[parents_[i]];
    return i;
  }
  /// False when they were in one set already.
  bool join(size_t a, size_t b) {
    const auto first = root(a), second = root(b);
    parents_[std::max(first, second)] = std::min(first, second);
    return first != second;
  }
  /// The sets of two or more, by lowest index; indices ascending.
  std::map<size_t, std::vector<size_t>> groups() {
    std::map<size_t, std::vector<size_t>> all;
    for (size_t i = 0; i < parents_.size(); ++i)
      all[root(i)].push_back(i);
    std::erase_if(all, [](const auto& x) { return x.second.size() < 2; });
    return all;
  }

private:
  std::vector<size_t> parents_;
};

/// Adds who led among `group`, which equal plans join; the one who led in most rounds goes to
/// `takers`.
void add_leads(miner_cluster& to, std::vector<miner_uid>& takers, const plan_history& history,
               const std::vector<cluster_member>& members, const std::vector<size_t>& group) {
  std::vector<hotkey> keys;
  for (const auto i : group)
    keys.push_back(members[i].key);
  const auto found = history.leads(keys);
  for (size_t i = 0; i < group.size(); ++i) {
    const auto uid = members[group[i]].uid;
    if (found.led[i] > 0)
      to.leads.push_back({uid, found.led[i], found.rounds});
    if (found.led[i] > found.rounds / 2)
      takers.push_back(uid);
  }
}

} // namespace

std::vector<miner_cluster>
clusters_of(const plan_history& history, std::vector<cluster_member> members) {
  std::ranges::sort(members, {}, &cluster_member::uid);
  index_sets joined{members.size()}, alike{members.size()};
  std::vector<std::pair<size_t, cluster_pair>> joints; // with the first one's index
  std::vector<std::optional<uint32_t>> slots;
  for (const auto& x : members)
    slots.push_back(history.find(x.key));
  for (size_t b = 0; b < members.size(); ++b)
    for (size_t a = 0; a < b; ++a) {
      const bool one_owner
        = !members[a].coldkey.empty() && members[a].coldkey == members[b].coldkey;
      const auto plans = history.compare(slots[a], slots[b]);
      if (equal_plans(plans))
        (void)alike.join(a, b);
      if ((one_owner || equal_plans(plans)) && joined.join(a, b))
        joints.push_back(
          {a, {members[a].uid, members[b].uid, one_owner, plans.questions, plans.equal}});
    }
  const auto groups_alike = alike.groups();
  std::vector<miner_cluster> all;
  for (const auto& [root, group] : joined.groups()) {
    miner_cluster cluster;
    for (const auto i : group)
      cluster.members.push_back(members[i].uid);
    for (const auto& [a, pair] : joints)
      if (joined.root(a) == root)
        cluster.pairs.push_back(pair);
    std::vector<miner_uid> takers;
    for (const auto& [first, part] : groups_alike)
      if (joined.root(first) == root)
        add_leads(cluster, takers, history, members, part);
    if (takers.size() == 1)
      cluster.takes = takers.front();
    std::ranges::sort(cluster.leads, {}, &cluster_lead::uid);
    std::ranges::sort(cluster.pairs, {}, [](const auto& x) { return std::pair{x.a, x.b}; });
    all.push_back(std::move(cluster));
  }
  return all;
}

} // namespace sluice
