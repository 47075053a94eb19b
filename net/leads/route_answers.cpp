#include "net/leads/route_answers.hpp"

#include "net/leads/lead_json.hpp"
#include "rules/leads/timestamp.hpp"

#include <array>
#include <cstdio>

namespace sluice::net {

namespace {

http_response json_answer(const io::json& x, unsigned status = 200) {
  return {status, "application/json",
          x.dump(-1, ' ', false, io::json::error_handler_t::replace) + '\n'};
}

/// Milliseconds of a clock as ISO 8601 text.
std::string iso_of_ms(uint64_t ms) {
  constexpr uint64_t most = 253'402'300'799'999; // of the year 9999
  return iso_text(static_cast<int64_t>(std::min(ms, most)) * 1000);
}

io::json json_of_item(const leased_item& x) {
  io::json out;
  switch (x.queue) {
  case lead_queue::prospects:
    out["id"] = x.id;
    out["miner_hotkey"] = x.from.value;
    out["prospects"] = wire::put(x.leads);
    break;
  case lead_queue::requests:
  case lead_queue::miner_requests:
    out[x.queue == lead_queue::requests ? "request_id" : "miner_request_id"] = x.id;
    out["num_leads"] = x.num_leads;
    out["business_desc"] = x.business_desc;
    break;
  case lead_queue::miner_results:
    out["miner_request_id"] = x.id;
    out["miner_hotkey"] = x.from.value;
    out["leads"] = wire::put(x.leads);
    break;
  }
  out["created_at"] = iso_of_ms(x.created_ms);
  out["lease"] = x.lease;
  out["lease_until"] = iso_of_ms(x.lease_until_ms);
  out["deliveries"] = x.deliveries;
  return out;
}

struct outcome_status {
  unsigned status;
  std::string_view message; // when there is none
};

outcome_status status_of_outcome(buy_outcome x) {
  switch (x) {
  case buy_outcome::delivered:
    return {200, "OK"};
  case buy_outcome::no_miners:
    return {503, "no miner is there to ask; try again later"};
  case buy_outcome::timeout:
    return {504, "no miner answered in time; try again later"};
  case buy_outcome::failed:
    break;
  }
  return {500, "the request failed"};
}

} // namespace

http_response answer_of(const std::vector<lead>& x) {
  return json_answer(wire::put(x));
}

http_response answer_of(const leads_stored& x) {
  return json_answer({{"stored", x.stored}, {"duplicates", x.duplicates}});
}

http_response answer_of(lead_queue queue, const std::vector<leased_item>& x) {
  if (queue != lead_queue::prospects)
    return json_answer(x.empty() ? io::json::object() : json_of_item(x.front()));
  auto list = io::json::array();
  for (const auto& item : x)
    list.push_back(json_of_item(item));
  return json_answer(list);
}

http_response answer_of(const std::optional<request_result>& x) {
  if (!x)
    return json_answer(io::json::object());
  return json_answer({{"request_id", x->request_id},
                      {"leads", wire::put(x->leads)},
                      {"created_at", iso_of_ms(x->created_ms)}});
}

http_response answer_of(const buy_leads_answer& x, uint64_t ms) {
  const auto [status, message] = status_of_outcome(x.outcome);
  const auto part = std::to_string(1000 + ms % 1000).substr(1);
  return json_answer({{"leads", wire::put(x.leads)},
                      {"status_code", status},
                      {"status_message", x.message.empty() ? std::string{message} : x.message},
                      {"process_time", std::to_string(ms / 1000) + '.' + part}},
                     status);
}

http_response answer_of(std::string_view name, uint64_t x) {
  return json_answer({{std::string{name}, x}});
}

http_response answer_of(std::string_view name, const std::string& x) {
  return json_answer({{std::string{name}, x}});
}

http_response stored_answer() {
  return json_answer({{"stored", true}});
}

http_response answer_of_fault(const fault& why) {
  switch (why.code) {
  case ec::bad_input:
  case ec::invalid_argument:
  case ec::out_of_range:
    return http_error(400, why.what);
  case ec::refused:
    return http_error(403, why.what);
  case ec::no_such_key:
    return http_error(404, why.what);
  case ec::unreachable:
  case ec::busy: {
    auto x = http_error(503, why.what);
    x.headers.push_back({"Retry-After", "5"});
    return x;
  }
  case ec::timeout:
    return http_error(504, why.what);
  default:
    return http_error(500, why.what);
  }
}

} // namespace sluice::net
