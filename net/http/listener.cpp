#include "net/http/listener.hpp"

#include "net/http/answer.hpp"
#include "net/http/link.hpp"
#include "net/http/request_id.hpp"
#include "rules/miner_gateway/limits.hpp"

#include <boost/asio/buffer.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr size_t lingering_max = 64;
constexpr uint64_t turned_away_ms = 1'000;
constexpr uint64_t accept_pause_ms = 100; // after an error that is not the peer's (EMFILE)

ip_bytes bytes_of(const asio::ip::address& from) {
  return from.is_v6() ? from.to_v6().to_bytes()
                      : asio::ip::make_address_v6(asio::ip::v4_mapped, from.to_v4()).to_bytes();
}

} // namespace

http_listener::http_listener(http_service service, admit_function admit,
                             std::shared_ptr<const server_identity> tls)
  : service_(std::make_shared<http_service>(std::move(service))), admit_(std::move(admit)),
    tls_(std::move(tls)) {
  service_->request_prefix = new_request_prefix();
  date();
}

/// Once a second is often enough for what has no smaller unit.
void http_listener::date() {
  using namespace std::chrono;
  const auto now = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
  if (now == dated_)
    return;
  dated_ = now;
  service_->date_line = date_line_of(now);
}

void http_listener::open(int listening, bool is_v6) {
  acceptor_.emplace(*service_->io.lock(), is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(),
                    listening);
  service_->poller = std::make_shared<socket_poller>(*service_->io.lock());
  service_->poller->return_for(listening);
  service_->poller->start();
  accept_next();
}

void http_listener::accept_next() {
  acceptor_->async_accept([self = shared_from_this()](const error_code& error, tcp_socket socket) {
    if (!self->acceptor_->is_open())
      return;
    self->service_->poller->give_way(); // the next one may be accepted already
    if (!error)
      self->arrived(std::move(socket));
    if (!error || error == asio::error::connection_aborted)
      return self->accept_next();
    self->accept_again_at_ = steady_ms() + accept_pause_ms;
  });
}

void http_listener::arrived(tcp_socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error)
    return; // gone already
  const auto number = ++last_;
  const auto address = bytes_of(peer.address());
  http_arrival from{number, network_of(address), contains(service_->proxies, address)};
  auto admitted = admit_(from);
  if (const auto* why = std::get_if<http_response>(&admitted))
    return turn_away(std::move(socket), *why);
  connection_owner owner;
  owner.answered = [this] { responses_.fetch_add(1, std::memory_order_relaxed); };
  owner.ended = [this, number] {
    connections_.erase(number);
    const std::lock_guard lock{seen_mutex_};
    seen_.open = connections_.size();
  };
  const auto made = std::make_shared<http_connection>(
    std::move(from), std::get<http_ticket>(std::move(admitted)), std::move(socket),
    tls_ ? tls_->context() : nullptr, service_, std::move(owner));
  connections_.emplace(number, made);
  {
    const std::lock_guard lock{seen_mutex_};
    ++seen_.accepted;
    seen_.open = connections_.size();
  }
  made->start();
}

/// Sent without reading a byte; with TLS nothing can be sent.
void http_listener::turn_away(tcp_socket socket, const http_response& why) {
  {
    const std::lock_guard lock{seen_mutex_};
    ++seen_.turned_away;
  }
  if (tls_)
    return;
  error_code ignored;
  const auto text = response_text(why, after_response::close);
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(tcp_socket::shutdown_send, ignored);
  // Closed with unread bytes the peer would receive a reset and nothing else.
  if (lingering_.size() < lingering_max)
    lingering_.emplace(std::make_shared<tcp_socket>(std::move(socket)),
                       steady_ms() + turned_away_ms);
}

/// Any of them may end meanwhile.
template <class F>
void http_listener::for_each(F f) {
  std::vector<std::shared_ptr<http_connection>> all;
  all.reserve(connections_.size());
  for (const auto& [number, x] : connections_)
    all.push_back(x);
  for (const auto& x : all)
    f(*x);
}

void http_listener::tick(uint64_t now_ms) {
  date();
  for_each([now_ms](http_connection& x) { x.tick(now_ms); });
  std::erase_if(lingering_, [now_ms](const auto& x) { return now_ms >= x.second; });
  if (accept_again_at_ != 0 && now_ms >= accept_again_at_ && acceptor_->is_open()) {
    accept_again_at_ = 0;
    accept_next();
  }
}

void http_listener::end(uint64_t number) {
  const auto at = connections_.find(number);
  if (at == connections_.end())
    return;
  const auto x = at->second;
  x->drop();
}

void http_listener::drain() {
  error_code ignored;
  if (acceptor_)
    acceptor_->close(ignored);
  for_each([](http_connection& x) { x.drain(); });
}

void http_listener::drop_all() {
  lingering_.clear();
  for_each([](http_connection& x) { x.drop(); });
}

http_counts http_listener::counts() const {
  const std::lock_guard lock{seen_mutex_};
  auto out = seen_;
  out.responses = responses_.load(std::memory_order_relaxed);
  return out;
}

} // namespace sluice::net
