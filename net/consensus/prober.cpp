#include "net/consensus/prober.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <string>
#include <thread>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using probe_clock = std::chrono::steady_clock;

/// One connection and its time limit.
struct open_probe {
  explicit open_probe(asio::io_context& io) : socket(io), timer(io) {}
  asio::ip::tcp::socket socket;
  asio::steady_timer timer;
  probe_clock::time_point began;
  bool late = false;
};

struct probe_list {
  std::vector<endpoint> where;
  std::vector<probed> outcomes;
  size_t next = 0; // not begun
  size_t open = 0;
  probes_done done;
};

} // namespace

/// Everything but `probe` and the ends happens in the thread that runs `io_`.
class prober::thread {
public:
  explicit thread(prober_terms terms)
    : terms_(terms), work_(asio::make_work_guard(io_)), thread_([this] { io_.run(); }) {}

  ~thread() {
    asio::post(io_, [this] { stop(); });
    thread_.join();
  }

  void probe(std::vector<endpoint> where, probes_done done) {
    asio::post(io_, [this, where = std::move(where), done = std::move(done)]() mutable {
      auto list = std::make_shared<probe_list>();
      list->outcomes.resize(where.size());
      list->where = std::move(where);
      list->done = std::move(done);
      lists_.push_back(std::move(list));
      if (lists_.size() == 1)
        go_on();
    });
  }

private:
  /// Begins as many as there may be; a list that is through makes way for the next.
  void go_on() {
    while (!lists_.empty()) {
      const auto list = lists_.front();
      while (list->open < terms_.at_once && list->next < list->where.size())
        begin(list, list->next++);
      if (list->open > 0)
        return;
      lists_.pop_front();
      list->done(std::move(list->outcomes));
    }
  }

  void begin(const std::shared_ptr<probe_list>& list, size_t i) {
    boost::system::error_code error;
    const auto& to = list->where[i];
    const auto address = asio::ip::make_address(to.host, error);
    if (stopping_ || error || to.port == 0) {
      list->outcomes[i].why = stopping_ ? "the prober stops"
                                        : "expected an IP address and a port, got " + to_string(to);
      return;
    }
    auto one = std::make_shared<open_probe>(io_);
    open_.push_back(one);
    ++list->open;
    one->began = probe_clock::now();
    one->timer.expires_after(std::chrono::milliseconds{terms_.timeout_ms});
    one->timer.async_wait([one](const boost::system::error_code& cancelled) {
      if (cancelled)
        return;
      one->late = true;
      boost::system::error_code ignored;
      one->socket.close(ignored);
    });
    one->socket.async_connect(
      {address, to.port},
      [this, list, i, one](const boost::system::error_code& why) { finish(*list, i, one, why); });
  }

  void finish(probe_list& list, size_t i, const std::shared_ptr<open_probe>& one,
              const boost::system::error_code& why) {
    using std::chrono::duration_cast;
    const auto took = duration_cast<std::chrono::microseconds>(probe_clock::now() - one->began);
    if (!why && !one->late)
      list.outcomes[i].latency_us = static_cast<uint64_t>(std::max<int64_t>(took.count(), 1));
    else
      list.outcomes[i].why = one->late
                               ? "no connection within " + std::to_string(terms_.timeout_ms) + " ms"
                               : why.message();
    one->timer.cancel();
    boost::system::error_code ignored;
    one->socket.close(ignored);
    std::erase(open_, one);
    --list.open;
    go_on();
  }

  /// What is cancelled is still delivered, and the lists that wait are gone through without
  /// connections; then run() ends.
  void stop() {
    stopping_ = true;
    for (const auto& one : open_) {
      boost::system::error_code ignored;
      one->timer.cancel();
      one->socket.close(ignored);
    }
    go_on();
    work_.reset();
  }

  const prober_terms terms_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::deque<std::shared_ptr<probe_list>> lists_; // the first is being probed
  std::vector<std::shared_ptr<open_probe>> open_;
  bool stopping_ = false;
  std::thread thread_; // the last: it uses all of these
};

prober::prober(prober_terms terms) : thread_(std::make_unique<thread>(terms)) {}

prober::~prober() = default;

void prober::probe(std::vector<endpoint> where, probes_done done) {
  thread_->probe(std::move(where), std::move(done));
}

} // namespace sluice::net
