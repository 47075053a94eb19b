/// Which answers of which routes tests have seen, compared with what the routes' documents list.
#pragma once

#include "net/http/api_gate.hpp"
#include "net/http/openapi.hpp"
#include "net/http/server.hpp"
#include "tests/support/bare_socket.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace sluice::test {

/// A router that notes each answer of its handlers, by (method, path of the route, status). Use:
///
///     seen_answers seen;
///     auto watched = seen.watch(router);     // serve this one, and send the cases
///     seen.exercise_gate(router);            // 401, 403, 413, 429 of every route
///     EXPECT_EQ(seen.differences(router), std::vector<std::string>{});
class seen_answers {
public:
  net::http_router watch(const net::http_router& router) {
    net::http_router out;
    for (const auto& [name, text] : router.schemas())
      out.schema(name, text);
    for (const auto& x : router.routes()) {
      if (x.websocket) {
        out.upgrade(x.path, x.websocket, x.terms);
        continue;
      }
      out.serve(
        x.method, x.path,
        [seen = seen_, where = x.method + ' ' + x.path,
         handler = x.handler](const net::http_request& request, net::http_reply reply) {
          handler(request, net::http_reply{[seen, where, reply](const net::http_response& answer) {
                    seen->put(where, answer.status);
                    reply(answer);
                  }});
        },
        x.terms);
    }
    return out;
  }

  /// An answer that the test saw itself.
  void put(const std::string& method, const std::string& path, unsigned status) {
    seen_->put(method + ' ' + path, status);
  }

  /// Sends every route what its gate and the server refuse, on a server of its own.
  void exercise_gate(const net::http_router& router) {
    gate_world world{router};
    for (const auto& x : router.routes()) {
      put(x.method, x.path, world.status(x, "sluice_00000000_" + std::string(43, 'A')));
      put(x.method, x.path, world.status(x, world.revoked));
      if (!x.terms.doc.body.empty())
        put(x.method, x.path, world.status(x, world.admin, "Content-Length: 99999999\r\n"));
      put(x.method, x.path, world.status(x, world.slow));
    }
  }

  /// "GET /a: 404 is listed and was never answered", "GET /a: 500 is not listed", and so on.
  std::vector<std::string> differences(const net::http_router& router) const {
    std::vector<std::string> out;
    auto seen = seen_->get();
    for (const auto& x : router.routes()) {
      const auto where = x.method + ' ' + x.path;
      if (x.terms.doc.summary.empty())
        out.push_back(where + ": has no document");
      std::set<unsigned> listed;
      for (const auto& y : x.terms.doc.responses)
        listed.insert(y.status);
      for (const auto status : net::common_statuses(x))
        listed.insert(status);
      for (const auto status : listed)
        if (!seen[where].contains(status))
          out.push_back(where + ": " + std::to_string(status)
                        + " is listed and was never answered");
      for (const auto status : seen[where])
        if (!listed.contains(status))
          out.push_back(where + ": " + std::to_string(status) + " was answered and is not listed");
    }
    return out;
  }

private:
  struct notes {
    void put(const std::string& where, unsigned status) {
      const std::lock_guard lock{mutex};
      all[where].insert(status);
    }
    std::map<std::string, std::set<unsigned>> get() {
      const std::lock_guard lock{mutex};
      return all;
    }
    std::mutex mutex;
    std::map<std::string, std::set<unsigned>> all;
  };

  struct gate_world {
    explicit gate_world(const net::http_router& router) {
      const auto keys = std::make_shared<net::current_api_keys>();
      std::vector<api_key> all;
      const auto make = [&all](uint8_t n, uint64_t revoked_ms) {
        api_key_chance chance;
        chance.id.fill(n);
        const auto made
          = issue_api_key({.role = api_role::admin, .revoked_ms = revoked_ms}, chance, all);
        all.push_back(made.key);
        return made.text;
      };
      admin = make(1, 0);
      revoked = make(2, 1);
      slow = make(3, 0);
      keys->put(all);
      auto opened = net::listening_socket::open("127.0.0.1:0");
      if (!opened)
        throw std::runtime_error(opened.error().what);
      socket.emplace(*std::move(opened));
      net::api_gate_terms terms;
      terms.rates.key = {1, 2 * router.routes().size()}; // `admin` needs one for each route
      terms.steady_ms = [] { return uint64_t{1}; };
      terms.unix_ms = [] { return uint64_t{1}; };
      net::http_server_terms server_terms;
      server_terms.tick_ms = 5;
      server_terms.limits.linger_ms = 200;
      server_terms.gate = net::make_api_gate(terms, keys);
      auto made = net::http_server::start(*socket, server_terms, never_answering(router));
      if (!made)
        throw std::runtime_error(made.error().what);
      server = *std::move(made);
      for (size_t i = 0; i < 2 * router.routes().size(); ++i) // from now on it is too fast
        (void)ask("GET /no-such-path", slow, "");
    }

    /// The same table; whoever comes as far as a handler gets 599, which no document lists.
    static net::http_router never_answering(const net::http_router& router) {
      net::http_router out;
      for (const auto& x : router.routes())
        if (x.websocket)
          out.upgrade(
            x.path, [](net::websocket_request) {}, x.terms);
        else
          out.serve(x.method, x.path, net::answer_with([](const net::http_request&) {
                      return net::http_response{599, "", ""};
                    }),
                    x.terms);
      return out;
    }

    unsigned ask(const std::string& line, const std::string& key, const std::string& lines) const {
      const bare_socket peer{socket->port()};
      peer.send(line + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\nX-API-Key: " + key + "\r\n"
                + lines + "\r\n");
      const auto got = peer.read_until();
      return got.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(got.substr(9, 3)));
    }

    unsigned
    status(const net::http_route& x, const std::string& key, const std::string& lines = "") const {
      std::string path;
      for (const char c : x.path) // "{id}" is a value as any other
        path += c == '{' || c == '}' ? 'x' : c;
      return ask(x.method + ' ' + path, key, lines);
    }

    std::string admin, revoked, slow;
    std::optional<net::listening_socket> socket;
    std::unique_ptr<net::http_server> server;
  };

  std::shared_ptr<notes> seen_ = std::make_shared<notes>();
};

} // namespace sluice::test
