#include "net/http/link.hpp"

#include <chrono>
#include <utility>

namespace sluice::net {

namespace {

constexpr size_t close_reason_bytes_max = 123; // of a close frame (RFC 6455, 5.5)

} // namespace

uint64_t steady_ms() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
}

websocket_link::websocket_link(link_terms terms, link_owner owner)
  : owner_(std::move(owner)), terms_(terms), open_until_(steady_ms() + terms.open_ms) {}

void websocket_link::send(std::string text, uint64_t mark) {
  if (gone_ || closing_)
    return;
  if (queue_bytes_ + text.size() > terms_.queue_bytes_max)
    return drop("it does not read what it is sent");
  queue_bytes_ += text.size();
  queue_.push_back({std::move(text), mark});
  if (queue_.size() == 1)
    next();
}

void websocket_link::close(std::string last_message, uint16_t code, std::string_view reason) {
  if (gone_ || closing_)
    return;
  close_code_ = code;
  close_reason_ = reason.substr(0, close_reason_bytes_max);
  if (!open_)
    return drop("closed");
  if (!last_message.empty())
    send(std::move(last_message));
  if (gone_)
    return;
  closing_ = true;
  close_until_ = steady_ms() + terms_.close_ms;
  if (queue_.empty())
    next();
}

/// The queue first, then the closing handshake.
void websocket_link::next() {
  if (gone_ || !open_ || write_until_ != 0)
    return;
  if (!queue_.empty()) {
    write_until_ = steady_ms() + terms_.write_ms;
    write(queue_.front().text);
  } else if (closing_ && !std::exchange(shut_, true)) {
    shut();
  }
}

void websocket_link::on_opened() {
  if (gone_)
    return;
  open_ = true;
  owner_.opened();
  next();
}

void websocket_link::on_text(std::string_view text) {
  if (!gone_ && !closing_)
    owner_.received(text);
}

void websocket_link::on_written() {
  if (gone_)
    return;
  const auto mark = queue_.front().mark;
  queue_bytes_ -= queue_.front().text.size();
  queue_.pop_front();
  write_until_ = 0;
  if (mark != 0)
    owner_.written(mark);
  next();
}

void websocket_link::drop(const std::string& why) {
  if (std::exchange(gone_, true))
    return;
  const auto alive = shared_from_this();
  destroy();
  owner_.ended(why);
  owner_ = {};
}

void websocket_link::tick(uint64_t now_ms) {
  if (gone_)
    return;
  if (!open_ && now_ms >= open_until_)
    drop("the handshake of TLS or WebSocket took too long");
  else if (write_until_ != 0 && now_ms >= write_until_)
    drop("it does not read what it is sent");
  else if (closing_ && now_ms >= close_until_)
    drop("closed");
}

} // namespace sluice::net
