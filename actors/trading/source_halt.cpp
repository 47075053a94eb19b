#include "actors/trading/source_halt.hpp"

#include <utility>

namespace sluice {

void source_halt::stop(std::string strict_fault) {
  stopped_ = true;
  strict_fault_ = std::move(strict_fault);
}

result<bool> source_halt::obey(source_order order, source_view& view) {
  switch (order) {
  case source_order::pause:
    paused_ = true;
    return false;
  case source_order::resume:
    paused_ = stopped_ = false;
    strict_fault_.clear();
    view.health = source_health::starting;
    return true;
  case source_order::look:
    break;
  }
  if (holds())
    return fault{ec::refused, "feed " + view.feed + " is " + (paused_ ? "paused" : "stopped")
                                + ": resume it first"};
  return true;
}

void source_halt::show(source_view& view) const {
  if (holds())
    view.health = stopped_ ? source_health::stopped : source_health::paused;
}

} // namespace sluice
