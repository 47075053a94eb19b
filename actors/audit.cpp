#include "actors/audit.hpp"

#include "actors/audit_check.hpp"
#include "storage/tables.hpp"

#include <iterator>
#include <map>
#include <optional>

namespace sluice {

namespace tables = storage::tables;

result<audit_finding> audit_weights(const storage::data_dir& disk) {
  audit_check check{{"weights", "", 0}};
  std::map<std::string, inclusion> chain;
  auto blocks = tables::extrinsics.for_each(disk, [&](uint64_t number, const inclusion& x) {
    check.same("extrinsic " + std::to_string(number) + ".nonce", x.extrinsic.nonce, number);
    check.same("extrinsic " + x.hash + " included before", chain.contains(x.hash), false);
    chain.emplace(x.hash, x);
  });
  if (!blocks)
    return blocks.error();
  size_t sent = 0;
  auto rows = tables::published.for_each(disk, [&](epoch_no epoch, const publish_record& x) {
    const auto what = "epoch " + std::to_string(epoch.value);
    const auto i = chain.find(x.hash);
    const bool there = i != chain.end();
    sent += there ? 1 : 0;
    if (x.status != publish_status::confirmed)
      return;
    check.same(what + " on chain", true, there);
    check.same(what + ".read_back", x.row, x.read_back);
    if (there)
      check.same(what + ".error", std::string{}, i->second.error);
  });
  if (!rows)
    return rows.error();
  check.same("extrinsics of our epochs", sent, chain.size());
  return check.found;
}

namespace {

/// Extrinsics are numbered from 0, so those that are missing in front were removed.
result<std::optional<audit_finding>> removed_weights(const storage::data_dir& disk) {
  std::optional<uint64_t> first;
  auto read = tables::extrinsics.for_each(disk, [&](uint64_t number, const inclusion&) {
    first = number;
    return false;
  });
  if (!read)
    return read.error();
  if (first.value_or(0) == 0)
    return std::optional<audit_finding>{};
  audit_finding found{"extrinsics 0 to " + std::to_string(*first - 1), "", 0};
  found.note = "removed by retention (storage.keep_epochs), with their weights: not audited";
  return std::optional{std::move(found)};
}

} // namespace

result<std::vector<audit_finding>>
audit_everything(const storage::data_dir& disk, mechanism_list mechanisms,
                 const audit_scope& scope) {
  std::vector<audit_finding> all;
  for (const auto* module : mechanisms) {
    auto found = module->audit(disk, scope);
    if (!found)
      return found.error();
    std::move(found->begin(), found->end(), std::back_inserter(all));
  }
  auto weights = audit_weights(disk);
  if (!weights)
    return weights.error();
  all.push_back(*std::move(weights));
  auto gone = removed_weights(disk);
  if (!gone)
    return gone.error();
  if (*gone)
    all.push_back(**std::move(gone));
  return all;
}

} // namespace sluice
