/// What a source has read and the trading actor has not stored yet, delivered until it has.
#pragma once

#include "messages/trading.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace sluice {

/// One delivery is out at a time; it comes again until it is reported as durable.
class deliveries {
public:
  /// `incarnation`: not 0.
  void begin(std::string feed, uint64_t incarnation);

  void add(source_rows x);

  /// The rows of the delivery that is out, when this mark is its; then the next one may go out.
  std::vector<source_rows> durable(const delivery_mark& mark);

  /// The delivery that is out, or the next one, with as much as is ready up to some 20,000 events;
  /// its number is 0 when nothing is.
  source_delivery next();

  /// Events that are not durable yet, a count from 0. Errors: none.
  size_t events() const { return events_; }
  /// Rows that are not durable yet, of so many readings; from 0. Errors: none.
  size_t waiting() const { return ready_.size() + (out_ ? out_->size() : 0); }

private:
  std::string feed_;
  delivery_mark mark_; // of the delivery that is out, or was last
  std::deque<source_rows> ready_;
  std::shared_ptr<const std::vector<source_rows>> out_; // null: none
  size_t events_ = 0;
};

} // namespace sluice
