#include "storage/page_check.hpp"

#include "storage/disk_fault.hpp"
#include "storage/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace sluice::storage {

namespace {

// Pages of LMDB 0.9 with 64 bits: a header of 16 bytes (number, two unused, flags, lower, upper, or
// instead of these two the number of overflow pages), offsets of nodes of two bytes each up to
// `lower`, nodes from `upper` on. A node: size or page (lo, hi, flags), size of its key, key, data.
constexpr size_t header_bytes = 16;
constexpr size_t node_bytes = 8;
constexpr size_t tree_row_bytes = 48;
constexpr uint16_t branch_flag = 0x01;
constexpr uint16_t leaf_flag = 0x02;
constexpr uint16_t overflow_flag = 0x04;
constexpr uint16_t big_data = 0x01;
constexpr uint16_t sub_data = 0x02;
constexpr uint16_t dup_data = 0x04;
constexpr size_t depth_most = 32; // LMDB's own bound

template <class T>
T number_in(std::string_view bytes, size_t at) {
  T x{};
  std::memcpy(&x, bytes.data() + at, sizeof x);
  return x;
}

struct page_node {
  std::string_view key;
  uint64_t child = 0;    // of a branch
  uint64_t bytes = 0;    // of a leaf's data
  uint64_t overflow = 0; // page where they are, if not here
  std::string_view data; // if here
  bool is_tree = false;
};

/// Keys of the page may be from `least` on and below `below`; null: without bound.
struct key_bounds {
  std::optional<std::string_view> least;
  std::optional<std::string_view> below;
};

enum class tree_kind : uint8_t { free_pages, tables, rows };

class page_walk {
public:
  page_walk(int fd, const std::filesystem::path& folder, const meta_page& meta, uint64_t file_bytes,
            const page_check_limits& limits)
    : fd_(fd), folder_(folder), meta_(meta), file_pages_(file_bytes / meta.page_bytes),
      leaves_left_(limits.pages_max), seen_(meta.last_page + 1) {}

  bool all() {
    seen_[0] = seen_[1] = true;
    return tree(meta_.tables, tree_kind::tables) && tree(meta_.free_pages, tree_kind::free_pages);
  }
  const page_check_report& report() const { return report_; }
  const fault& wrong() const { return wrong_; }

private:
  struct counts {
    uint64_t branches = 0, leaves = 0, overflows = 0, rows = 0;
  };

  bool bad(uint64_t page, const std::string& what) {
    wrong_ = {ec::corrupt_data, folder_.string() + ": the file is damaged: page "
                                  + std::to_string(page) + ' ' + what};
    return false;
  }

  /// `count` pages from `first` on are used here, and by nobody else.
  bool use(uint64_t first, uint64_t count, uint64_t whose) {
    if (first < 2 || count == 0 || first > meta_.last_page || count > meta_.last_page - first + 1)
      return bad(whose, "points to page " + std::to_string(first) + ", of "
                          + std::to_string(meta_.last_page + 1) + " that are counted");
    if (first + count > file_pages_)
      return bad(whose, "points to page " + std::to_string(first + count - 1)
                          + ", and the file ends before it: it was cut");
    for (auto i = first; i < first + count; ++i) {
      if (seen_[i])
        return bad(whose, "points to page " + std::to_string(i) + ", which is used already");
      seen_[i] = true;
    }
    report_.highest = std::max(report_.highest, first + count - 1);
    return true;
  }

  bool read(uint64_t page, uint64_t bytes, std::string& into) {
    into.resize(bytes);
    const auto begin = page * meta_.page_bytes;
    for (size_t count = 0; count < bytes;) {
      const auto n
        = ::pread(fd_, into.data() + count, bytes - count, static_cast<off_t>(begin + count));
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0) {
        wrong_ = disk_fault(errno, folder_, "read page " + std::to_string(page));
        return false;
      }
      if (n == 0)
        return bad(page, "is beyond the end of the file: it was cut");
      count += static_cast<size_t>(n);
    }
    ++report_.pages;
    return true;
  }

  bool tree(const page_tree& x, tree_kind kind) {
    if (x.root == UINT64_MAX)
      return true;
    if (x.depth == 0 || x.depth > depth_most)
      return bad(x.root, "is said to head a tree of " + std::to_string(x.depth) + " levels");
    counts met;
    const bool was_all = report_.all;
    report_.all = true;
    if (!page(x.root, x.depth, kind, {}, x.root, met))
      return false;
    const bool complete = report_.all;
    report_.all = was_all && complete;
    if (complete
        && (met.rows != x.rows || met.branches != x.branch_pages || met.leaves != x.leaf_pages
            || met.overflows != x.overflow_pages))
      return bad(x.root, "states " + std::to_string(x.rows) + " rows below it and has "
                           + std::to_string(met.rows) + ", or another number of pages");
    if (kind == tree_kind::rows)
      report_.rows += met.rows;
    return true;
  }

