/// Collects the body of a request, with a known length or in chunks, up to a bound.
#pragma once

#include "net/http/head.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::net {

class body_reader {
public:
  /// Nothing longer than `bytes_max` is taken. `bytes_max`: bytes of the body, decoded, from 0.
  body_reader(const http_head& head, size_t bytes_max);
  ~body_reader();

  enum class state { needs_more, complete, too_long, malformed };

  /// `used`: bytes, 0 to as many as were put; errors are states.
  struct progress {
    state now = state::needs_more;
    size_t used = 0; // bytes of `bytes` that belong to the body
  };
  /// `bytes` is everything that has come and was not used yet. `used` is from 0 to bytes.size(),
  /// also when it was too long or malformed.
  progress put(std::string_view bytes);

  /// Once it is complete. Trailers are left out.
  std::string take();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace sluice::net
