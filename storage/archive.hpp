/// The two cereal archives of the disk: flat little-endian bytes, every read paid for before it
/// is made.
#pragma once

#include <cereal/cereal.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace sluice::storage {

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

/// Writes values one after the other into a buffer of the caller. What does not fit is only
/// counted, so that the caller can come again with enough.
class output_archive : public cereal::OutputArchive<output_archive> {
public:
  /// At most as many bytes are written as the span has; it must outlive the archive.
  explicit output_archive(std::span<char> buffer)
    : OutputArchive(this), buffer_(buffer.data()), fits_(buffer.size()) {}

  // Every field comes through here: left to itself the compiler makes a call of each.
  /// Appends `n` bytes, from 0; those that do not fit are only counted. Errors: none.
  [[gnu::always_inline]] void write(const void* from, size_t n) {
    const auto at = size_;
    size_ += n;
    if (size_ <= fits_ && n > 0)
      std::memcpy(buffer_ + at, from, n);
  }

  /// Bytes so far, written or counted. May be more than the span has: then the bytes in it are not
  /// a whole value. Errors: none.
  size_t size() const { return size_; }

private:
  char* buffer_;
  size_t fits_;
  size_t size_ = 0;
};

/// Reads bytes that nobody vouches for. The first thing that cannot be ends the reading with a
/// cereal::Exception, whose text states what and where; decode (codec.hpp) catches it.
class input_archive : public cereal::InputArchive<input_archive> {
public:
  /// `schema`: from 1; UINT32_MAX for bytes of the current schema. The bytes must outlive the
  /// archive. Not checked.
  explicit input_archive(std::string_view bytes, uint32_t schema = UINT32_MAX)
    : InputArchive(this), begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()),
      schema_(schema) {}

  /// Copies `n` bytes, 0 to `left()`; with fewer left it throws cereal::Exception.
  [[gnu::always_inline]] void read(void* to, size_t n) {
    if (left() < n)
      refuse("is cut short");
    if (n > 0)
      std::memcpy(to, at_, n);
    at_ += n;
  }

  /// A number of elements of at least `least` bytes each: never more than the rest can hold, so a
  /// damaged length cannot ask for memory that the value does not pay for. From 0 to left() / least
  /// (a `least` of 0 counts as 1); more than that throws cereal::Exception.
  uint32_t count(size_t least) {
    uint32_t n = 0;
    read(&n, sizeof n);
    if (n > left() / (least ? least : 1))
      refuse("counts more than it holds");
    return n;
  }

  /// Bytes that are not read yet, 0 to all of them. Errors: none.
  size_t left() const { return static_cast<size_t>(end_ - at_); }

  /// The schema that the bytes are of; the highest there is when they are of the current one. From
  /// 1. Errors: none.
  uint32_t schema() const { return schema_; }
  /// What comes next, to look at and then to `skip`; at most `left()` bytes.
  const char* next() const { return at_; }
  /// Passes over `n` bytes, 0 to `left()`; not checked, more is undefined.
  void skip(size_t n) { at_ += n; }

  /// Throws "the value <why> at byte ... of ...".
  [[noreturn]] void refuse(const char* why) const;

private:
  const char* begin_;
  const char* at_;
  const char* end_;
  uint32_t schema_;
};

} // namespace sluice::storage

CEREAL_SETUP_ARCHIVE_TRAITS(sluice::storage::input_archive, sluice::storage::output_archive)
