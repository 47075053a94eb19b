/// What tests of the replica begin with.
#pragma once

#include "io/pool/event_stream.hpp"
#include "sim/evaluate/window.hpp"

#include <stdexcept>
#include <string>

namespace sluice::test {

inline io::event_stream bundled_stream(const char* name) {
  auto stream = io::read_event_stream(std::string{SOURCE_DIR} + "/tests/data/evaluate/" + name);
  if (!stream)
    throw std::runtime_error(stream.error().what);
  return *std::move(stream);
}

inline replica new_replica(const pool_terms& terms) {
  return replica::of_pool(terms, pool(terms.fee, terms.tick_spacing));
}

/// The pool is initialized at price 1, by line 2 of its file.
inline pool_event initialization() {
  pool_event e;
  e.kind = pool_event_kind::initialize;
  e.line = 2;
  e.sqrt_price_x96 = u256{1} << 96;
  return e;
}

} // namespace sluice::test
