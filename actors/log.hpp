/// Words for whoever looks for a fault; libfmt formats them, not every source for itself.
#pragma once

#include <spdlog/spdlog.h>

// The library has it compiled, its header only does not say so: two seconds of every source.
extern template void
fmt::detail::vformat_to<char>(buffer<char>&, basic_string_view<char>,
                              basic_format_args<buffer_context<char>>, locale_ref);
