#include "net/keys/other_key_files.hpp"

#include "io/text/lines.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace sluice::net {

namespace {

/// What an encrypted wallet file begins with: NaCl, Ansible's vault, Fernet.
constexpr std::array<std::string_view, 3> locked_marks{"$NACL", "$ANSIBLE_VAULT", "gAAAA"};
constexpr std::string_view make_one = "make one: sluice keys new FILE";

fault other_file(const std::string& name, const std::string& what, const std::string& what_to_do) {
  return {ec::bad_input, name + ": is " + what
                           + ": expected a key file of Sluice or an open hotkey "
                             "file of a Bittensor wallet; "
                           + what_to_do};
}

/// Between -----BEGIN and -----, as it stands there when it is plain.
std::string pem_label(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ";
  auto label = text.substr(text.find(begin) + begin.size(), 40);
  label = label.substr(0, label.find("-----"));
  const bool plain = std::ranges::all_of(
    label, [](char c) { return (c >= 'A' && c <= 'Z') || c == ' ' || (c >= '0' && c <= '9'); });
  return plain ? std::string{label} : std::string{};
}

std::string_view without_0x(std::string_view hex) {
  return hex.starts_with("0x") ? hex.substr(2) : hex;
}

/// The text at `key`; "" when there is none.
std::string text_at(const nlohmann::json& document, const char* key) {
  const auto at = document.find(key);
  return at != document.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

fault bad_wallet(const std::string& name, std::string_view field, const std::string& expected,
                 const std::string& got) {
  return io::bad_line(name, 0, field, expected, got,
                      "this is a Bittensor wallet's file: restore it, or regenerate the hotkey");
}

result<key_pair> of_wallet(std::string_view text, const std::string& name) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object())
    return other_file(name, "JSON that is not whole", "restore it");
  auto hex = text_at(document, "secretSeed");
  if (hex.empty())
    return other_file(name,
                      document.contains("publicKey") && !document.contains("privateKey")
                        ? "the public part of a Bittensor wallet (hotkeypub.txt)"
                        : "a Bittensor wallet's file without a secretSeed",
                      "take the file hotkeys/NAME of the wallet, or regenerate the hotkey from its "
                      "phrase");
  auto seed = from_hex<32>(without_0x(hex));
  const auto digits = hex.size();
  wipe(hex);
  if (!seed)
    return bad_wallet(name, "secretSeed", "0x and 64 hexadecimal digits",
                      std::to_string(digits) + " characters that are not that");
  auto made = make_key_pair(secret_seed{*seed}, signature_kind::sr25519);
  seed->fill(0);
  const auto open = text_at(document, "publicKey");
  if (!open.empty() && without_0x(open) != to_hex(made.open))
    return bad_wallet(name, "publicKey",
                      "the public key of this secretSeed, 0x" + to_hex(made.open),
                      io::quoted(open, 70));
  const auto address = text_at(document, "ss58Address");
  if (!address.empty() && address != made.address)
    return bad_wallet(name, "ss58Address", "the address of this key, " + made.address,
                      io::quoted(address, 60));
  return made;
}

bool is_phrase(std::string_view text) {
  size_t words = 0;
  bool in_word = false;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') {
      words += in_word ? 0 : 1;
      in_word = true;
    } else if (c == ' ' || c == '\n' || c == '\r') {
      in_word = false;
    } else {
      return false;
    }
  }
  return words >= 12 && words <= 24;
}

} // namespace

key_form other_key_form(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  const auto rest = begin == std::string_view::npos ? std::string_view{} : text.substr(begin);
  if (rest.starts_with('{'))
    return key_form::bittensor;
  if (std::ranges::any_of(locked_marks, [&](auto mark) { return rest.starts_with(mark); }))
    return key_form::bittensor_locked;
  if (rest.starts_with("-----BEGIN OPENSSH"))
    return key_form::ssh;
  if (rest.find("-----BEGIN ") != std::string_view::npos)
    return key_form::pem;
  return is_phrase(rest) ? key_form::words : key_form::own;
}

result<key_pair> parse_other_key(std::string_view text, const std::string& name, key_form form) {
  switch (form) {
  case key_form::bittensor:
    return of_wallet(text, name);
  case key_form::bittensor_locked:
    return other_file(name, "a Bittensor wallet's file with a password",
                      "it is never asked for: a hotkey is kept without one; regenerate it so, or "
                        + std::string{make_one});
  case key_form::ssh:
    return other_file(name, "a key of OpenSSH", std::string{make_one});
  case key_form::words:
    return other_file(name, "a secret phrase",
                      "regenerate the hotkey from it in a wallet, or " + std::string{make_one});
  default:
    break;
  }
  const auto label = pem_label(text);
  const auto what = label.empty() ? "a PEM file" : "a PEM file (" + label + ")";
  return other_file(name, what,
                    "certificates and their keys belong to --miner-gateway-certificate, "
                    "--miner-gateway-key and the fleet; "
                      + std::string{make_one});
}

} // namespace sluice::net
