#include "storage/manifest.hpp"

#include "rules/chain/sha256.hpp"
#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/folder_set.hpp"
#include "storage/key.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr size_t manifest_bytes_max = 4 << 20;
constexpr std::string_view manifest_head = "sluice backup 1";
constexpr size_t sha256_digits = 64;

/// One line at a time, in words; remembers where it is.
class manifest_lines {
public:
  manifest_lines(std::string_view text, std::string_view name) : rest_(text), name_(name) {}

  /// The words of the next line; none at the end.
  const std::vector<std::string_view>& next() {
    words_.clear();
    if (rest_.empty())
      return words_;
    const auto end = std::min(rest_.find('\n'), rest_.size());
    line_ = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    for (auto left = line_; !left.empty();) {
      const auto space = std::min(left.find(' '), left.size());
      words_.push_back(left.substr(0, space));
      left.remove_prefix(std::min(space + 1, left.size()));
    }
    return words_;
  }
  std::string_view line() const { return line_; }
  fault wrong(const std::string& expected) const {
    return {ec::corrupt_data,
            std::string{name_} + ':' + std::to_string(number_) + ": expected " + expected};
  }

private:
  std::string_view rest_;
  std::string_view name_;
  std::string_view line_;
  std::vector<std::string_view> words_;
  size_t number_ = 0;
};

template <class T>
bool take_number(std::string_view text, T& x, int base = 10) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), x, base);
  return code == std::errc{} && end == text.data() + text.size();
}

bool is_hex_of(std::string_view text, size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Inside the backup's folder and nowhere else.
bool is_inner_name(std::string_view name) {
  return !name.empty() && name.front() != '/' && name.find("..") == name.npos;
}

bool take_file(const std::vector<std::string_view>& words, size_t first, manifest_file& x) {
  if (words.size() != first + 3 || !is_inner_name(words[first])
      || !take_number(words[first + 1], x.bytes) || !is_hex_of(words[first + 2], sha256_digits))
    return false;
  x.name = words[first];
  x.sha256 = words[first + 2];
  return true;
}

std::string file_words(const manifest_file& x) {
  return x.name + ' ' + std::to_string(x.bytes) + ' ' + x.sha256;
}

/// "TAG VALUE"; a value that is empty is "-".
bool take_word(manifest_lines& lines, std::string_view tag, std::string& x) {
  const auto& words = lines.next();
  if (words.size() != 2 || words[0] != tag)
    return false;
  x = words[1] == "-" ? std::string_view{} : words[1];
  return true;
}

template <class T>
bool take_numbered(manifest_lines& lines, std::string_view tag, T& x) {
  const auto& words = lines.next();
  return words.size() == 2 && words[0] == tag && take_number(words[1], x);
}

result<nothing> take_heading(manifest_lines& lines, backup_manifest& x) {
  lines.next();
  if (lines.line() != manifest_head)
    return lines.wrong("'" + std::string{manifest_head} + "'");
  if (!take_numbered(lines, "taken", x.taken_s))
    return lines.wrong("'taken SECONDS'");
  if (!take_numbered(lines, "commit", x.commit))
    return lines.wrong("'commit NUMBER'");
  if (!take_word(lines, "folder", x.mark.folder))
    return lines.wrong("'folder ID'");
  if (!take_numbered(lines, "schema", x.mark.schema))
    return lines.wrong("'schema NUMBER'");
  if (!take_word(lines, "version", x.mark.who.version))
    return lines.wrong("'version VERSION'");
  if (!take_numbered(lines, "seed", x.mark.who.seed))
    return lines.wrong("'seed NUMBER'");
  if (!take_word(lines, "config", x.mark.who.config_digest))
    return lines.wrong("'config DIGEST'");
  return nothing{};
}

/// One line behind the heading.
bool take_line(const std::vector<std::string_view>& words, backup_manifest& x) {
  if (words[0] == "store" && words.size() == 6) {
    manifest_store store;
    store.store = words[1];
    if (!take_number(words[2], store.commit) || !take_file(words, 3, store.file))
      return false;
    x.stores.push_back(std::move(store));
    return true;
  }
  if (words[0] == "table" && words.size() == 4 && !x.stores.empty()) {
    table_digest table;
    table.name = words[1];
    if (!take_number(words[2], table.rows) || !is_hex_of(words[3], 16)
        || !take_number(words[3], table.checksum, 16))
      return false;
    x.stores.back().tables.push_back(std::move(table));
    return true;
  }
  manifest_file file;
  if (words[0] != "file" || !take_file(words, 1, file))
    return false;
  x.files.push_back(std::move(file));
  return true;
}

std::string or_dash(const std::string& x) {
  return x.empty() ? "-" : x;
}

} // namespace

