#include "rules/leads/lease.hpp"

#include "rules/chain/sha256.hpp"

namespace sluice {

namespace {

constexpr size_t lease_digits = 32;

} // namespace

lease_status status_of(const lease_state& x, uint64_t now_ms, const lease_terms& terms) {
  if (x.deliveries > 0 && now_ms < x.until_ms)
    return lease_status::leased;
  return x.deliveries < terms.deliveries_max ? lease_status::waiting : lease_status::set_aside;
}

lease_state handed_out(const lease_state& x, std::string_view item, const hotkey& to,
                       uint64_t now_ms, const lease_terms& terms) {
  lease_state next;
  next.holder = to;
  next.until_ms = now_ms + terms.lease_ms;
  next.deliveries = x.deliveries + 1;
  next.lease = sha256_hex(std::string{item} + '\n' + to.value + '\n'
                          + std::to_string(next.deliveries) + '\n' + std::to_string(now_ms));
  next.lease.resize(lease_digits);
  return next;
}

bool acknowledges(const lease_state& x, const hotkey& who, std::string_view lease,
                  uint64_t now_ms) {
  return x.deliveries > 0 && now_ms < x.until_ms && x.holder == who && x.lease == lease;
}

} // namespace sluice
