#include "storage/schema.hpp"

#include "storage/data_dir.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::storage {

namespace {

/// New tables begin empty; opening the folder has made them.
result<batch> nothing_to_rewrite(const data_dir&) {
  return batch{};
}

/// Both, one after the other.
std::function<result<batch>(const data_dir&)>
joined(std::function<result<batch>(const data_dir&)> a,
       std::function<result<batch>(const data_dir&)> b) {
  return [a = std::move(a), b = std::move(b)](const data_dir& dir) -> result<batch> {
    auto writes = a(dir);
    if (!writes)
      return writes;
    auto more = b(dir);
    if (!more)
      return more;
    std::move(more->writes.begin(), more->writes.end(), std::back_inserter(writes->writes));
    return writes;
  };
}

void add(schema& whole, const migration& step) {
  const auto same = std::find_if(whole.migrations.begin(), whole.migrations.end(),
                                 [&](const auto& x) { return x.from == step.from; });
  if (same == whole.migrations.end())
    return whole.migrations.push_back(step);
  same->what += "; " + step.what;
  same->old_tables.insert(same->old_tables.end(), step.old_tables.begin(), step.old_tables.end());
  same->step = joined(std::move(same->step), step.step);
}

} // namespace

schema schema_with(std::span<const schema_part> parts) {
  using namespace tables;
  schema whole{schema_version,
               names_of(scores_of_mechanisms, published, weight_parts_of_epochs,
                        miner_gateway_incarnations, bans, connected_miners, admin_actions,
                        adopted_configs, allowed_miners, chain_state, extrinsics),
               {{2,
                 "remembers the miner gateway's incarnations, bans and what operators did",
                 {},
                 nothing_to_rewrite},
                {3, "remembers which miners have been connected", {}, nothing_to_rewrite}}};
  for (const auto& part : parts) {
    whole.tables.insert(whole.tables.end(), part.tables.begin(), part.tables.end());
    for (const auto& step : part.migrations)
      add(whole, step);
  }
  for (uint32_t from = 1; from < schema_version; ++from) // a version that changed nothing here
    if (std::ranges::none_of(whole.migrations, [&](const auto& x) { return x.from == from; }))
      whole.migrations.push_back(
        {from, "changes nothing that this program has", {}, nothing_to_rewrite});
  return whole;
}

} // namespace sluice::storage
