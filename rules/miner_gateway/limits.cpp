#include "rules/miner_gateway/limits.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

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

/// Of strangers only connections are metered by address.
rate_terms by_address(const gateway_limit_terms& terms) {
  return {
    {{terms.connections, {0, 0}, {0, 0}}}, std::numeric_limits<size_t>::max(), terms.addresses_max};
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

std::string site_of(const std::string& network) {
  constexpr std::string_view customer = "::/64";
  if (network.ends_with(customer))
    return network.substr(0, network.rfind(':', network.size() - customer.size() - 1)) + "::/48";
  if (const auto dot = network.rfind('.'); dot != std::string::npos)
    return network.substr(0, dot) + ".0/24";
  return network;
}

gateway_limit_terms fitted(gateway_limit_terms x, size_t descriptors) {
  const auto quarter = std::max<size_t>(1, descriptors / 4);
  x.strangers_max = std::min(x.strangers_max, quarter);
  x.proving_max = std::min(x.proving_max, quarter);
  return x;
}

gateway_limits::gateway_limits(const gateway_limit_terms& terms)
  : terms_(terms), addresses_(by_address(terms)),
    strangers_({terms.strangers_max, terms.strangers_per_address, 0}),
    proving_({terms.proving_max, 0, terms.proving_ms}), peers_(terms.peer) {}

std::variant<gateway_place, gateway_refusal>
gateway_limits::connect(uint64_t connection, const std::string& address, uint64_t now_ms,
                        bool by_proxy) {
  gateway_place made{{connection, address}};
  auto& ticket = made.ticket;
  if (!by_proxy) {
    auto opened = addresses_.open(address, now_ms);
    if (opened.allowed)
      ticket.account = std::move(opened.account);
    else if (beyond_.take(terms_.beyond, 1, now_ms) == 0)
      ticket.beyond = true;
    else
      return too_fast("your address " + address, "connections", opened.retry_ms);
  }
  made.gives_way = strangers_.take(connection, site_of(address), address, now_ms);
  return made;
}

std::optional<uint64_t>
gateway_limits::prove(gateway_ticket& ticket, const hotkey& key, uint64_t now_ms) {
  if (ticket.standing != gateway_standing::stranger)
    return {};
  strangers_.give_back(ticket.connection);
  ticket.standing = gateway_standing::proving;
  return proving_.take(ticket.connection, key.value, ticket.address, now_ms);
}

std::optional<gateway_refusal>
gateway_limits::too_many_miners(const std::string& address, const gateway_ticket* replaced) const {
  const auto full = [&](const std::string& where, const std::string& of_replaced, size_t most) {
    const auto at = miners_.find(where);
    const auto there = at == miners_.end() ? size_t{0} : at->second;
    return most != 0 && there >= most + (replaced != nullptr && of_replaced == where ? 1 : 0);
  };
  const auto before = replaced != nullptr ? replaced->address : std::string{};
  const auto site = site_of(address);
  for (const auto& [where, of_replaced, most, name] :
       {std::tuple{address, before, terms_.miners_per_address, "address"},
        std::tuple{site, site_of(before), terms_.miners_per_network, "network"}})
    if (full(where, of_replaced, most))
      return too_many("your " + std::string{name} + ' ' + where + " has " + std::to_string(most)
                      + " miners here, which is the most; ask the operator for a higher "
                        "miners_per_"
                      + name);
  return {};
}

std::optional<gateway_refusal>
gateway_limits::admit(gateway_ticket& ticket, const hotkey& key, uint64_t now_ms,
                      const gateway_ticket* replaced) {
  if (auto why = too_many_miners(ticket.address, replaced))
    return why;
  auto opened = peers_.open(key.value, now_ms);
  if (opened.too_many)
    return too_many("your hotkey has " + std::to_string(terms_.peer.open_max)
                    + " connections, which is the most; close one first");
  if (!opened.allowed)
    return too_fast("your hotkey", "connections", opened.retry_ms);
  if (ticket.account) {
    addresses_.give_back(*ticket.account, metered::connections, 1, now_ms);
    addresses_.close(*ticket.account, now_ms);
    ticket.account.reset();
  } else if (ticket.beyond) {
    beyond_.give_back(terms_.beyond, 1, now_ms);
  }
  strangers_.give_back(ticket.connection);
  proving_.give_back(ticket.connection);
  ticket.peer = std::move(opened.account);
  ticket.standing = gateway_standing::admitted;
  ++admitted_;
  ++miners_[ticket.address];
  if (auto site = site_of(ticket.address); site != ticket.address)
    ++miners_[std::move(site)];
  return {};
}

std::optional<gateway_refusal>
gateway_limits::receive(gateway_ticket& ticket, size_t bytes, uint64_t now_ms) {
  if (ticket.standing != gateway_standing::admitted) {
    ticket.bytes += bytes;
    if (++ticket.messages > terms_.unproved_messages)
      return too_fast("a connection that is not admitted", "messages", token_bucket::never);
    if (ticket.bytes > terms_.unproved_bytes)
      return too_fast("a connection that is not admitted", "bytes", token_bucket::never);
    return {};
  }
  if (const auto wait = peers_.take(ticket.peer, metered::messages, 1, now_ms); wait != 0)
    return too_fast("your hotkey", "messages", wait);
  if (const auto wait = peers_.take(ticket.peer, metered::bytes, bytes, now_ms); wait != 0)
    return too_fast("your hotkey", "bytes", wait);
  return {};
}

std::optional<gateway_refusal>
gateway_limits::receive_answer(gateway_ticket& ticket, uint64_t question, size_t bytes,
                               uint64_t now_ms) {
  if (ticket.questions.erase(question) != 0)
    return {};
  return receive(ticket, bytes, now_ms);
}

void gateway_limits::uncount(const std::string& address) {
  if (const auto at = miners_.find(address); at != miners_.end() && --at->second == 0)
    miners_.erase(at);
}

void gateway_limits::leave(const gateway_ticket& ticket, uint64_t now_ms) {
  if (ticket.account)
    addresses_.close(*ticket.account, now_ms);
  if (ticket.standing != gateway_standing::admitted) {
    strangers_.give_back(ticket.connection);
    proving_.give_back(ticket.connection);
    return;
  }
  peers_.close(ticket.peer, now_ms);
  --admitted_;
  uncount(ticket.address);
  if (const auto site = site_of(ticket.address); site != ticket.address)
    uncount(site);
}

} // namespace sluice