std::string manifest_text(const backup_manifest& x) {
  auto made = std::string{manifest_head} + "\ntaken " + std::to_string(x.taken_s) + "\ncommit "
              + std::to_string(x.commit) + "\nfolder " + or_dash(x.mark.folder) + "\nschema "
              + std::to_string(x.mark.schema) + "\nversion " + or_dash(x.mark.who.version)
              + "\nseed " + std::to_string(x.mark.who.seed) + "\nconfig "
              + or_dash(x.mark.who.config_digest) + '\n';
  for (const auto& store : x.stores) {
    made += "store " + store.store + ' ' + std::to_string(store.commit) + ' '
            + file_words(store.file) + '\n';
    for (const auto& table : store.tables) {
      std::string sum;
      append_key(sum, table.checksum);
      made += "table " + table.name + ' ' + std::to_string(table.rows) + ' ' + to_hex(sum) + '\n';
    }
  }
  for (const auto& file : x.files)
    made += "file " + file_words(file) + '\n';
  return made + "end " + sha256_hex(made) + '\n';
}

result<backup_manifest> parse_manifest(std::string_view text, std::string_view name) {
  manifest_lines lines{text, name};
  backup_manifest x;
  if (auto heading = take_heading(lines, x); !heading)
    return heading.error();
  for (;;) {
    const auto& words = lines.next();
    if (words.empty())
      return fault{ec::corrupt_data,
                   std::string{name} + ": is cut short: the last line is missing"};
    if (words[0] == "end") {
      const auto before = text.substr(0, static_cast<size_t>(lines.line().data() - text.data()));
      if (words.size() != 2 || words[1] != sha256_hex(before)
          || before.size() + lines.line().size() + 1 != text.size())
        return fault{ec::corrupt_data,
                     std::string{name} + ": was changed: its checksum is not that of its text"};
      return x;
    }
    if (!take_line(words, x))
      return lines.wrong("a store, table or file of a backup");
  }
}

result<backup_manifest> read_manifest(const fs::path& folder) {
  const auto file = folder / manifest_name;
  std::error_code unknown;
  if (!fs::exists(file, unknown))
    return fault{ec::unreachable, folder.string() + ": not a backup: it has no "
                                    + std::string{manifest_name}
                                    + ", which is written last; name one that has it"};
  const auto text = read_whole(file, manifest_bytes_max);
  if (!text)
    return text.error();
  return parse_manifest(*text, file.string());
}

result<manifest_file> look_at_bytes(const fs::path& path, std::string name) {
  const open_file file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  struct stat seen {};
  if (!file || ::fstat(file.get(), &seen) != 0)
    return disk_fault(errno, path, "read");
  if (!S_ISREG(seen.st_mode))
    return fault{ec::bad_input, path.string() + ": not a regular file"};
  manifest_file made{std::move(name), static_cast<uint64_t>(seen.st_size), {}};
  if (made.bytes == 0) {
    made.sha256 = sha256_hex({});
    return made;
  }
  void* at = ::mmap(nullptr, made.bytes, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (at == MAP_FAILED)
    return disk_fault(errno, path, "read");
  ::madvise(at, made.bytes, MADV_SEQUENTIAL);
  made.sha256 = sha256_hex({static_cast<const char*>(at), made.bytes});
  ::munmap(at, made.bytes);
  return made;
}

} // namespace sluice::storage
