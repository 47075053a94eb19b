#include "io/trading/file_piece.hpp"

#include "io/text/lines.hpp"
#include "io/trading/event_file.hpp"
#include "rules/chain/sha256.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace sluice::io {

namespace {

constexpr size_t piece_chunk_bytes = size_t{1} << 18;
constexpr uint64_t beginning_bytes_max = 4096;
constexpr size_t piece_whys_max = 20;
constexpr std::string_view byte_order_mark_text = "\xef\xbb\xbf";

/// What a digest holds.
struct place_facts {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t beginning_bytes = 0;
  std::string beginning; // SHA-256 as text
  uint64_t lines = 0;
};

std::string digest_text(const place_facts& x) {
  return std::to_string(x.device) + ' ' + std::to_string(x.inode) + ' '
         + std::to_string(x.beginning_bytes) + ' ' + x.beginning + ' ' + std::to_string(x.lines);
}

/// False when it is no digest of ours.
bool read_digest(const std::string& text, place_facts& out) {
  std::istringstream in{text};
  in >> out.device >> out.inode >> out.beginning_bytes >> out.beginning >> out.lines;
  return !in.fail() && out.beginning_bytes <= beginning_bytes_max;
}

class piece_reader {
public:
  piece_reader(const std::string& path, const file_piece_options& options)
    : path_(path), options_(options) {}
  piece_reader(const piece_reader&) = delete;
  piece_reader& operator=(const piece_reader&) = delete;
  ~piece_reader() {
    if (descriptor_ >= 0)
      ::close(descriptor_);
  }

  result<file_piece> read(const file_place& from) {
    if (auto opened = open(); !opened)
      return opened.error();
    auto same = continues(from);
    if (!same)
      return same.error();
    out_.replaced = !*same;
    at_ = *same ? from.position : 0;
    begun_at_ = at_;
    if (auto done = read_lines(); !done)
      return done.error();
    auto beginning = digest_of_beginning(std::min(at_, beginning_bytes_max));
    if (!beginning)
      return beginning.error();
    facts_.beginning = *std::move(beginning);
    facts_.beginning_bytes = std::min(at_, beginning_bytes_max);
    out_.place = {at_, digest_text(facts_)};
    return std::move(out_);
  }

private:
  result<nothing> open() {
    descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat seen {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &seen) != 0)
      return unreadable(errno);
    if (!S_ISREG(seen.st_mode))
      return fault{ec::unreachable, path_ + ": cannot be read: expected a file"};
    facts_.device = seen.st_dev;
    facts_.inode = seen.st_ino;
    size_ = static_cast<uint64_t>(seen.st_size);
    return nothing{};
  }

  fault unreadable(int error) const {
    return {ec::unreachable, path_ + ": cannot be read: " + std::strerror(error)
                               + (error == ENOENT   ? "; check the path"
                                  : error == EACCES ? "; check its permissions"
                                                    : "; check the file and its disk")};
  }

  /// Is it the file that this place is in? A first reading continues nothing, and is none that
  /// replaces anything either.
  result<bool> continues(const file_place& from) {
    if (from.digest.empty() && from.position == 0)
      return true;
    place_facts then;
    if (!read_digest(from.digest, then) || then.device != facts_.device
        || then.inode != facts_.inode || from.position > size_)
      return false;
    const auto beginning = digest_of_beginning(then.beginning_bytes);
    if (!beginning)
      return beginning.error();
    if (*beginning != then.beginning)
      return false;
    facts_.lines = then.lines;
    return true;
  }

  result<std::string> digest_of_beginning(uint64_t bytes) {
    std::string text(bytes, '\0');
    const auto got = read_at(0, text.data(), text.size());
    if (!got)
      return got.error();
    text.resize(*got);
    return sha256_hex(text);
  }

  /// As many bytes as there are, up to `size`.
  result<size_t> read_at(uint64_t at, char* to, size_t size) const {
    size_t done = 0;
    while (done < size) {
      const auto got = ::pread(descriptor_, to + done, size - done, static_cast<off_t>(at + done));
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return unreadable(errno);
      if (got == 0)
        break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  bool is_full() const {
    return out_.events.size() >= options_.events_max || at_ - begun_at_ >= options_.bytes_max;
  }

  /// One line after the other; what is in `buffer` from `begin` on stands at `at_`.
  result<nothing> read_lines() {
    std::string buffer;
    size_t begin = 0;
    bool end_of_file = false;
    for (;;) {
      const auto newline = buffer.find('\n', begin);
      if (newline != std::string::npos) {
        if (is_full()) {
          out_.at_end = false;
          return nothing{};
        }
        take(std::string_view{buffer}.substr(begin, newline - begin), newline + 1 - begin);
        begin = newline + 1;
        continue;
      }
      buffer.erase(0, std::exchange(begin, 0));
      if (buffer.size() > event_line_bytes_max) { // nothing of it will be read
        skipped_ += buffer.size();
        at_ += buffer.size();
        buffer.clear();
      }
      if (end_of_file)
        return take_cut(buffer);
      const auto old_size = buffer.size();
      buffer.resize(old_size + piece_chunk_bytes);
      const auto got = read_at(at_ + old_size, buffer.data() + old_size, piece_chunk_bytes);
      if (!got)
        return got.error();
      buffer.resize(old_size + *got);
      end_of_file = *got < piece_chunk_bytes;
    }
  }

  void take(std::string_view line, size_t bytes) {
    at_ += bytes;
    ++facts_.lines;
    if (facts_.lines == 1 && line.starts_with(byte_order_mark_text))
      line.remove_prefix(byte_order_mark_text.size());
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (skipped_ + line.size() > event_line_bytes_max)
      reject("a line of at most " + std::to_string(event_line_bytes_max) + " bytes",
             std::to_string(skipped_ + line.size()));
    else if (!is_utf8(line))
      reject("UTF-8", "other bytes");
    else if (line.find_first_not_of(" \t") != std::string_view::npos)
      add(read_event_row(line, path_, facts_.lines, options_.rows));
    skipped_ = 0;
  }

  /// A last line without its end may still be written to, and counts only as a whole event.
  result<nothing> take_cut(std::string_view line) {
    if (skipped_ != 0) { // its beginning is read and gone: it begins there again
      at_ -= skipped_;
      return nothing{};
    }
    if (!options_.takes_cut_line || line.empty() || !is_utf8(line) || is_full())
      return nothing{};
    auto row = read_event_row(line, path_, facts_.lines + 1, options_.rows);
    if (!row.event)
      return nothing{};
    at_ += line.size();
    ++facts_.lines;
    add(std::move(row));
    return nothing{};
  }

  void reject(const std::string& expected, const std::string& got) {
    stake_row row;
    row.rejected = row_rejection::json;
    row.why = bad_line(path_, facts_.lines, "", expected, got, correct_it).what;
    add(std::move(row));
  }

  void add(stake_row row) {
    ++out_.rows;
    if (row.event) {
      out_.events.push_back(*std::move(row.event));
      return;
    }
    ++out_.rejected[static_cast<size_t>(row.rejected)];
    if (out_.why.size() < piece_whys_max)
      out_.why.push_back(std::move(row.why));
  }

  const std::string& path_;
  const file_piece_options& options_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
  uint64_t at_ = 0; // everything before it was taken
  uint64_t begun_at_ = 0;
  uint64_t skipped_ = 0; // bytes of a line that is too long
  place_facts facts_;
  file_piece out_;
};

} // namespace

result<file_piece> read_file_piece(const std::string& path, const file_place& from,
                                   const file_piece_options& options) {
  return piece_reader{path, options}.read(from);
}

} // namespace sluice::io
