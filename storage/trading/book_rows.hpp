/// The rows of one book: what is stored, what should be, and the writes between the two.
#pragma once

#include "rules/trading/event_merge.hpp"
#include "rules/trading/ledger.hpp"
#include "storage/batch.hpp"
#include "storage/data_dir.hpp"
#include "storage/trading/records.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sluice::storage {

/// Texts of key numbers: those on disk, read when asked for, and new ones.
class key_store {
public:
  explicit key_store(const data_dir& disk) : disk_(&disk) {}

  /// The number of a key, which is remembered. Refused when another key has the same number;
  /// other faults as the disk reports.
  result<uint64_t> number_of(const std::string& key);
  /// The text; "#NUMBER" when it is nowhere.
  const std::string& text_of(uint64_t number);
  /// For before_in_book; must not outlive this.
  key_texts texts();
  /// Writes those that are not on disk yet, once.
  void write_new(batch& out);

private:
  const data_dir* disk_;
  std::unordered_map<std::string, uint64_t> numbers_; // looked up, never walked
  std::unordered_map<uint64_t, std::string> texts_;   // the same
  std::map<uint64_t, std::string> new_;
};

/// What is stored of a book that everything else follows from.
struct stored_book {
  std::vector<book_event> events; // in ledger order
  std::optional<book_base> base;
};
result<stored_book> read_book(const data_dir& disk, const book_id& id);

/// Key and value of a row as bytes.
using row_bytes = std::vector<std::pair<std::string, std::string>>;

/// The rows of a book, one table each, in key order.
struct book_rows {
  row_bytes events;
  row_bytes trades;
  row_bytes lots;
  row_bytes books;
};
book_rows rows_of_book(const book_id& id, const std::vector<book_event>& events,
                       const derived_book& derived, bool has_base);

/// How many rows a comparison saw.
struct row_comparison {
  uint64_t same = 0;
  uint64_t different = 0; // other bytes
  uint64_t missing = 0;   // should be there
  uint64_t too_many = 0;  // should not be there
  uint64_t wrong() const { return different + missing + too_many; }
};

/// Adds the writes that make the stored rows of a book these: trades before lots before events.
/// `out` may be null: only compared.
result<row_comparison>
write_book(const data_dir& disk, const book_id& id, book_rows rows, batch* out);

/// Every book that any table has rows of, ascending. Reads one row per book and table.
result<std::vector<book_id>> all_book_ids(const data_dir& disk);

} // namespace sluice::storage
