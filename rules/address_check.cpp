#include "rules/address_check.hpp"

#include "rules/blake2b.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice {

namespace {

constexpr std::string_view base58_letters
  = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr size_t address_key_bytes = 32;
constexpr size_t address_sum_bytes = 2;
constexpr size_t whole_address_bytes = 1 + address_key_bytes + address_sum_bytes;
constexpr char substrate_network = 42;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

} // namespace

bool looks_like_address(std::string_view text) {
  return text.size() >= 47 && text.size() <= 49 && text.front() == '5'
         && std::ranges::all_of(text, is_letter_or_digit);
}

std::string address_fault(std::string_view text) {
  if (!looks_like_address(text))
    return {};
  std::array<uint8_t, whole_address_bytes> number{}; // the first byte counts most
  for (const char letter : text) {
    auto carry = base58_letters.find(letter);
    if (carry == std::string_view::npos)
      return "an SS58 address of letters and digits of base 58, without 0, O, I and l";
    for (size_t i = number.size(); i-- > 0;) {
      carry += number[i] * size_t{58};
      number[i] = static_cast<uint8_t>(carry & 0xff);
      carry >>= 8;
    }
    if (carry > 0)
      return "an SS58 address of 48 letters and digits: there are too many";
  }
  std::string salted{"SS58PRE"};
  salted.append(number.begin(), number.end() - address_sum_bytes);
  const auto sum = blake2b_512(salted);
  if (!std::equal(number.end() - address_sum_bytes, number.end(), sum.begin()))
    return "an SS58 address whose checksum fits: a letter is wrong or missing";
  if (number.front() != substrate_network)
    return "an SS58 address with the network prefix 42";
  return {};
}

} // namespace sluice
