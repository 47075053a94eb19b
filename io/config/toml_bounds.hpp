/// Bounds a TOML text before the parser sees it: the parser recurses as deep as a text nests.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::io {

/// What a configuration may have at most; an honest one has a tenth of it. All count from 0.
struct toml_limits {
  size_t bytes = size_t{4} << 20; // of the whole text
  size_t key_bytes = 256;         // of one key with its dots and quotes, as written
  size_t key_parts = 16;          // of one key: "a.b.c" has 3
  size_t depth = 16;              // arrays and inline tables inside each other
  size_t values = 250'000;        // keys, headers and values of arrays together
};

/// How far a text is TOML by its outer form: keys, strings, brackets. `good_to`: the parser may be
/// given the bytes before it; less than the text's size when the form breaks there, and then the
/// parser finds a mistake in these.
struct toml_scan {
  size_t good_to = 0; // bytes from 0
  bool broken = false;
};

/// Reads the text once from its begin to its end, in time proportional to its size. ec::bad_input
/// with `name`, line and column when something is beyond the limits.
result<toml_scan>
scan_toml(std::string_view text, const std::string& name, const toml_limits& limits = {});

} // namespace sluice::io
