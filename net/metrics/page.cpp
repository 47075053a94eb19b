#include "net/metrics/page.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <limits>
#include <string_view>
#include <thread>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr size_t request_bytes_max = 8192;
constexpr std::chrono::seconds patience{10}; // with one reader, from its first byte to our last
constexpr size_t readers_max = 16;           // at one time

prometheus::ClientMetric point_of(const metric_point& x, metric_kind kind) {
  prometheus::ClientMetric out;
  for (const auto& [name, value] : x.labels)
    out.label.push_back({name, value});
  if (kind == metric_kind::counter)
    out.counter.value = x.value;
  else if (kind == metric_kind::gauge)
    out.gauge.value = x.value;
  else {
    out.histogram.sample_count = x.count;
    out.histogram.sample_sum = x.value;
    for (const auto& [bound, count] : x.at_most)
      out.histogram.bucket.push_back({count, bound});
    out.histogram.bucket.push_back({x.count, std::numeric_limits<double>::infinity()});
  }
  return out;
}

prometheus::MetricType prometheus_type(metric_kind kind) {
  switch (kind) {
  case metric_kind::counter:
    return prometheus::MetricType::Counter;
  case metric_kind::gauge:
    return prometheus::MetricType::Gauge;
  case metric_kind::histogram:
    return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

std::string answer(std::string_view status, std::string_view type, const std::string& body) {
  return "HTTP/1.1 " + std::string{status} + "\r\nContent-Type: " + std::string{type}
         + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n"
         + body;
}

/// What a request is answered with, by its first line.
std::string http_answer(std::string_view request, const metrics_page::collect_function& collect) {
  const auto line = request.substr(0, request.find('\r'));
  const auto target = line.substr(0, line.rfind(' '));
  if (target == "GET /metrics")
    return answer("200 OK", "text/plain; version=0.0.4; charset=utf-8", metrics_text(collect()));
  if (!target.starts_with("GET "))
    return answer("405 Method Not Allowed", "text/plain", "only GET /metrics\n");
  return answer("404 Not Found", "text/plain", "only /metrics is here\n");
}

/// One reader: a request, an answer, the end.
struct reader : std::enable_shared_from_this<reader> {
  explicit reader(tcp::socket x) : socket(std::move(x)), over(socket.get_executor()) {}

  void serve(const metrics_page::collect_function& collect) {
    over.expires_after(patience);
    over.async_wait([self = shared_from_this()](error_code failed) {
      if (!failed)
        self->close();
    });
    asio::async_read_until(socket, asio::dynamic_buffer(in, request_bytes_max), "\r\n\r\n",
                           [self = shared_from_this(), &collect](error_code failed, size_t) {
                             if (failed)
                               return self->close();
                             self->out = http_answer(self->in, collect);
                             self->write();
                           });
  }

  void write() {
    asio::async_write(socket, asio::buffer(out),
                      [self = shared_from_this()](error_code, size_t) { self->close(); });
  }

  void close() {
    error_code ignored;
    over.cancel();
    socket.shutdown(tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
  }

  tcp::socket socket;
  asio::steady_timer over;
  std::string in, out;
};

fault cannot_listen(const endpoint& where, const error_code& why) {
  return {ec::unreachable, "metrics: cannot listen on " + to_string(where) + ": " + why.message()
                             + "; is the port free, and the address this machine's own?"};
}

} // namespace

std::string metrics_text(const std::vector<metric>& all) {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& x : all) {
    if (x.points.empty())
      continue;
    prometheus::MetricFamily family;
    family.name = x.name;
    family.help = x.help;
    family.type = prometheus_type(x.kind);
    for (const auto& point : x.points)
      family.metric.push_back(point_of(point, x.kind));
    families.push_back(std::move(family));
  }
  return prometheus::TextSerializer{}.Serialize(families);
}

struct metrics_page::parts {
  explicit parts(collect_function x) : collect(std::move(x)) {}
  ~parts() {
    asio::post(context, [this] { context.stop(); });
    if (thread.joinable())
      thread.join();
  }

  result<nothing> listen(const endpoint& where) {
    error_code failed;
    const auto found
      = tcp::resolver{context}.resolve(where.host, std::to_string(where.port), failed);
    if (failed || found.empty())
      return cannot_listen(where, failed);
    const auto at = found.begin()->endpoint();
    acceptor.open(at.protocol(), failed);
    if (!failed)
      acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed)
      acceptor.bind(at, failed);
    if (!failed)
      acceptor.listen(tcp::acceptor::max_listen_connections, failed);
    if (failed)
      return cannot_listen(where, failed);
    accept();
    thread = std::thread{[this] { context.run(); }};
    return nothing{};
  }

  void accept() {
    acceptor.async_accept([this](error_code failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted)
        return;
      if (failed) // no descriptors left, say: not at once again
        return pause();
      std::erase_if(readers, [](const auto& x) { return x.expired(); });
      if (readers.size() < readers_max) {
        const auto one = std::make_shared<reader>(std::move(socket));
        readers.push_back(one);
        one->serve(collect);
      }
      accept();
    });
  }

  void pause() {
    later.expires_after(std::chrono::milliseconds{100});
    later.async_wait([this](error_code failed) {
      if (!failed)
        accept();
    });
  }

  collect_function collect; // outlives its readers
  asio::io_context context;
  tcp::acceptor acceptor{context};
  asio::steady_timer later{context};
  std::vector<std::weak_ptr<reader>> readers;
  std::thread thread;
};

result<metrics_page> metrics_page::open(const endpoint& where, collect_function collect) {
  auto made = std::make_unique<parts>(std::move(collect));
  if (auto listening = made->listen(where); !listening)
    return listening.error();
  return metrics_page{std::move(made)};
}

metrics_page::metrics_page(std::unique_ptr<parts> x) : parts_(std::move(x)) {}
metrics_page::metrics_page(metrics_page&&) noexcept = default;
metrics_page::~metrics_page() = default;

uint16_t metrics_page::port() const {
  error_code failed;
  const auto at = parts_->acceptor.local_endpoint(failed);
  return failed ? 0 : at.port();
}

} // namespace sluice::net
