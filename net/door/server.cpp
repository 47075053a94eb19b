#include "net/door/server.hpp"

#include "net/door/core.hpp"
#include "net/http/tls.hpp"

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
class door_thread {
public:
  explicit door_thread(std::shared_ptr<door_core> core)
    : core_(std::move(core)), thread_([this] {
        core_->io.run();
        ended_.set_value();
      }) {}
  ~door_thread() {
    boost::asio::post(core_->io, [core = core_] { core->stop(steady_ms() + goodbye_ms); });
    // A closing handshake of Beast that meets the socket's end may stay pending for ever.
    if (ended_.get_future().wait_for(2 * goodbye) == std::future_status::timeout)
      core_->io.stop();
    thread_.join();
  }

private:
  std::shared_ptr<door_core> core_;
  std::promise<void> ended_; // older than the thread that keeps it
  std::thread thread_;
};

result<std::unique_ptr<door_server>>
door_server::start(const listening_socket& where, door_server_terms terms, known_peers known,
                   door_events events) {
  auto tls = server_tls(terms.certificate, terms.key);
  if (!tls)
    return tls.error();
  const int fd = where.copy();
  if (fd < 0)
    return fault{ec::unreachable, where.address() + ": no descriptor is left for the door"};
  auto core = std::make_shared<door_core>(std::move(terms), std::move(known), std::move(events),
                                          *std::move(tls));
  core->open(fd, where.is_v6());
  return std::unique_ptr<door_server>{new door_server{std::move(core)}};
}

door_server::door_server(std::shared_ptr<door_core> core)
  : core_(std::move(core)), thread_(std::make_unique<door_thread>(core_)) {}

door_server::~door_server() = default;

void door_server::voice::say(uint64_t session, std::string text, uint64_t mark) const {
  if (const auto core = core_.lock())
    boost::asio::post(core->io, [who = core_, session, text = std::move(text), mark]() mutable {
      if (const auto x = who.lock())
        x->say(session, std::move(text), mark);
    });
}

void door_server::voice::end(uint64_t session, door_refusal why) const {
  if (const auto core = core_.lock())
    boost::asio::post(core->io, [who = core_, session, why = std::move(why)] {
      if (const auto x = who.lock())
        x->end(session, why);
    });
}

door_server::voice door_server::speaker() const {
  voice x;
  x.core_ = core_;
  return x;
}

void door_server::know(known_peers known) {
  boost::asio::post(core_->io, [who = std::weak_ptr{core_}, known = std::move(known)]() mutable {
    if (const auto x = who.lock())
      x->know(std::move(known));
  });
}

door_counts door_server::counts() const {
  return core_->counts();
}

} // namespace sluice::net
