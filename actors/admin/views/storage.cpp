// What the folder holds, and what operators did.
#include "actors/admin/views/parts.hpp"
#include "storage/sizes.hpp"
#include "storage/tables.hpp"

namespace sluice::views {

namespace tables = storage::tables;

result<json> storage_used(const storage::data_dir& disk) {
  json shown{{"folder", disk.path().string()},
             {"schema", tables::schema_version},
             {"seed", disk.who().seed},
             {"version", disk.who().version},
             {"configuration", disk.who().config_digest}};
  auto left = storage::free_bytes(disk.path());
  if (!left)
    return left.error();
  shown["disk_free_bytes"] = *left;
  json stores = json::array();
  json rows = json::array();
  for (const auto* store : {&disk.node(), &disk.pool_events(), &disk.devchain()}) {
    auto size = store->size();
    if (!size)
      return size.error();
    stores.push_back({{"store", size->store},
                      {"file_bytes", size->file_bytes},
                      {"used_bytes", size->used_bytes},
                      {"map_bytes", size->map_bytes},
                      {"readers", size->readers}});
    for (const auto& x : size->tables)
      rows.push_back(
        {{"store", size->store}, {"table", x.name}, {"rows", x.rows}, {"size_bytes", x.bytes}});
  }
  shown["stores"] = std::move(stores);
  shown["tables"] = std::move(rows);
  return shown;
}

result<json> actions(const storage::data_dir& disk, uint64_t count) {
  json all = json::array();
  if (count == 0)
    return all;
  auto read = tables::admin_actions.for_prefix_back(
    disk, std::tuple<>{}, [&](uint64_t number, const admin_action& x) {
      all.push_back({{"number", number},
                     {"time", time_of(x.time_ms / 1000)},
                     {"who", x.who},
                     {"command", x.line},
                     {"outcome", x.outcome}});
      return all.size() < count;
    });
  if (!read)
    return read.error();
  return all;
}

} // namespace sluice::views
