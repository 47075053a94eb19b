#include "storage/retention.hpp"

#include "storage/data_dir.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace sluice::storage {

namespace {

/// Epochs that may go, oldest first, at most `most`; of rows before the newest confirmed one.
result<std::vector<publish_record>>
epochs_to_remove(const data_dir& disk, uint64_t keep, size_t most) {
  uint64_t newer = 0;
  bool confirmed = false;
  std::optional<epoch_no> last; // the newest one that may go
  auto read = tables::published.for_prefix_back(
    disk, std::tuple<>{}, [&](epoch_no epoch, const publish_record& x) {
      if (newer++ >= keep && confirmed) {
        last = epoch;
        return false;
      }
      confirmed = confirmed || x.status == publish_status::confirmed;
      return true;
    });
  std::vector<publish_record> found;
  if (!read)
    return read.error();
  if (!last)
    return found;
  read = tables::published.for_each(disk, [&](epoch_no epoch, publish_record x) {
    if (epoch > *last || found.size() >= most)
      return false;
    found.push_back(std::move(x));
    found.back().epoch = epoch;
    return true;
  });
  if (!read)
    return read.error();
  return found;
}

/// The extrinsics with these hashes are among the first ones, in the order of their epochs; some
/// were never included.
result<nothing>
erase_extrinsics(const data_dir& disk, std::set<std::string> hashes, batch& writes) {
  uint64_t looked_at = 0;
  return tables::extrinsics.for_each(disk, [&](uint64_t number, const inclusion& x) {
    if (hashes.erase(x.hash) > 0)
      tables::extrinsics.erase(writes, number);
    return !hashes.empty() && ++looked_at < retention_erases_max;
  });
}

result<nothing>
plan_epochs(const data_dir& disk, const storage_settings& settings, retention_portion& out) {
  constexpr size_t epochs_max = retention_erases_max / 3;
  const auto gone = epochs_to_remove(disk, settings.keep_epochs, epochs_max);
  if (!gone || gone->empty())
    return gone ? result<nothing>{nothing{}} : gone.error();
  std::set<std::string> hashes;
  for (const auto& x : *gone) {
    tables::published.erase(out.writes, x.epoch);
    tables::weight_parts_of_epochs.erase(out.writes, x.epoch);
    if (!x.hash.empty())
      hashes.insert(x.hash);
  }
  out.more = gone->size() == epochs_max;
  out.what = "weights of epochs " + std::to_string(gone->front().epoch.value) + " to "
             + std::to_string(gone->back().epoch.value);
  return hashes.empty() ? result<nothing>{nothing{}}
                        : erase_extrinsics(disk, std::move(hashes), out.writes);
}

result<nothing>
plan_actions(const data_dir& disk, const storage_settings& settings, retention_portion& out) {
  const auto last = tables::admin_actions.last(disk);
  if (!last)
    return last.error();
  if (!*last || (*last)->first < settings.keep_actions)
    return nothing{};
  const auto until = (*last)->first + 1 - settings.keep_actions; // the first that stays
  uint64_t erased = 0;
  auto read = tables::admin_actions.for_each(disk, [&](uint64_t number, const admin_action&) {
    if (number >= until || erased >= retention_erases_max)
      return false;
    tables::admin_actions.erase(out.writes, number);
    ++erased;
    return true;
  });
  if (erased > 0)
    out.what = "actions before " + std::to_string(until);
  out.more = out.more || erased >= retention_erases_max;
  return read;
}

} // namespace

result<retention_portion>
plan_general_retention(const data_dir& disk, const storage_settings& settings) {
  retention_portion out;
  if (settings.keep_epochs > 0)
    if (auto planned = plan_epochs(disk, settings, out); !planned)
      return planned.error();
  if (settings.keep_actions > 0 && out.writes.writes.empty()) {
    if (auto planned = plan_actions(disk, settings, out); !planned)
      return planned.error();
  } else if (settings.keep_actions > 0) {
    out.more = true; // the actions have a portion of their own
  }
  return out;
}

} // namespace sluice::storage
