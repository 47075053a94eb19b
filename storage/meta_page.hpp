/// The first two pages of an LMDB file, read by ourselves: what LMDB would believe without looking.
#pragma once

#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::storage {

/// One tree of pages as LMDB describes it (MDB_db in mdb.c of 0.9). Numbers of pages count from 0;
/// `root` is UINT64_MAX when it is empty.
struct page_tree {
  uint16_t flags = 0;
  uint16_t depth = 0;
  uint64_t branch_pages = 0;
  uint64_t leaf_pages = 0;
  uint64_t overflow_pages = 0;
  uint64_t rows = 0;
  uint64_t root = UINT64_MAX;
  bool operator==(const page_tree&) const = default;
};

/// One of the two meta pages. `page_bytes`: 512 to 65536, a power of two.
struct meta_page {
  uint32_t page_bytes = 0;
  uint64_t last_page = 0; // the highest that was ever used
  uint64_t commit = 0;    // LMDB's own number of the transaction
  page_tree free_pages;
  page_tree tables; // the names of all tables
  bool operator==(const meta_page&) const = default;
};

/// `file_bytes`: how long the file is.
struct file_head {
  std::array<meta_page, 2> metas;
  uint64_t file_bytes = 0;

  /// The one that LMDB takes: the later commit.
  const meta_page& newest() const { return metas[metas[0].commit < metas[1].commit ? 1 : 0]; }
  /// Bytes of all pages that are counted. The file may be shorter: LMDB need not write pages that
  /// were taken and given back in one transaction.
  uint64_t counted_bytes() const { return (newest().last_page + 1) * newest().page_bytes; }
};

/// How a store's file is before LMDB opens it.
enum class file_state : uint8_t {
  missing,
  empty, // 0 bytes
  whole, // two meta pages that agree; the pages themselves are page_check's business
};

struct file_look {
  file_state state = file_state::missing;
  std::optional<file_head> head; // when it is whole
};

/// Reads the head of FOLDER/data.mdb with pread(2): nothing is mapped, changed or created. Faults:
/// corrupt_data ("not an LMDB file of ours: FOLDER", or that it ends inside its first pages); else
/// as disk_fault.
result<file_look> look_at_file(const std::filesystem::path& folder);

/// One meta page out of its first 152 bytes; nothing when it cannot be one. `number`: 0 or 1.
std::optional<meta_page> parse_meta_page(std::string_view bytes, uint64_t number);

/// A tree out of its 48 bytes, as metas and the tables' own rows hold it; not checked.
page_tree parse_page_tree(std::string_view bytes);

} // namespace sluice::storage
