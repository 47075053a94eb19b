#include "net/keys/signature_schemes.hpp"

#include "net/keys/sr25519.hpp"
#include "net/keys/ss58.hpp"

namespace sluice::net {

namespace {

bool ed25519_takes(const public_key& key, std::string_view message,
                   const std::array<uint8_t, 64>& signature) {
  return verify(key, message, signature);
}

constexpr std::array<signature_scheme, 2> every_scheme{
  {{"ed25519", ed25519_takes}, {"sr25519", verify_sr25519}}};

} // namespace

signature_schemes all_signature_schemes() {
  return every_scheme;
}

result<nothing> verify_by(signature_schemes schemes, std::string_view address,
                          std::string_view message, const std::array<uint8_t, 64>& signature) {
  const auto key = parse_public_key(address);
  if (!key)
    return key.error();
  for (const auto& scheme : schemes)
    if (scheme.verify(*key, message, signature))
      return nothing{};
  return fault{ec::refused, "the signature is not this hotkey's over this text"};
}

} // namespace sluice::net
