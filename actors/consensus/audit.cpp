#include "actors/consensus/audit.hpp"

#include "actors/audit_check.hpp"
#include "actors/consensus/stored_book.hpp"
#include "actors/consensus/task_audit.hpp"
#include "storage/consensus/steps.hpp"
#include "storage/consensus/tables.hpp"

#include <set>
#include <string>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// Every stored report has the checksum that was stored with it, and none is missing.
result<audit_finding> audit_reports(const storage::data_dir& disk) {
  audit_check check{{"reports of consensus", "", 0}};
  std::set<uint64_t> checked;
  std::optional<fault> bad;
  auto read
    = tables::consensus_reports.for_each(disk, [&](uint64_t number, const status_report& x) {
        const auto stored = tables::consensus_checksums.find(disk, number);
        if (!stored) {
          bad = stored.error();
          return false;
        }
        checked.insert(number);
        const auto what = "checksum of report " + std::to_string(number);
        check.same(what, stored->value_or(0), storage::report_checksum(x));
        return true;
      });
  if (!read || bad)
    return bad ? *bad : read.error();
  read = tables::consensus_checksums.for_each(disk, [&](uint64_t number, uint64_t) {
    if (!checked.contains(number) && check.found.difference.empty())
      check.found.difference = "report " + std::to_string(number) + " is missing";
    ++check.found.checked;
  });
  if (!read)
    return read.error();
  return check.found;
}

} // namespace

result<std::vector<audit_finding>> audit_consensus(const storage::data_dir& disk) {
  auto reports = audit_reports(disk);
  if (!reports)
    return reports.error();
  const auto stored = read_stored_book(disk);
  if (!stored)
    return stored.error();
  audit_check records{{"records of consensus", "", 0}};
  if (!stored->status.rules.weights.reputation) // else they hang on what was merged in between
    records.same("statistics", stored->status.statistics,
                 stored->book.stats(stored->status.now_ms));
  auto tasks = audit_tasks(disk);
  if (!tasks)
    return tasks.error();
  return std::vector{*std::move(reports), records.found, *std::move(tasks)};
}

} // namespace sluice
