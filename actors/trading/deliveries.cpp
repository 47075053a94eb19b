#include "actors/trading/deliveries.hpp"

#include <utility>

namespace sluice {

namespace {

constexpr size_t delivery_events = 20'000; // one reading may have more

} // namespace

void deliveries::begin(std::string feed, uint64_t incarnation) {
  feed_ = std::move(feed);
  mark_.incarnation = incarnation;
}

void deliveries::add(source_rows x) {
  events_ += x.events.size();
  ready_.push_back(std::move(x));
}

std::vector<source_rows> deliveries::durable(const delivery_mark& mark) {
  if (!out_ || mark != mark_)
    return {};
  const auto done = std::exchange(out_, nullptr);
  for (const auto& x : *done)
    events_ -= x.events.size();
  return *done;
}

source_delivery deliveries::next() {
  if (!out_ && !ready_.empty()) {
    std::vector<source_rows> all;
    size_t events = 0;
    while (!ready_.empty() && (all.empty() || events < delivery_events)) {
      events += ready_.front().events.size();
      all.push_back(std::move(ready_.front()));
      ready_.pop_front();
    }
    out_ = std::make_shared<const std::vector<source_rows>>(std::move(all));
    ++mark_.number;
  }
  if (out_)
    return {feed_, mark_, out_, !ready_.empty()};
  return {feed_, {mark_.incarnation, 0}, std::make_shared<const std::vector<source_rows>>(), false};
}

} // namespace sluice
