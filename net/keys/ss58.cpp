#include "net/keys/ss58.hpp"

#include "io/text/lines.hpp"

#include <algorithm>
#include <sodium.h>
#include <vector>

namespace sluice::net {

namespace {

constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr uint8_t substrate_prefix = 42;
constexpr size_t checksum_bytes = 2;
constexpr size_t address_bytes = 1 + sizeof(public_key) + checksum_bytes;
constexpr size_t address_letters_max = 64; // longer texts are not even read

using bytes = std::vector<uint8_t>;

bytes checksum(const bytes& body) {
  constexpr std::string_view salt = "SS58PRE";
  bytes text(salt.begin(), salt.end());
  text.insert(text.end(), body.begin(), body.end());
  bytes hash(crypto_generichash_BYTES_MAX); // 64: BLAKE2b-512
  ::crypto_generichash(hash.data(), hash.size(), text.data(), text.size(), nullptr, 0);
  hash.resize(checksum_bytes);
  return hash;
}

std::string base58(const bytes& from) {
  std::vector<uint8_t> digits; // least first
  for (unsigned carry : from) {
    for (auto& digit : digits) {
      carry += digit * 256U;
      digit = static_cast<uint8_t>(carry % 58);
      carry /= 58;
    }
    for (; carry > 0; carry /= 58)
      digits.push_back(static_cast<uint8_t>(carry % 58));
  }
  std::string text;
  for (size_t i = 0; i < from.size() && from[i] == 0; ++i)
    text += alphabet[0];
  for (auto at = digits.rbegin(); at != digits.rend(); ++at)
    text += alphabet[*at];
  return text;
}

/// Empty when a letter is not of the alphabet.
bytes from_base58(std::string_view text) {
  bytes made; // least first
  for (const char letter : text) {
    const auto at = alphabet.find(letter);
    if (at == std::string_view::npos)
      return {};
    auto carry = static_cast<unsigned>(at);
    for (auto& byte : made) {
      carry += byte * 58U;
      byte = static_cast<uint8_t>(carry & 0xff);
      carry >>= 8;
    }
    if (carry > 0)
      made.push_back(static_cast<uint8_t>(carry));
  }
  for (size_t i = 0; i < text.size() && text[i] == alphabet[0]; ++i)
    made.push_back(0);
  std::reverse(made.begin(), made.end());
  return made;
}

} // namespace

std::string to_address(const public_key& key) {
  bytes body{substrate_prefix};
  body.insert(body.end(), key.begin(), key.end());
  const auto sum = checksum(body);
  body.insert(body.end(), sum.begin(), sum.end());
  return base58(body);
}

result<public_key> parse_public_key(std::string_view address) {
  const auto wrong = [&](std::string_view expected) {
    return fault{ec::bad_input,
                 "address " + io::quoted(address, 60) + ": expected " + std::string{expected}};
  };
  constexpr std::string_view form = "an SS58 address: 48 letters and digits that begin with 5";
  if (address.empty() || address.size() > address_letters_max)
    return wrong(form);
  auto body = from_base58(address);
  if (body.empty())
    return wrong("only letters and digits of base 58 (no 0, O, I, l)");
  if (body.size() != address_bytes)
    return wrong(form);
  const bytes sum(body.end() - checksum_bytes, body.end());
  body.resize(body.size() - checksum_bytes);
  if (sum != checksum(body))
    return wrong("a checksum that fits; a letter is wrong");
  if (body.front() != substrate_prefix)
    return wrong("the network prefix 42 (addresses that begin with 5), got "
                 + std::to_string(body.front()));
  public_key key{};
  std::copy(body.begin() + 1, body.end(), key.begin());
  return key;
}

} // namespace sluice::net
