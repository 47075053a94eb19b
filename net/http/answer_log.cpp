#include "net/http/answer_log.hpp"

#include <array>

namespace sluice::net {

std::string answer_log_line(const answer_log_entry& x) {
  constexpr uint64_t per_millisecond = 1000;
  const auto thousandths = std::to_string(x.microseconds % per_millisecond);
  const auto milliseconds = std::to_string(x.microseconds / per_millisecond) + '.'
                            + std::string(3 - thousandths.size(), '0') + thousandths;
  const auto status = std::to_string(x.status), bytes = std::to_string(x.bytes);
  std::string out;
  for (const std::string_view part :
       {x.id, x.network, x.method, x.path, std::string_view{status}, std::string_view{bytes},
        std::string_view{milliseconds}, x.key_id}) {
    if (!out.empty())
      out += ' ';
    out += part.empty() ? std::string_view{"-"} : part;
  }
  return out;
}

} // namespace sluice::net
