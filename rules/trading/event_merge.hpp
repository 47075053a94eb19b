/// Adds events to those of a book, each once, whatever order they arrive in.
///
/// Rows without an event index are one event when extrinsic, direction, hotkey, TAO and alpha are
/// equal (README of the vectors, rule 2; coldkey and netuid are those of the book). Rows with an
/// index are one event when extrinsic, index and direction are equal. A row without an index is the
/// same event as one with an index when the former are equal. Of rows of one extrinsic that are
/// equal in this way the earliest time and the least known block count for all; of rows with one
/// index that differ the one that sorts first by hotkey, TAO, alpha counts.
#pragma once

#include "rules/trading/ledger.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace sluice {

/// The text of a key number: in the order of events hotkeys sort as texts.
using key_texts = std::function<std::string_view(uint64_t)>;

struct merged_events {
  std::vector<book_event> events; // in ledger order
  uint64_t added = 0;             // of the new ones
  uint64_t duplicates = 0;        // of the new ones
  bool changed = false;           // against the stored ones: added, or a stored one changed
};

/// `stored`: each once and in ledger order, as this function answered them. `more`: any.
merged_events
merge_events(std::vector<book_event> stored, std::vector<book_event> more, const key_texts& texts);

/// The order of in_ledger_order inside a book.
bool before_in_book(const book_event& a, const book_event& b, const key_texts& texts);

} // namespace sluice
