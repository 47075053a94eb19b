#include "rules/miner_gateway/limits.hpp"

#include <algorithm>

namespace sluice {

namespace {

std::string dotted(std::span<const uint8_t> bytes) {
  std::string text;
  for (const auto byte : bytes)
    text.append(text.empty() ? "" : ".").append(std::to_string(byte));
  return text;
}

std::string hex16(uint8_t high, uint8_t low) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text{digits[high >> 4], digits[high & 15], digits[low >> 4], digits[low & 15]};
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
  return text;
}

std::string network_name(const std::string& account) {
  return account.empty() ? "networks that came late" : "your network " + account;
}

gateway_refusal too_many(std::string text) {
  return {gateway_reason::too_many, std::move(text), 0};
}

gateway_refusal too_fast(const std::string& whose, const std::string& what, uint64_t retry_ms) {
  const bool never = retry_ms == token_bucket::never;
  return {gateway_reason::too_fast,
          "too many " + what + " from " + whose
            + (never ? std::string{"; so much is never taken at once"}
                     : "; expected a pause of " + std::to_string(retry_ms) + " ms"),
          never ? 0 : retry_ms};
}

} // namespace

std::string network_of(std::span<const uint8_t> bytes) {
  constexpr std::array<uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (bytes.size() != 16)
    return dotted(bytes);
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
    return dotted(bytes.subspan(mapped.size()));
  std::string text;
  for (size_t i = 0; i < 8; i += 2)
    text.append(text.empty() ? "" : ":").append(hex16(bytes[i], bytes[i + 1]));
  return text + "::/64";
}

std::variant<gateway_ticket, gateway_refusal>
gateway_limits::connect(const std::string& network, uint64_t now_ms) {
  if (open_ >= terms_.open_max)
    return too_many("this node takes no more than " + std::to_string(terms_.open_max)
                    + " connections; try again later");
  if (waiting_ >= terms_.waiting_max)
    return too_many("more than " + std::to_string(terms_.waiting_max)
                    + " connections are open at the miner gateway; try again later");
  auto opened = networks_.open(network, now_ms);
  if (opened.too_many)
    return too_many("your network " + network + " has " + std::to_string(terms_.network.open_max)
                    + " connections, which is the most; close one first");
  if (!opened.allowed)
    return too_fast("your network " + network, "connections", opened.retry_ms);
  ++open_;
  ++waiting_;
  return gateway_ticket{std::move(opened.account)};
}

std::optional<gateway_refusal>
gateway_limits::admit(gateway_ticket& ticket, const hotkey& key, uint64_t now_ms) {
  auto opened = peers_.open(key.value, now_ms);
  if (opened.too_many)
    return too_many("your hotkey has " + std::to_string(terms_.peer.open_max)
                    + " connections, which is the most; close one first");
  if (!opened.allowed)
    return too_fast("your hotkey", "connections", opened.retry_ms);
  ticket.peer = std::move(opened.account);
  ticket.admitted = true;
  --waiting_;
  return {};
}

std::optional<gateway_refusal>
gateway_limits::receive(const gateway_ticket& ticket, size_t bytes, uint64_t now_ms) {
  auto& table = ticket.admitted ? peers_ : networks_;
  const auto& account = ticket.admitted ? ticket.peer : ticket.network;
  const auto whose = ticket.admitted ? std::string{"your hotkey"} : network_name(ticket.network);
  if (const auto wait = table.take(account, metered::messages, 1, now_ms); wait != 0)
    return too_fast(whose, "messages", wait);
  if (const auto wait = table.take(account, metered::bytes, bytes, now_ms); wait != 0)
    return too_fast(whose, "bytes", wait);
  return {};
}

std::optional<gateway_refusal>
gateway_limits::receive_answer(gateway_ticket& ticket, uint64_t question, size_t bytes,
                               uint64_t now_ms) {
  if (ticket.questions.erase(question) != 0)
    return {};
  return receive(ticket, bytes, now_ms);
}

void gateway_limits::leave(const gateway_ticket& ticket, uint64_t now_ms) {
  networks_.close(ticket.network, now_ms);
  --open_;
  if (ticket.admitted)
    peers_.close(ticket.peer, now_ms);
  else
    --waiting_;
}

} // namespace sluice
