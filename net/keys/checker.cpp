#include "net/keys/checker.hpp"

#include "net/keys/sr25519.hpp"
#include "net/keys/ss58.hpp"

namespace sluice::net {

signature_verdict check_signature(signature_kind kind, const hotkey& key, std::string_view text,
                                  std::string_view signature) {
  const auto open = parse_public_key(key.value);
  if (!open)
    return signature_verdict::no_key;
  const auto bytes = from_hex<64>(signature);
  const bool good = bytes
                    && (kind == signature_kind::sr25519 ? verify_sr25519(*open, text, *bytes)
                                                        : verify(*open, text, *bytes));
  return good ? signature_verdict::good : signature_verdict::bad;
}

} // namespace sluice::net
