#include "net/http/body.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <utility>

namespace sluice::net {

namespace {

namespace http = boost::beast::http;
using error_code = boost::system::error_code;

/// Chunk lines and trailers that are longer than this are refused.
constexpr size_t unparsed_max = 4096;

} // namespace

struct body_reader::parts {
  http::request_parser<http::string_body> parser;
  bool failed = false;
};

/// The head is ours already: the parser gets one that states nothing but how the body is framed.
body_reader::body_reader(const http_head& head, size_t bytes_max)
  : parts_(std::make_unique<parts>()) {
  auto& parser = parts_->parser;
  parser.body_limit(bytes_max);
  parser.eager(true);
  const std::string framing = head.chunked ? "Transfer-Encoding: chunked"
                                           : "Content-Length: " + std::to_string(head.body_bytes);
  const auto text = "POST / HTTP/1.1\r\n" + framing + "\r\n\r\n";
  error_code error;
  parser.put(boost::asio::buffer(text), error);
  parts_->failed = error && error != http::error::need_more;
}

body_reader::~body_reader() = default;

body_reader::progress body_reader::put(std::string_view bytes) {
  auto& parser = parts_->parser;
  if (parts_->failed)
    return {state::too_long, 0};
  if (parser.is_done())
    return {state::complete, 0};
  size_t used = 0;
  for (;;) { // in pieces: how long a chunk line may be must not depend on how much came at once
    const auto piece = bytes.substr(used, unparsed_max);
    error_code error;
    const auto taken = piece.empty() ? 0 : parser.put(boost::asio::buffer(piece), error);
    used += taken;
    if (parser.is_done() && !error)
      return {state::complete, used};
    if (error == http::error::body_limit)
      return {state::too_long, used};
    if ((error && error != http::error::need_more) || (taken == 0 && piece.size() == unparsed_max))
      return {state::malformed, used};
    if (taken == 0 || used == bytes.size())
      return {state::needs_more, used};
  }
}

std::string body_reader::take() {
  return std::move(parts_->parser.get().body());
}

} // namespace sluice::net
