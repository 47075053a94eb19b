#include "rules/consensus/status_field.hpp"

#include "rules/json_text.hpp"

namespace sluice {

namespace {

std::string json_of_optional(const std::optional<double>& x) {
  return x ? json_text(*x) : std::string{};
}

uint32_t bit_when(bool is_there, status_field x) {
  return is_there ? bit_of(x) : 0;
}

} // namespace

uint32_t mask_of(const miner_status& x) {
  using enum status_field;
  return bit_of(uid) | bit_when(x.current_load.has_value(), current_load)
         | bit_when(!x.external_ip.empty(), external_ip)
         | bit_when(!x.external_port.empty(), external_port) | bit_when(!x.hotkey.empty(), hotkey)
         | bit_when(!x.ip.empty(), ip) | bit_when(x.is_serving.has_value(), is_serving)
         | bit_when(!x.last_seen.empty(), last_seen)
         | bit_when(x.max_capacity.has_value(), max_capacity)
         | bit_when(x.performance_score.has_value(), performance_score)
         | bit_when(!x.port.empty(), port) | bit_when(x.stake.has_value(), stake)
         | bit_when(!x.specialization.empty(), specialization) | (x.extra.empty() ? 0 : extra_bit);
}

std::string json_of_field(const miner_status& x, status_field field) {
  switch (field) {
  case status_field::current_load:
    return json_of_optional(x.current_load);
  case status_field::hotkey:
    return x.hotkey.empty() ? std::string{} : json_text(x.hotkey);
  case status_field::is_serving:
    return !x.is_serving ? "" : *x.is_serving ? "true" : "false";
  case status_field::max_capacity:
    return json_of_optional(x.max_capacity);
  case status_field::performance_score:
    return json_of_optional(x.performance_score);
  case status_field::stake:
    return json_of_optional(x.stake);
  case status_field::uid:
    return std::to_string(x.uid.value);
  default:
    return *raw_text(x, field);
  }
}

namespace {

/// Of a status that may be changed, or not.
template <class Status>
auto raw_text_of(Status& x, status_field field) -> decltype(&x.ip) {
  switch (field) {
  case status_field::external_ip:
    return &x.external_ip;
  case status_field::external_port:
    return &x.external_port;
  case status_field::ip:
    return &x.ip;
  case status_field::last_seen:
    return &x.last_seen;
  case status_field::port:
    return &x.port;
  case status_field::specialization:
    return &x.specialization;
  default:
    return nullptr;
  }
}

} // namespace

const std::string* raw_text(const miner_status& x, status_field field) {
  return raw_text_of(x, field);
}

std::string* raw_text(miner_status& x, status_field field) {
  return raw_text_of(x, field);
}

} // namespace sluice
