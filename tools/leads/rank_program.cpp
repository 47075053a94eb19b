#include "tools/leads/rank_program.hpp"

#include "io/leads/document.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <utility>

namespace sluice::tools {

namespace {

fault bad_order(const std::string& got) {
  return {ec::bad_input, "the ranking program: expected a JSON list of places from 0, each once, "
                         "as [2,0,1]; got "
                           + got};
}

/// By what two leads are the same to a buyer; "" when nothing states it.
std::string sameness_of(const lead& x) {
  auto ident = pool_ident_of(x);
  return ident.empty() ? x.id : ident;
}

} // namespace

std::string
rank_input(std::span<const lead> by_arrival, size_t num_leads, std::string_view business_desc) {
  io::json all = io::json::array();
  for (const auto& x : by_arrival)
    all.push_back(io::lead_json(x));
  io::json out;
  out["num_leads"] = num_leads;
  out["business_desc"] = std::string{business_desc};
  out["leads"] = std::move(all);
  return out.dump(-1, ' ', false, io::json::error_handler_t::replace) + '\n';
}

result<std::vector<lead>>
ranked_by(std::string_view output, std::span<const lead> by_arrival, size_t most) {
  constexpr size_t shown_bytes = 80;
  const auto order = io::json::parse(output.begin(), output.end(), nullptr, false);
  if (!order.is_array())
    return bad_order('"' + std::string{output.substr(0, shown_bytes)} + '"');
  std::vector<lead> out;
  std::set<uint64_t> places;
  std::set<std::string> seen;
  for (const auto& x : order) {
    if (!x.is_number_unsigned() || x.get<uint64_t>() >= by_arrival.size()
        || !places.insert(x.get<uint64_t>()).second)
      return bad_order(x.dump().substr(0, shown_bytes) + " of " + std::to_string(by_arrival.size())
                       + " leads");
    const auto& one = by_arrival[x.get<uint64_t>()];
    const auto same = sameness_of(one);
    if (out.size() < most && (same.empty() || seen.insert(same).second))
      out.push_back(one);
  }
  return out;
}

result<std::vector<lead>>
rank_by_program(const std::vector<std::string>& command, std::span<const lead> by_arrival,
                size_t most, std::string_view business_desc, const command_bounds& bounds) {
  const auto output = run_bounded(command, rank_input(by_arrival, most, business_desc), bounds);
  if (!output)
    return output.error();
  return ranked_by(*output, by_arrival, most);
}

} // namespace sluice::tools
