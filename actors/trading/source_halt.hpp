/// Whether a feed is asked: paused by the operator, stopped by a fault, or neither.
#pragma once

#include "messages/trading.hpp"
#include "rules/result.hpp"

#include <string>

namespace sluice {

class source_halt {
public:
  /// Nothing is asked for until an operator resumes it.
  bool holds() const { return paused_ || stopped_; }

  /// `strict_fault`: what whoever takes its rows is answered with; "" where those that came count.
  void stop(std::string strict_fault = {});
  const std::string& strict_fault() const { return strict_fault_; }

  /// Does what is ordered, and notes in `view` that a feed starts again. True: look now. Fault:
  /// `ec::refused` for a look while it holds, with the feed's name.
  result<bool> obey(source_order order, source_view& view);

  /// Its health, while it holds.
  void show(source_view& view) const;

private:
  std::string strict_fault_;
  bool paused_ = false;
  bool stopped_ = false;
};

} // namespace sluice
