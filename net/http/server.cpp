#include "net/http/server.hpp"

#include "net/http/link.hpp"
#include "net/http/listener.hpp"
#include "net/http/tls.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace sluice::net {

namespace {

constexpr uint64_t drain_tick_ms = 5;
/// Sockets and timers are touched in one thread; only what is posted comes from others.
constexpr int one_thread = BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO;

} // namespace

/// Everything but `counts` happens in the thread that runs `io_`.
class http_server::thread {
public:
  thread(http_server_terms terms, http_router router, std::shared_ptr<const server_identity> tls)
    : terms_(std::move(terms)), endings_(router.endings()),
      listener_(std::make_shared<http_listener>(
        http_service{.limits = terms_.limits,
                     .router = std::move(router),
                     .io = io_,
                     .gate = terms_.gate,
                     .log = terms_.log,
                     .proxies = terms_.proxies},
        terms_.admit ? terms_.admit : admit_within(terms_.limits), std::move(tls))) {}

  ~thread() {
    if (!thread_.joinable())
      return;
    boost::asio::post(*io_, [this] { stop(); });
    thread_.join();
  }

  void open(int listening, bool is_v6) {
    listener_->open(listening, is_v6);
    tick();
    thread_ = std::thread{[this] { io_->run(); }};
  }

  http_counts counts() const { return listener_->counts(); }

private:
  void stop() {
    stop_at_ = steady_ms() + terms_.drain_ms;
    listener_->drain();
    for (const auto& x : endings_)
      x.begin();
    timer_.cancel(); // the next tick is now
  }

  void tick() {
    const auto at = steady_ms();
    listener_->tick(at);
    if (stop_at_ != 0 && (at >= stop_at_ || done())) {
      listener_->drop_all();
      return io_->stop();
    }
    timer_.expires_after(std::chrono::milliseconds{stop_at_ ? drain_tick_ms : terms_.tick_ms});
    timer_.async_wait([this](const boost::system::error_code&) { tick(); });
  }

  bool done() const {
    return listener_->empty()
           && std::ranges::all_of(endings_, [](const auto& x) { return x.done(); });
  }

  http_server_terms terms_;
  std::vector<http_router::ending> endings_;
  std::shared_ptr<boost::asio::io_context> io_
    = std::make_shared<boost::asio::io_context>(one_thread);
  std::shared_ptr<http_listener> listener_;
  boost::asio::steady_timer timer_{*io_};
  uint64_t stop_at_ = 0; // 0: goes on
  std::thread thread_;
};

result<std::unique_ptr<http_server>>
http_server::start(const listening_socket& where, http_server_terms terms, http_router router) {
  auto tls = server_identity::load(terms.certificate, terms.key);
  if (!tls)
    return tls.error();
  const int fd = where.copy();
  if (fd < 0)
    return fault{ec::unreachable, where.address() + ": no descriptor is left to listen with"};
  auto made = std::make_unique<thread>(std::move(terms), std::move(router), *std::move(tls));
  made->open(fd, where.is_v6());
  return std::unique_ptr<http_server>{new http_server{std::move(made)}};
}

http_server::http_server(std::unique_ptr<thread> x) : thread_(std::move(x)) {}

http_server::~http_server() = default;

http_counts http_server::counts() const {
  return thread_->counts();
}

} // namespace sluice::net
