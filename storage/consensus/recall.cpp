#include "storage/consensus/recall.hpp"

#include "storage/consensus/tables.hpp"

namespace sluice::storage {

result<report_book> recall_reports(const data_dir& disk, const consensus_settings& settings,
                                   const std::vector<consensus_validator>& validators) {
  report_book book{settings};
  book.set_validators(validators);
  auto read = tables::consensus_validators.for_each(
    disk, [&](const std::string&, validator_history x) { book.set_history(std::move(x)); });
  if (!read)
    return read.error();
  const auto counts = tables::consensus_counts.find(disk, tables::consensus_counts_key);
  if (!counts)
    return counts.error();
  if (*counts)
    book.set_counts((*counts)->reports, (*counts)->last_number);
  read = tables::consensus_reports.for_each(
    disk, [&](uint64_t, status_report x) { book.put_again(std::move(x)); });
  if (!read)
    return read.error();
  return book;
}

} // namespace sluice::storage