  /// `levels`: from this page down; 1: a leaf.
  bool page(uint64_t number, size_t levels, tree_kind kind, const key_bounds& bounds,
            uint64_t whose, counts& met) {
    if (!use(number, 1, whose))
      return false;
    if (levels == 1 && kind == tree_kind::rows) {
      if (leaves_left_ == 0) {
        report_.all = false;
        return true;
      }
      --leaves_left_;
    }
    std::string bytes;
    if (!read(number, meta_.page_bytes, bytes))
      return false;
    const bool leaf = levels == 1;
    (leaf ? met.leaves : met.branches) += 1;
    const auto flags = number_in<uint16_t>(bytes, 10);
    const size_t lower = number_in<uint16_t>(bytes, 12), upper = number_in<uint16_t>(bytes, 14);
    if (number_in<uint64_t>(bytes, 0) != number || flags != (leaf ? leaf_flag : branch_flag))
      return bad(number, leaf ? "is no page of rows" : "is no page of keys");
    const auto top = upper == 0 && meta_.page_bytes == 65'536 ? size_t{65'536} : upper;
    if (lower < header_bytes || lower % 2 != 0 || lower > top || top > meta_.page_bytes)
      return bad(number, "has no sound list of nodes");
    const auto nodes = (lower - header_bytes) / 2;
    if (nodes == 0 || (!leaf && nodes < 2 && kind != tree_kind::free_pages))
      return bad(number, "has too few nodes");
    uint64_t used = 0; // they lie side by side, each on an even number of bytes
    page_node one;
    for (size_t i = 0; i < nodes; ++i) {
      if (!node_at(number, bytes, i, leaf, one))
        return false;
      const auto size = node_bytes + one.key.size() + one.data.size();
      used += size + size % 2;
    }
    if (used != meta_.page_bytes - top)
      return bad(number, "has nodes that do not fit into it");
    return leaf ? leaf_nodes(number, bytes, nodes, kind, bounds, met)
                : branch_nodes(number, bytes, nodes, levels, kind, bounds, met);
  }

  bool node_at(uint64_t page, std::string_view bytes, size_t i, bool leaf, page_node& out) {
    const size_t at = number_in<uint16_t>(bytes, header_bytes + 2 * i);
    if (at < number_in<uint16_t>(bytes, 14) || at + node_bytes > bytes.size())
      return bad(page, "has a node beyond its end");
    const uint64_t low = number_in<uint16_t>(bytes, at), high = number_in<uint16_t>(bytes, at + 2);
    const auto flags = number_in<uint16_t>(bytes, at + 4);
    const size_t key_bytes = number_in<uint16_t>(bytes, at + 6);
    const auto begin = at + node_bytes;
    if (begin + key_bytes > bytes.size())
      return bad(page, "has a key beyond its end");
    out = {};
    out.key = bytes.substr(begin, key_bytes);
    if (!leaf) {
      out.child = low | high << 16U | uint64_t{flags} << 32U;
      return true;
    }
    if ((flags & ~(big_data | sub_data)) != 0 || (flags & dup_data) != 0)
      return bad(page, "has a node of a kind that no table here has");
    out.bytes = low | high << 16U;
    out.is_tree = (flags & sub_data) != 0;
    const bool elsewhere = (flags & big_data) != 0;
    const auto data_bytes = elsewhere ? 8 : out.bytes;
    if (data_bytes > bytes.size() - begin - key_bytes)
      return bad(page, "has a value beyond its end");
    out.data = bytes.substr(begin + key_bytes, data_bytes);
    if (elsewhere)
      out.overflow = number_in<uint64_t>(out.data, 0);
    return true;
  }

  bool in_order(uint64_t page, std::string_view key, std::optional<std::string_view> before,
                const key_bounds& bounds, tree_kind kind) {
    if (kind == tree_kind::free_pages) {
      if (key.size() != 8)
        return bad(page, "has a list of free pages without its number");
      return !before || number_in<uint64_t>(key, 0) > number_in<uint64_t>(*before, 0)
             || bad(page, "has keys out of order");
    }
    if ((before && key <= *before) || (bounds.least && key < *bounds.least)
        || (bounds.below && key >= *bounds.below))
      return bad(page, "has keys out of order");
    return true;
  }

  bool branch_nodes(uint64_t page_no, std::string_view bytes, size_t nodes, size_t levels,
                    tree_kind kind, const key_bounds& bounds, counts& met) {
    page_node at;
    page_node next;
    std::optional<std::string_view> before;
    if (!node_at(page_no, bytes, 0, false, at))
      return false;
    for (size_t i = 0; i < nodes; ++i) {
      const bool has_next = i + 1 < nodes;
      if (has_next && !node_at(page_no, bytes, i + 1, false, next))
        return false;
      if (has_next && !in_order(page_no, next.key, before, bounds, kind))
        return false;
      key_bounds inside = bounds;
      if (i > 0)
        inside.least = at.key;
      if (has_next)
        inside.below = next.key;
      if (!page(at.child, levels - 1, kind, inside, page_no, met))
        return false;
      before = next.key;
      at = next;
    }
    return true;
  }

  bool leaf_nodes(uint64_t page_no, std::string_view bytes, size_t nodes, tree_kind kind,
                  const key_bounds& bounds, counts& met) {
    std::optional<std::string_view> before;
    page_node at;
    for (size_t i = 0; i < nodes; ++i) {
      if (!node_at(page_no, bytes, i, true, at) || !in_order(page_no, at.key, before, bounds, kind))
        return false;
      before = at.key;
      ++met.rows;
      std::string overflow;
      if (at.overflow != 0 && !overflow_pages(page_no, at, kind, overflow, met))
        return false;
      if (kind == tree_kind::free_pages
          && !free_list(page_no, at.overflow != 0 ? std::string_view{overflow} : at.data))
        return false;
      if (!at.is_tree)
        continue;
      if (kind != tree_kind::tables || at.data.size() != tree_row_bytes || at.overflow != 0)
        return bad(page_no, "has a table where none can be");
      if (!tree(parse_page_tree(at.data), tree_kind::rows))
        return false;
    }
    return true;
  }

  bool overflow_pages(uint64_t page_no, const page_node& x, tree_kind kind, std::string& content,
                      counts& met) {
    const auto needed = (header_bytes + x.bytes + meta_.page_bytes - 1) / meta_.page_bytes;
    if (x.overflow < 2 || x.overflow > meta_.last_page || x.overflow >= file_pages_)
      return use(x.overflow, needed, page_no) && bad(page_no, "points to no page");
    if (!read(x.overflow, header_bytes, content))
      return false;
    const uint64_t pages = number_in<uint32_t>(content, 12);
    if (number_in<uint64_t>(content, 0) != x.overflow
        || number_in<uint16_t>(content, 10) != overflow_flag || pages < needed)
      return bad(x.overflow, "is no page of a large value");
    if (!use(x.overflow, pages, page_no))
      return false;
    met.overflows += pages;
    if (kind != tree_kind::free_pages)
      return true;
    if (!read(x.overflow, header_bytes + x.bytes, content))
      return false;
    content.erase(0, header_bytes);
    return true;
  }

  /// Its length, then so many numbers of pages, falling.
  bool free_list(uint64_t page_no, std::string_view list) {
    if (list.size() < 8 || list.size() % 8 != 0 || number_in<uint64_t>(list, 0) >= list.size() / 8)
      return bad(page_no, "has a list of free pages of another length than it states");
    const auto count = number_in<uint64_t>(list, 0);
    auto before = meta_.last_page + 1;
    for (uint64_t i = 1; i <= count; ++i) {
      const auto free = number_in<uint64_t>(list, 8 * i);
      if (free < 2 || free >= before)
        return bad(page_no, "has a list of free pages that is not in order");
      if (seen_[free])
        return bad(page_no, "calls page " + std::to_string(free) + " free, which is used");
      seen_[free] = true;
      before = free;
    }
    return true;
  }

  int fd_;
  const std::filesystem::path& folder_;
  const meta_page& meta_;
  uint64_t file_pages_;
  uint64_t leaves_left_;
  std::vector<bool> seen_;
  page_check_report report_;
  fault wrong_;
};

} // namespace

result<page_check_report> check_pages(const std::filesystem::path& folder, const meta_page& from,
                                      const page_check_limits& limits) {
  const auto data = folder / "data.mdb";
  const open_file file{::open(data.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  const auto end = file ? ::lseek(file.get(), 0, SEEK_END) : -1;
  if (end < 0)
    return disk_fault(errno, folder, "open");
  const auto file_bytes = static_cast<uint64_t>(end);
  if (from.last_page >= file_bytes / from.page_bytes + loose_pages_max)
    return fault{ec::corrupt_data, folder.string() + ": the file is damaged: it ends after "
                                     + std::to_string(file_bytes) + " of "
                                     + std::to_string((from.last_page + 1) * from.page_bytes)
                                     + " bytes"};
  page_walk walk{file.get(), folder, from, file_bytes, limits};
  if (!walk.all())
    return walk.wrong();
  return walk.report();
}

} // namespace sluice::storage
