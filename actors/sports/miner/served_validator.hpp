/// One validator of a miner, as its messenger keeps it, and what goes to it and comes back.
#pragma once

#include "messages/sports/miner.hpp"
#include "net/sports/client.hpp"
#include "rules/miner_gateway/url.hpp"
#include "rules/sports/delivery_book.hpp"
#include "storage/sports/miner_records.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Counts from 0; moments by the clock of the messenger, in the unit of their name.
struct served_validator {
  std::string name;                           // as the miner was given it
  std::string base;                           // http://HOST:PORT
  std::unique_ptr<net::sports_client> socket; // null: HTTP only
  bool online = false;
  bool http_busy = false;
  uint64_t http_failures = 0; // in a row
  uint64_t http_not_before_ms = 0;
  int64_t games_since_us = 0;
  std::string games_after;
  bool games_wanted = true;
  bool games_busy = false;
  uint64_t connections = 0;
  uint64_t losses = 0;
  uint64_t sent_websocket = 0; // predictions
  uint64_t sent_http = 0;
  uint64_t errors = 0;
  std::string last_error;
  std::deque<double> latencies_ms; // of the last answers
};

/// How long answers took is known of so many.
inline constexpr size_t latencies_kept = 100;

/// What is stored of a delivery, and back. `pending`: why it is not answered; "": it is.
delivery_state state_of_delivery(const miner_delivery& x);
miner_delivery
row_of_delivery(const std::string& validator, const delivery_state& x, std::string pending);

std::set<std::string> names_of(const std::vector<gateway_url>& urls);
/// http:// or https:// for ws:// and wss://.
std::string http_base_of(const gateway_url& x);

/// A value in a query, with percent signs where they are needed (RFC 3986).
std::string query_value(std::string_view text);

/// The data of a signed answer over HTTP. `now_us`: microseconds since 1970-01-01 UTC. Faults:
/// unreachable, refused or bad_input, with what was wrong.
result<std::string> data_of_answer(const validator_news& x, int64_t now_us);

/// Connections and deliveries as a JSON object.
std::string json_of_validator(const served_validator& x, const delivery_counts& counts);

} // namespace sluice
