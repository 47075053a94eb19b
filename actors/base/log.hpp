/// Log messages; libfmt formats them, not every source for itself.
#pragma once

#include <spdlog/spdlog.h>

// The library has it compiled, only its header does not show that: two seconds of every source.
extern template void
fmt::detail::vformat_to<char>(buffer<char>&, basic_string_view<char>,
                              basic_format_args<buffer_context<char>>, locale_ref);
