/// What one report, or the passing of time, writes.
#pragma once

#include "rules/consensus/report_book.hpp"
#include "storage/batch.hpp"

namespace sluice::storage {

/// The rows of a report that `book` has just been handed in with this outcome: the report (only
/// when it was taken, and is used), its head, its validator's history, counts, evidence; reports
/// that are not used any more are erased. `prepared`: as it was put. In one batch with nothing
/// left out, so that the book can be read back at any moment. No error.
void add_report(batch& out, const report_book& book, const status_report& prepared,
                const book_put& outcome);

/// Erases what expire() has released. No error.
void add_expiry(batch& out, const book_expiry& outcome);

} // namespace sluice::storage
