/// Follows the pages of an LMDB file without LMDB: damage that would end the process is a sentence.
#pragma once

#include "rules/result.hpp"
#include "storage/meta_page.hpp"

#include <cstdint>
#include <filesystem>

namespace sluice::storage {

/// LMDB need not write the last pages that it counts, of those that were taken and given back in
/// one transaction: so many may be missing at most before anything is read. A bound for memory.
inline constexpr uint64_t loose_pages_max = 1 << 20;

/// `pages_max`: of leaf pages, from 0; beyond it only branch pages are read.
struct page_check_limits {
  uint64_t pages_max = 1 << 18; // 1 GiB of pages of 4 KiB
};

/// What was read.
struct page_check_report {
  uint64_t pages = 0;   // pages read
  uint64_t rows = 0;    // of tables, met on them
  bool all = true;      // false: there are more leaf pages than `pages_max`
  uint64_t highest = 0; // the highest page that is in use
};

/// Reads every page that the meta page `from` leads to, of all tables and of the list of free
/// pages, with pread(2): each has to be of its kind, inside the file, with nodes that lie on it and
/// numbers of rows and pages as stated; no page is met twice. Contents of rows are not read. Nobody
/// may write the file meanwhile, or a read transaction of `from` has to be open. Faults:
/// corrupt_data with the page and what is wrong with it; else as disk_fault.
result<page_check_report> check_pages(const std::filesystem::path& folder, const meta_page& from,
                                      const page_check_limits& limits = {});

} // namespace sluice::storage
