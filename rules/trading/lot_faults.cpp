#include "rules/trading/lot_faults.hpp"

#include <map>

namespace sluice {

namespace {

constexpr size_t lot_faults_max = 20;

/// What the legs that are there add up to, per lot.
struct leg_sums {
  uint32_t legs = 0;
  i128 alpha = 0;
  i128 cost = 0;
  i128 pnl = 0;
};

class lot_fault_list {
public:
  void add(std::string_view kind, uint32_t number, std::string_view what) {
    if (all.size() < lot_faults_max)
      all.push_back(std::string{kind} + ' ' + std::to_string(number) + ": " + std::string{what});
  }
  std::vector<std::string> all;
};

void check_lot(const trading_lot& x, lot_fault_list& found) {
  if (x.alpha <= 0 || x.tao <= 0 || x.fee < 0)
    found.add("lot", x.number, "InvalidAmount: amounts must be above 0");
  if (x.rest < 0 || x.dust < 0 || x.sold() < 0)
    found.add("lot", x.number, "InsufficientAlpha: more was sold than there was");
  if ((x.closed_us != not_closed) != (x.rest == 0))
    found.add("lot", x.number, "InvalidStateTransition: closed means that nothing is left");
  if (x.closed_us != not_closed && x.closed_us < x.entry_us)
    found.add("lot", x.number, "InvalidTimestamp: closed before it was opened");
  if ((x.legs == 0) != (x.rest == x.alpha))
    found.add("lot", x.number, "InvalidStateTransition: a lot without legs is open and whole");
}

void check_trade(const trading_trade& x, lot_fault_list& found) {
  i128 alpha = x.unmatched;
  i128 tao = 0;
  for (const auto& leg : x.legs) {
    alpha += leg.alpha;
    tao += leg.tao;
    if (leg.alpha <= 0 || leg.duration_s < 0)
      found.add("trade", x.number, "InvalidAmount: a leg without alpha or before its lot");
  }
  if (x.legs.empty())
    found.add("trade", x.number, "OrphanedRecord: a trade without legs");
  if (alpha != x.alpha)
    found.add("trade", x.number, "the alpha of its legs is not that of the trade");
  if (tao > x.tao - x.fee || (x.unmatched == 0 && tao != x.tao - x.fee))
    found.add("trade", x.number, "the TAO of its legs is not that of the trade");
}

} // namespace

std::vector<std::string>
lot_faults(std::span<const trading_lot> lots, std::span<const trading_trade> trades) {
  lot_fault_list found;
  std::map<uint32_t, leg_sums> sums;
  uint32_t before = 0;
  for (const auto& x : trades) {
    check_trade(x, found);
    for (const auto& leg : x.legs) {
      if (leg.lot < before)
        found.add("trade", x.number, "takes from a lot that is older than one that was closed");
      before = leg.lot;
      auto& sum = sums[leg.lot];
      ++sum.legs;
      sum.alpha += leg.alpha;
      sum.cost += leg.cost;
      sum.pnl += leg.pnl();
    }
  }
  for (const auto& x : lots) {
    check_lot(x, found);
    const auto& sum = sums[x.number];
    const bool whole = sum.legs == x.legs; // else older legs are archived
    if (sum.legs > x.legs || sum.alpha > x.sold())
      found.add("lot", x.number, "has more legs than it counts");
    else if (whole && (sum.alpha != x.sold() || sum.cost != x.cost_sold || sum.pnl != x.real_pnl))
      found.add("lot", x.number, "its legs do not add up to what was sold of it");
  }
  return found.all;
}

result<nothing> check_transition(lot_status from, lot_status to) {
  if (from != lot_status::closed && to != lot_status::open)
    return nothing{};
  return fault{ec::refused, "InvalidStateTransition: a lot that is " + std::string{name_of(from)}
                              + " cannot become " + std::string{name_of(to)}
                              + "; closed is final, and what was sold is not open again"};
}

} // namespace sluice
