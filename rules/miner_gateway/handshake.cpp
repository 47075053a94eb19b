#include "rules/miner_gateway/handshake.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sluice {

namespace {

using refusal = std::optional<gateway_refusal>;

gateway_refusal no(gateway_reason reason, std::string text) {
  return {reason, std::move(text), 0};
}

/// "miner, worker": the names of what is taken.
template <class Enum>
std::string names_of(const std::vector<Enum>& list) {
  std::string text;
  for (const auto x : list)
    text.append(text.empty() ? "" : ", ").append(to_string(x));
  return text;
}

/// What a peer sent, as far as it may be repeated.
std::string printable(const std::string& text) {
  return is_gateway_id(text) ? "\"" + text + '"' : "something unprintable";
}

template <class Enum>
bool takes(const std::vector<Enum>& list, const std::optional<Enum>& x) {
  return x && std::find(list.begin(), list.end(), *x) != list.end();
}

refusal version_refusal(const gateway_hello& hello, const std::vector<uint64_t>& supported) {
  if (std::find(supported.begin(), supported.end(), hello.protocol) != supported.end())
    return {};
  std::string list;
  for (const auto x : supported)
    list.append(list.empty() ? "" : " and ").append(std::to_string(x));
  const bool newer = hello.protocol > gateway_protocol;
  return no(gateway_reason::wrong_version,
            "this node speaks protocol " + list + ", you speak " + std::to_string(hello.protocol)
              + "; "
              + (newer ? "wait for the node's update or use an older miner" : "update your miner"));
}

/// Names that nobody has are no fault: a miner may be newer than the node, and a node plays what
/// it is configured for.
refusal mechanisms_refusal(const std::optional<std::vector<std::string>>& stated) {
  if (!stated)
    return {};
  if (stated->empty() || stated->size() > stated_mechanisms_max)
    return no(gateway_reason::malformed,
              "mechanisms: expected 1 to " + std::to_string(stated_mechanisms_max) + " names, got "
                + std::to_string(stated->size()) + "; leave the field out to be asked by all");
  if (!std::ranges::all_of(*stated, is_gateway_id))
    return no(gateway_reason::malformed, "mechanisms: expected names of 1 to "
                                           + std::to_string(gateway_id_bytes_max)
                                           + " printable characters without spaces");
  return {};
}

refusal roster_refusal(const hotkey& key, const std::optional<peer_record>& known) {
  if (!known)
    return no(gateway_reason::unknown_hotkey,
              "hotkey " + printable(key.value)
                + " is not registered here; register it, or ask the operator to allow it");
  if (!known->banned.empty())
    return no(gateway_reason::banned,
              "hotkey " + printable(key.value) + " is banned by the operator: " + known->banned);
  return {};
}

/// The clocks against each other; nothing else about the answer is doubted here.
refusal skew_refusal(uint64_t theirs, uint64_t ours, uint64_t most) {
  const bool behind = theirs < ours;
  const auto apart = behind ? ours - theirs : theirs - ours;
  if (apart <= most)
    return {};
  return no(gateway_reason::clock_skew, "your clock is " + std::to_string(apart) + " ms "
                                          + (behind ? "behind" : "ahead of")
                                          + " this node's, at most " + std::to_string(most)
                                          + " ms are allowed; set it (NTP) and try again");
}

} // namespace

std::string text_of(const miner_speech& x) {
  auto text = std::to_string(x.protocol);
  for (const auto& name : x.mechanisms)
    text.append(" ").append(name);
  return text;
}

miner_speech miner_speech_of(std::string_view text) {
  miner_speech x;
  const auto words = [&text] { // takes the next one
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    return word;
  };
  const auto number = words();
  std::from_chars(number.data(), number.data() + number.size(), x.protocol);
  while (!text.empty() && x.mechanisms.size() < stated_mechanisms_max)
    if (const auto name = words(); is_gateway_id(name))
      x.mechanisms.emplace_back(name);
  return x;
}

