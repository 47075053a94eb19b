/// Numbers of requests: what an answer, the access log and whoever asks about it call a request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::net {

/// 1 to 64 letters, digits, dots, underscores or hyphens.
bool is_request_id(std::string_view x);

/// Eight hexadecimal digits, new for each server: numbers of two runs are not the same.
std::string new_request_prefix();

/// "PREFIX-CONNECTION-REQUEST", both numbers in hexadecimal digits; replaces what is in `out`.
void make_request_id(std::string& out, std::string_view prefix, uint64_t connection,
                     uint64_t request);

} // namespace sluice::net
