#include "storage/folder_backup.hpp"
#include "storage/folder_swap.hpp"

#include <string>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

fs::path compacting_place(const fs::path& data, const store_place& x) {
  return data / (std::string{x.folder} + ".compact");
}

} // namespace

result<std::vector<compacted_store>>
make_compacted(const fs::path& data, uint32_t schema_max, work_progress& progress) {
  auto set = folder_set::open(data, schema_max);
  if (!set)
    return set.error();
  if (auto begun = set->begin(); !begun)
    return begun.error();
  uint64_t rows = 0;
  for (const auto& store : set->stores())
    for (const auto& table : store.tables())
      rows += table.rows;
  progress.done(0, 2 * rows);
  std::vector<compacted_store> made;
  for (size_t i = 0; i < set->stores().size(); ++i) {
    auto& store = set->stores()[i];
    const auto before = store.file_bytes();
    if (!before)
      return before.error();
    const auto copied
      = copy_store(store, compacting_place(data, store_places[i]), "data.mdb", progress);
    if (!copied)
      return copied.error();
    made.push_back({store.store(), *before, copied->file.bytes});
  }
  return made;
}

result<nothing> use_compacted(const fs::path& data) {
  for (const auto& x : store_places) {
    const auto made = compacting_place(data, x);
    // The whole folder with LMDB's lock file: whoever reads the old file goes on with the old lock.
    if (auto placed = put_in_place(made, data / x.folder, made); !placed)
      return placed;
  }
  return nothing{};
}

void drop_compacted(const fs::path& data) {
  for (const auto& x : store_places) {
    std::error_code ignored;
    fs::remove_all(compacting_place(data, x), ignored);
  }
}

} // namespace sluice::storage
