#include "rules/miner_gateway/nonces.hpp"

#include "rules/chain/sha256.hpp"

namespace sluice {

namespace {

void append(std::string& bytes, uint64_t x) {
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(x >> shift & 0xff);
}

} // namespace

std::string nonce_source::next(const std::array<uint8_t, 32>& random) {
  std::string bytes = "sluice/door/nonce\n";
  append(bytes, incarnation_.number);
  append(bytes, count_++);
  bytes.append(random.begin(), random.end());
  return sha256_hex(bytes);
}

} // namespace sluice
