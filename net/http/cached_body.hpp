/// A body that many responses share: its bytes, their gzip form, what both are called, and the
/// lines that every head of theirs has.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace sluice::net {

/// Never changes; any thread. Nothing but the bytes is made before somebody asks for it.
class cached_body {
public:
  /// `type`: of Content-Type, without control characters.
  explicit cached_body(std::string plain, std::string type = "application/json");

  /// One of the two forms that a body is sent in.
  struct form {
    std::string etag;           // strong, with its quotes
    std::string head;           // of a 200, from the status line: type, length, ETag, Vary
    std::string unchanged_head; // of a 304, likewise
    std::string_view bytes;
  };

  const std::string& type() const { return type_; }
  const std::string& plain() const { return plain_; }
  const form& plain_form() const;
  /// Made when it is first asked for, by whoever asks. Null when the bytes are too few or do not
  /// get fewer (`gzip_of`).
  const form* gzip_form() const;

private:
  void fill(form& out, std::string_view bytes, bool is_gzip) const;

  std::string plain_;
  std::string type_;
  mutable std::once_flag plain_made_;
  mutable std::once_flag gzip_made_;
  mutable form plain_form_;
  mutable form gzip_form_;
  mutable std::string gzip_;
};

/// A cached body as `http_response::cached` takes it.
inline std::shared_ptr<const cached_body>
make_cached(std::string plain, std::string type = "application/json") {
  return std::make_shared<const cached_body>(std::move(plain), std::move(type));
}

} // namespace sluice::net