std::vector<std::string> stated_mechanisms(uint64_t protocol, std::vector<std::string> stated,
                                           const std::string& protocol_1) {
  if (protocol == gateway_protocol_oldest)
    return {protocol_1};
  return stated;
}

std::variant<gateway_challenge, gateway_refusal>
handshake::greet(const gateway_hello& hello, const peer_lookup& look_up, std::string nonce,
                 gateway_moment now) {
  if (std::exchange(greeted_, true))
    return no(gateway_reason::out_of_turn, "hello was sent before; send it once per connection");
  if (auto why = version_refusal(hello, terms_.protocols))
    return *std::move(why);
  if (!is_gateway_id(hello.key.value))
    return no(gateway_reason::malformed, "hotkey: expected 1 to "
                                           + std::to_string(gateway_id_bytes_max)
                                           + " printable characters without spaces");
  if (auto why = mechanisms_refusal(hello.mechanisms))
    return *std::move(why);
  const auto role = parse_peer_role(hello.role);
  if (!takes(terms_.roles, role))
    return no(gateway_reason::wrong_role,
              "role " + printable(hello.role) + " is not served here; expected "
                + names_of(terms_.roles)
                + (role ? "; own machines of the operator join through the fleet" : ""));
  const auto kind = parse_signature_kind(hello.signature_kind);
  if (!takes(terms_.signatures, kind))
    return no(gateway_reason::wrong_signature_kind,
              "signatures of kind " + printable(hello.signature_kind)
                + " are not understood here; expected " + names_of(terms_.signatures));
  const auto known = look_up(hello.key);
  if (auto why = roster_refusal(hello.key, known))
    return *std::move(why);
  open_ = {{*role, hello.key, known->uid, hello.software, hello.protocol,
            hello.mechanisms.value_or(std::vector<std::string>{})},
           *kind,
           nonce,
           now.steady_ms};
  return gateway_challenge{hello.protocol, terms_.node, std::move(nonce), now.unix_ms,
                           terms_.answer_ms};
}

std::variant<admission, gateway_refusal>
handshake::judge(const gateway_answer& answer, const peer_lookup& look_up,
                 const signature_check& check, gateway_moment now) {
  auto open = std::exchange(open_, std::nullopt);
  if (!open)
    return no(gateway_reason::out_of_turn,
              greeted_ ? "this challenge was answered before; connect again for another"
                       : "expected hello first");
  if (now.steady_ms - open->asked_ms > terms_.answer_ms)
    return no(gateway_reason::expired, "the answer came "
                                         + std::to_string(now.steady_ms - open->asked_ms)
                                         + " ms after the challenge, expected within "
                                         + std::to_string(terms_.answer_ms) + " ms");
  if (answer.nonce != open->nonce)
    return no(gateway_reason::replay,
              "nonce: expected that of this connection's challenge; an answer "
              "to another challenge proves nothing");
  if (auto why = skew_refusal(answer.time_ms, now.unix_ms, terms_.skew_ms))
    return *std::move(why);
  const auto known = look_up(open->who.key);
  if (auto why = roster_refusal(open->who.key, known))
    return *std::move(why);
  const auto text = statement_text({open->who.protocol, open->who.role, terms_.node, open->who.key,
                                    open->signature, open->nonce, answer.time_ms});
  switch (check(open->signature, open->who.key, text, answer.signature)) {
  case signature_verdict::no_key:
    return no(gateway_reason::no_key,
              "hotkey " + printable(open->who.key.value)
                + " is a name and no address of a public key: nobody can sign "
                  "for it (sluice keys new makes one that can)");
  case signature_verdict::bad:
    return no(gateway_reason::bad_signature,
              "the signature is not hotkey " + printable(open->who.key.value)
                + "'s of this statement; the clocks agree, so check the key file and the text "
                  "that is signed");
  case signature_verdict::good:
    break;
  }
  open->who.uid = known->uid; // another hotkey may have the slot now
  return std::move(open->who);
}

} // namespace sluice
