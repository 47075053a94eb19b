/// An HTTP server on a real socket with a few routes, and questions to it.
#pragma once

#include "net/http/cached_body.hpp"
#include "net/http/listener.hpp"
#include "net/http/server.hpp"
#include "tests/support/bare_socket.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sluice::test {

/// Keeps replies until the test answers them; whoever waits gives up after half a minute.
class kept_replies {
public:
  void put(net::http_reply reply) {
    const std::lock_guard lock{mutex_};
    replies_.push_back(std::move(reply));
    came_.notify_all();
  }

  net::http_reply take() {
    std::unique_lock lock{mutex_};
    if (!came_.wait_for(lock, std::chrono::seconds{30}, [this] { return !replies_.empty(); }))
      throw std::runtime_error("no request came");
    auto first = std::move(replies_.front());
    replies_.erase(replies_.begin());
    return first;
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<net::http_reply> replies_;
};

/// Routes: GET /plain, GET /query (answers it), GET /large (8 MiB), POST /echo, GET /later (the
/// test answers), GET /later/{name} (the same, with a time of its own), GET /throws, GET /forgets,
/// GET /cached (one body for all), GET /count (a number that grows).
class http_world {
public:
  static net::http_server_terms quick_terms() {
    net::http_server_terms terms;
    terms.tick_ms = 5;
    terms.limits.linger_ms = 200;
    return terms;
  }

  /// Bytes of the body of /large.
  static constexpr size_t large_bytes = size_t{8} << 20;
  /// Bytes of the body of /cached.
  static constexpr size_t cached_bytes = 20'000;

  void start(net::http_server_terms terms = quick_terms()) {
    auto opened = net::listening_socket::open("127.0.0.1:0");
    if (!opened)
      throw std::runtime_error(opened.error().what);
    socket_.emplace(*std::move(opened));
    auto made = net::http_server::start(*socket_, std::move(terms), routes());
    if (!made)
      throw std::runtime_error(made.error().what);
    server = *std::move(made);
  }

  net::http_router routes() {
    using request = net::http_request;
    using response = net::http_response;
    const auto text = [](std::string x) { return response{200, "text/plain", std::move(x)}; };
    net::http_router x;
    x.serve("GET", "/plain", net::answer_with([=](const request&) { return text("plain"); }));
    x.serve("GET", "/query", net::answer_with([=](const request& r) { return text(r.query); }));
    x.serve("GET", "/large",
            net::answer_with([=](const request&) { return text(std::string(large_bytes, 'x')); }));
    x.serve("POST", "/echo", net::answer_with([=](const request& r) { return text(r.body); }));
    x.serve("GET", "/later",
            [this](const request&, net::http_reply r) { later.put(std::move(r)); });
    x.serve("GET", "/later/{name}",
            [this](const request& r, net::http_reply reply) {
              names.push_back(r.parameters.at("name"));
              later.put(std::move(reply));
            },
            {patient_ms});
    x.serve("GET", "/throws", net::answer_with([](const request&) -> response {
              throw std::runtime_error("secret");
            }));
    x.serve("GET", "/cached",
            net::answer_with([body = net::make_cached(std::string(cached_bytes, 'c'))](
                               const request&) { return net::cached_answer(body); }));
    x.serve("GET", "/count", net::answer_with([this, text](const request&) {
              return text(std::to_string(counted_++));
            }));
    x.serve("GET", "/forgets", [](const request&, const net::http_reply&) {});
    x.upgrade("/socket", [this](net::websocket_request r) {
      if (on_websocket)
        on_websocket(std::move(r));
    });
    return x;
  }

  /// 1 to 65535; after start(). Before it: undefined.
  uint16_t port() const { return socket_->port(); }

  /// Sends this and reads until the server closes.
  std::string ask(std::string_view text) const {
    const bare_socket peer{port()};
    peer.send(text);
    return peer.read_until();
  }

  kept_replies later;
  std::vector<std::string> names; // of /later/{name}; before take() they are the server thread's
  uint64_t patient_ms = 60'000;   // of that route; set before start()
  std::function<void(net::websocket_request)> on_websocket; // in the server's thread
  std::unique_ptr<net::http_server> server;

private:
  std::optional<net::listening_socket> socket_;
  int counted_ = 0; // answers of /count
};

/// A request for this path; `more` are further header lines.
inline std::string get(const std::string& path, const std::string& more = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: here\r\n" + more + "\r\n";
}

inline const std::string closing = "Connection: close\r\n";

inline std::string response_of(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Responses without the lines that differ from run to run, and without ETag and Vary.
inline std::string essential(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto line
      = text.substr(0, std::min(std::min(text.find("\r\n"), text.size()) + 2, text.size()));
    text.remove_prefix(line.size());
    const auto begins = [line](std::string_view name) { return line.starts_with(name); };
    if (!begins("Date: ") && !begins("X-Request-Id: ") && !begins("ETag: ") && !begins("Vary: "))
      out += line;
  }
  return out;
}

/// How often `part` stands in `text`. Without overlaps, from 0; `part` must not be empty. Errors:
/// none.
inline size_t times(const std::string& part, const std::string& text) {
  size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++n;
  return n;
}

} // namespace sluice::test
