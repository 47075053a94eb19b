#include "net/http/websocket.hpp"

#include "net/http/stream.hpp"

#include <algorithm>
#include <utility>

namespace sluice::net {

namespace {

constexpr size_t websocket_key_bytes = 24; // 16 bytes in base64

http_response upgrade_required(std::string_view detail) {
  auto x = http_error(426, detail);
  x.headers
    = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Version", "13"}};
  return x;
}

bool is_websocket_key(std::string_view x) {
  const auto is_base64 = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+'
           || c == '/';
  };
  return x.size() == websocket_key_bytes && x.ends_with("==")
         && std::all_of(x.begin(), x.end() - 2, is_base64);
}

} // namespace

websocket_request::websocket_request(std::unique_ptr<parts> x) : parts_(std::move(x)) {}
websocket_request::websocket_request(websocket_request&&) noexcept = default;
websocket_request& websocket_request::operator=(websocket_request&&) noexcept = default;
websocket_request::~websocket_request() = default;

uint64_t websocket_request::connection() const {
  return parts_->connection;
}

const http_request& websocket_request::request() const {
  return parts_->request;
}

std::weak_ptr<boost::asio::io_context> websocket_request::context() const {
  return parts_->context;
}

std::unique_ptr<websocket_request::parts> websocket_request::release() {
  return std::move(parts_);
}

std::optional<http_response> upgrade_refusal(const http_request& x, bool has_body) {
  if (!x.header_has("upgrade", "websocket") || !x.header_has("connection", "upgrade"))
    return upgrade_required("only a WebSocket is served at this path; ask for an upgrade to one");
  if (x.http_1_0)
    return http_error(400, "a WebSocket needs HTTP/1.1");
  if (has_body)
    return http_error(400, "a request for a WebSocket has no body");
  if (x.header("sec-websocket-version") != "13")
    return upgrade_required("the only version of WebSocket that is spoken here is 13");
  if (!is_websocket_key(x.header("sec-websocket-key")))
    return http_error(400, "Sec-WebSocket-Key must be 16 bytes in base64");
  return {};
}

} // namespace sluice::net
