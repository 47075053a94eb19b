#include "actors/sports/miner/served_validator.hpp"

#include "rules/json_text.hpp"
#include "rules/sports/envelope.hpp"

#include <utility>

namespace sluice {

delivery_state state_of_delivery(const miner_delivery& x) {
  delivery_state made;
  made.sent = x.sent;
  made.last_sent_us = x.last_sent_us;
  made.way = x.way;
  made.answered = x.answered;
  made.code = x.code;
  made.same = x.same;
  made.message = x.message;
  made.answered_us = x.answered_us;
  return made;
}

miner_delivery
row_of_delivery(const std::string& validator, const delivery_state& x, std::string pending) {
  miner_delivery made;
  made.validator = validator;
  made.sent = x.sent;
  made.last_sent_us = x.last_sent_us;
  made.way = x.way;
  made.answered = x.answered;
  made.code = x.code;
  made.same = x.same;
  made.message = x.message;
  made.answered_us = x.answered_us;
  made.pending = std::move(pending);
  return made;
}

std::set<std::string> names_of(const std::vector<gateway_url>& urls) {
  std::set<std::string> made;
  for (const auto& x : urls)
    made.insert(to_string(x));
  return made;
}

std::string http_base_of(const gateway_url& x) {
  return (x.scheme == gateway_scheme::wss ? "https://" : "http://") + to_string(x.at);
}

std::string query_value(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string made;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                       || c == '-' || c == '_' || c == '.';
    if (plain)
      made += c;
    else
      made += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return made;
}

result<std::string> data_of_answer(const validator_news& x, int64_t now_us) {
  constexpr uint64_t freshness_s = 300;
  if (x.status == 0)
    return fault{ec::unreachable, x.data};
  if (x.status != 200)
    return fault{ec::refused, "HTTP " + std::to_string(x.status) + ": " + x.data.substr(0, 256)};
  auto read = read_sports_envelope(x.data, sports_wire::server_text_bytes_max);
  if (!read)
    return read.error();
  if (const auto good = net::check_signed(*read, now_us, freshness_s, net::all_signature_schemes());
      !good)
    return good.error();
  return std::move(read->data);
}

std::string json_of_validator(const served_validator& x, const delivery_counts& counts) {
  double latency = 0;
  for (const auto one : x.latencies_ms)
    latency += one / static_cast<double>(x.latencies_ms.size());
  return json_object{}
    .add("online", x.online)
    .add("connections", x.connections)
    .add("losses", x.losses)
    .add("sent_websocket", x.sent_websocket)
    .add("sent_http", x.sent_http)
    .add("errors", x.errors)
    .add("last_error", x.last_error)
    .add("mean_latency_ms", latency)
    .raw("predictions", json_of(counts))
    .text();
}

} // namespace sluice
