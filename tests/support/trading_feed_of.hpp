/// A feed of stakes with nothing but a name and a kind.
#pragma once

#include "rules/trading/config.hpp"

#include <string>
#include <utility>

namespace sluice::test {

inline trading_feed trading_feed_of(std::string name, trading_feed_kind kind) {
  trading_feed x;
  x.name = std::move(name);
  x.kind = kind;
  return x;
}

} // namespace sluice::test
