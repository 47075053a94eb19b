#include "rules/liquidity/round_name.hpp"

#include <charconv>

namespace sluice {

result<round_id> parse_round_id(std::string_view text) {
  const fault wrong{ec::bad_input, "round '" + std::string{text}
                                     + "': expected JOB/evaluation/NUMBER or JOB/live/NUMBER"};
  const auto last = text.rfind('/');
  const auto middle = last == std::string_view::npos ? last : text.rfind('/', last - 1);
  if (middle == std::string_view::npos || middle == 0 || last == 0)
    return wrong;
  const auto kind = text.substr(middle + 1, last - middle - 1);
  const auto digits = text.substr(last + 1);
  uint64_t number = 0;
  const auto [end, bad] = std::from_chars(digits.begin(), digits.end(), number);
  if (bad != std::errc{} || end != digits.end() || (kind != "evaluation" && kind != "live"))
    return wrong;
  return round_id{{std::string{text.substr(0, middle)}},
                  kind == "live" ? round_kind::live : round_kind::evaluation,
                  {number}};
}

} // namespace sluice
