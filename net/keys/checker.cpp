#include "net/keys/checker.hpp"

#include "net/keys/ss58.hpp"

namespace sluice::net {

signature_verdict check_signature(signature_kind kind, const hotkey& key, std::string_view text,
                                  std::string_view signature) {
  const auto open = parse_public_key(key.value);
  if (!open)
    return signature_verdict::no_key;
  const auto bytes = from_hex<64>(signature);
  const bool good = kind == signature_kind::ed25519 && bytes && verify(*open, text, *bytes);
  return good ? signature_verdict::good : signature_verdict::bad;
}

} // namespace sluice::net
