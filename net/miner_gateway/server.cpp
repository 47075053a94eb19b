#include "net/miner_gateway/server.hpp"

#include "net/miner_gateway/core.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <future>
#include <thread>

namespace sluice::net {

namespace {

constexpr uint64_t goodbye_ms = 250;
constexpr std::chrono::milliseconds goodbye{goodbye_ms};

} // namespace

/// The thread, and what runs in it.
class gateway_thread {
public:
  explicit gateway_thread(std::shared_ptr<gateway_core> core)
    : core_(std::move(core)), thread_([this] {
        core_->io.run();
        ended_.set_value();
      }) {}
  ~gateway_thread() {
    boost::asio::post(core_->io, [core = core_] { core->stop(steady_ms() + goodbye_ms); });
    // A closing handshake of Beast that meets the socket's end may stay pending for ever.
    if (ended_.get_future().wait_for(2 * goodbye) == std::future_status::timeout)
      core_->io.stop();
    thread_.join();
  }

private:
  std::shared_ptr<gateway_core> core_;
  std::promise<void> ended_; // older than the thread that keeps it
  std::thread thread_;
};

result<std::unique_ptr<gateway_server>>
gateway_server::start(const listening_socket& where, gateway_server_terms terms, known_peers known,
                      gateway_events events) {
  const int fd = where.copy();
  if (fd < 0)
    return fault{ec::unreachable,
                 where.address() + ": no descriptor is left for the miner gateway"};
  auto core = std::make_shared<gateway_core>(std::move(terms), std::move(known), std::move(events));
  core->open(fd, where.is_v6());
  return std::unique_ptr<gateway_server>{new gateway_server{std::move(core)}};
}

gateway_server::gateway_server(std::shared_ptr<gateway_core> core)
  : core_(std::move(core)), thread_(std::make_unique<gateway_thread>(core_)) {}

gateway_server::~gateway_server() = default;

void gateway_server::sender::send(uint64_t session, std::string text, uint64_t mark) const {
  if (const auto core = core_.lock())
    boost::asio::post(core->io, [who = core_, session, text = std::move(text), mark]() mutable {
      if (const auto x = who.lock())
        x->send(session, std::move(text), mark);
    });
}

void gateway_server::sender::expire(uint64_t session, uint64_t mark) const {
  if (const auto core = core_.lock())
    boost::asio::post(core->io, [who = core_, session, mark] {
      if (const auto x = who.lock())
        x->expire(session, mark);
    });
}

void gateway_server::sender::end(uint64_t session, gateway_refusal why) const {
  if (const auto core = core_.lock())
    boost::asio::post(core->io, [who = core_, session, why = std::move(why)] {
      if (const auto x = who.lock())
        x->end(session, why);
    });
}

gateway_server::sender gateway_server::make_sender() const {
  sender x;
  x.core_ = core_;
  return x;
}

void gateway_server::know(known_peers known) {
  boost::asio::post(core_->io, [who = std::weak_ptr{core_}, known = std::move(known)]() mutable {
    if (const auto x = who.lock())
      x->know(std::move(known));
  });
}

gateway_counts gateway_server::counts() const {
  return core_->counts();
}

} // namespace sluice::net
