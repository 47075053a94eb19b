#include "storage/meta_page.hpp"

#include "storage/disk_fault.hpp"
#include "storage/files.hpp"

#include <sys/stat.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::storage {

namespace {

// Where things are on a meta page of LMDB 0.9 with 64 bits: a page header of 16 bytes (number,
// two unused, flags, ...), then MDB_meta.
constexpr uint32_t magic = 0xBEEFC0DE;
constexpr uint32_t data_version = 1;
constexpr uint16_t meta_flag = 0x08;
constexpr size_t at_flags = 10;
constexpr size_t at_magic = 16;
constexpr size_t at_version = 20;
constexpr size_t at_free_pages = 40;
constexpr size_t at_tables = 88;
constexpr size_t at_last_page = 136;
constexpr size_t at_commit = 144;
constexpr size_t meta_bytes = 152;
constexpr size_t tree_bytes = 48;
constexpr uint32_t page_bytes_least = 512;
constexpr uint32_t page_bytes_most = 65'536;
constexpr int looks_max = 4; // a writer may be in the middle of a meta page

template <class T>
T number_at(std::string_view bytes, size_t at) {
  T x{};
  std::memcpy(&x, bytes.data() + at, sizeof x);
  return x;
}

bool tree_fits(const page_tree& x, uint64_t last_page) {
  return x.root == UINT64_MAX || (x.root >= 2 && x.root <= last_page);
}

fault not_ours(const std::filesystem::path& folder) {
  return {ec::corrupt_data, "not an LMDB file of ours: " + folder.string()};
}

/// As many bytes as there are at this place of the file, at most `bytes`.
result<std::string>
read_at(int fd, uint64_t offset, size_t bytes, const std::filesystem::path& path) {
  std::string got(bytes, '\0');
  size_t count = 0;
  while (count < bytes) {
    const auto n
      = ::pread(fd, got.data() + count, bytes - count, static_cast<off_t>(offset + count));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return disk_fault(errno, path, "read");
    if (n == 0)
      break;
    count += static_cast<size_t>(n);
  }
  got.resize(count);
  return got;
}

} // namespace

page_tree parse_page_tree(std::string_view bytes) {
  page_tree x;
  if (bytes.size() < tree_bytes)
    return x;
  x.flags = number_at<uint16_t>(bytes, 4);
  x.depth = number_at<uint16_t>(bytes, 6);
  x.branch_pages = number_at<uint64_t>(bytes, 8);
  x.leaf_pages = number_at<uint64_t>(bytes, 16);
  x.overflow_pages = number_at<uint64_t>(bytes, 24);
  x.rows = number_at<uint64_t>(bytes, 32);
  x.root = number_at<uint64_t>(bytes, 40);
  return x;
}

std::optional<meta_page> parse_meta_page(std::string_view bytes, uint64_t number) {
  if (bytes.size() < meta_bytes || number_at<uint64_t>(bytes, 0) != number
      || (number_at<uint16_t>(bytes, at_flags) & meta_flag) == 0
      || number_at<uint32_t>(bytes, at_magic) != magic
      || number_at<uint32_t>(bytes, at_version) != data_version)
    return std::nullopt;
  meta_page x;
  x.page_bytes = number_at<uint32_t>(bytes, at_free_pages); // MDB_db's padding, used for this
  x.free_pages = parse_page_tree(bytes.substr(at_free_pages, tree_bytes));
  x.tables = parse_page_tree(bytes.substr(at_tables, tree_bytes));
  x.last_page = number_at<uint64_t>(bytes, at_last_page);
  x.commit = number_at<uint64_t>(bytes, at_commit);
  if (!std::has_single_bit(x.page_bytes) || x.page_bytes < page_bytes_least
      || x.page_bytes > page_bytes_most || x.last_page < 1
      || x.last_page >= UINT64_MAX / page_bytes_most || !tree_fits(x.free_pages, x.last_page)
      || !tree_fits(x.tables, x.last_page))
    return std::nullopt;
  return x;
}

namespace {

/// One reading. None: bytes that are no two metas, which a writer may be in the middle of writing.
result<std::optional<file_look>> look_once(int fd, const std::filesystem::path& folder) {
  const auto data = folder / "data.mdb";
  const auto first = read_at(fd, 0, meta_bytes, data);
  if (!first)
    return first.error();
  const auto meta0 = parse_meta_page(*first, 0);
  const auto second
    = meta0 ? read_at(fd, meta0->page_bytes, meta_bytes, data) : result<std::string>{std::string{}};
  if (!second)
    return second.error();
  struct stat seen {}; // after the metas: what they count is written before them
  if (::fstat(fd, &seen) != 0)
    return disk_fault(errno, folder, "open");
  const auto file_bytes = static_cast<uint64_t>(seen.st_size);
  if (!S_ISREG(seen.st_mode))
    return not_ours(folder);
  if (file_bytes == 0)
    return std::optional{file_look{file_state::empty, std::nullopt}};
  if (!meta0)
    return std::optional<file_look>{};
  const auto least = 2 * uint64_t{meta0->page_bytes};
  if (file_bytes < least)
    return fault{ec::corrupt_data, folder.string() + ": the file is cut: it ends after "
                                     + std::to_string(file_bytes) + " of at least "
                                     + std::to_string(least) + " bytes"};
  const auto meta1 = parse_meta_page(*second, 1);
  if (!meta1 || meta1->page_bytes != meta0->page_bytes)
    return std::optional<file_look>{};
  return std::optional{file_look{file_state::whole, file_head{{*meta0, *meta1}, file_bytes}}};
}

} // namespace

result<file_look> look_at_file(const std::filesystem::path& folder) {
  const auto data = folder / "data.mdb";
  const open_file file{::open(data.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!file && errno == ENOENT)
    return file_look{};
  if (!file)
    return disk_fault(errno, folder, "open");
  for (int i = 0; i < looks_max; ++i) {
    auto look = look_once(file.get(), folder);
    if (!look)
      return look.error();
    if (*look)
      return **std::move(look);
  }
  return not_ours(folder);
}

} // namespace sluice::storage
