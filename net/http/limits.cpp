#include "net/http/limits.hpp"

#include <map>
#include <memory>

namespace sluice::net {

namespace {

/// No entry without an open connection, so there are never more than `connections_max`.
struct open_connections {
  std::map<std::string, size_t> by_network;
  size_t all = 0;
};

http_response connection_refusal(const std::string& detail) {
  auto x = http_error(503, detail);
  x.headers.push_back({"Retry-After", "1"});
  return x;
}

} // namespace

admit_function admit_within(const http_limits& limits) {
  const auto open = std::make_shared<open_connections>();
  return [open, all_max = limits.connections_max, network_max = limits.connections_per_network](
           const http_arrival& x) -> std::variant<http_ticket, http_response> {
    const auto& network = x.network;
    if (open->all >= all_max)
      return connection_refusal("more than " + std::to_string(all_max)
                                + " connections are open; try again later");
    auto& mine = open->by_network[network];
    if (mine >= network_max && !x.by_proxy)
      return connection_refusal("your network " + network + " has " + std::to_string(network_max)
                                + " connections, which is the most; close one first");
    ++mine;
    ++open->all;
    return http_ticket{static_cast<void*>(open.get()), [open, network](void*) {
                         --open->all;
                         const auto at = open->by_network.find(network);
                         if (--at->second == 0)
                           open->by_network.erase(at);
                       }};
  };
}

} // namespace sluice::net
