#include "net/http/cached_body.hpp"

#include "net/http/compression.hpp"
#include "net/http/conditional.hpp"

#include <utility>

namespace sluice::net {

cached_body::cached_body(std::string plain, std::string type)
  : plain_(std::move(plain)), type_(std::move(type)) {}

const cached_body::form& cached_body::plain_form() const {
  std::call_once(plain_made_, [this] { fill(plain_form_, plain_, false); });
  return plain_form_;
}

const cached_body::form* cached_body::gzip_form() const {
  std::call_once(gzip_made_, [this] {
    gzip_ = is_compressible(type_, plain_.size()) ? gzip_of(plain_) : std::string{};
    if (!gzip_.empty())
      fill(gzip_form_, gzip_, true);
  });
  return gzip_.empty() ? nullptr : &gzip_form_;
}

void cached_body::fill(form& out, std::string_view bytes, bool is_gzip) const {
  out.bytes = bytes;
  out.etag = is_gzip ? gzip_etag_of(plain_form().etag) : etag_of(plain_);
  std::string naming = "ETag: " + out.etag + "\r\n";
  if (is_compressible(type_, plain_.size()))
    naming += "Vary: Accept-Encoding\r\n";
  out.head = "HTTP/1.1 200 OK\r\nContent-Type: " + type_
             + "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n";
  if (is_gzip)
    out.head += "Content-Encoding: gzip\r\n";
  out.head += naming;
  out.unchanged_head = "HTTP/1.1 304 Not Modified\r\n" + naming;
}

} // namespace sluice::net
