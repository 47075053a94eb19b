#include "net/keys/certificate_facts.hpp"

#include <ctime>

namespace sluice::net {

namespace {

constexpr int64_t day_s = int64_t{24} * 3600;

} // namespace

std::string utc_text(int64_t unix_s) {
  const auto at = static_cast<time_t>(unix_s);
  struct tm parts {};
  if (::gmtime_r(&at, &parts) == nullptr)
    return "unknown";
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string date_fault(const certificate_facts& x, int64_t unix_s) {
  if (unix_s > x.until_s)
    return "expired at " + utc_text(x.until_s);
  if (unix_s < x.from_s)
    return "is valid only from " + utc_text(x.from_s);
  return {};
}

std::string date_warning(const certificate_facts& x, int64_t unix_s) {
  if (unix_s > x.until_s)
    return "expired at " + utc_text(x.until_s);
  const auto left = x.until_s - unix_s;
  if (left >= certificate_warning_s)
    return {};
  const auto days = left / day_s;
  return "expires at " + utc_text(x.until_s)
         + (days == 0   ? ", today"
            : days == 1 ? ", in 1 day"
                        : ", in " + std::to_string(days) + " days");
}

std::string facts_text(const certificate_facts& x) {
  return "for " + (x.hosts.empty() ? "no host" : x.hosts) + ", issued by " + x.issuer
         + ", valid from " + utc_text(x.from_s) + " to " + utc_text(x.until_s);
}

} // namespace sluice::net
