#include "net/http/request_id.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

namespace sluice::net {

namespace {

constexpr size_t request_id_bytes_max = 64;
constexpr int hexadecimal = 16;

void add_hexadecimal(std::string& out, uint64_t x) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), x, hexadecimal).ptr;
  out.append(digits.data(), end);
}

} // namespace

bool is_request_id(std::string_view x) {
  return !x.empty() && x.size() <= request_id_bytes_max
         && std::all_of(x.begin(), x.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                     || c == '.' || c == '_' || c == '-';
            });
}

std::string new_request_prefix() {
  constexpr uint64_t eight_digits = uint64_t{1} << 31; // the first digit is not 0
  std::string out;
  add_hexadecimal(out, eight_digits | std::random_device{}());
  return out;
}

void make_request_id(std::string& out, std::string_view prefix, uint64_t connection,
                     uint64_t request) {
  out = prefix;
  out += '-';
  add_hexadecimal(out, connection);
  out += '-';
  add_hexadecimal(out, request);
}

} // namespace sluice::net
