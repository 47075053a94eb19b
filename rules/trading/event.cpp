#include "rules/trading/event.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace sluice {

namespace {

constexpr std::array<std::string_view, row_rejections> rejection_names{
  "", "json", "netuid", "timestamp", "action", "amount", "extrinsic", "key"};

/// The word in lower case without underscores; "" when it is longer than any that is known.
std::string plain_action(std::string_view word) {
  constexpr size_t letters_max = 32;
  std::string out;
  if (word.size() > letters_max)
    return out;
  for (const char c : word)
    if (c >= 'A' && c <= 'Z')
      out.push_back(static_cast<char>(c - 'A' + 'a'));
    else if (c != '_')
      out.push_back(c);
  return out;
}

constexpr std::array<bool, 256> base58_letters() {
  std::array<bool, 256> known{};
  for (const char c :
       std::string_view{"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"})
    known[static_cast<unsigned char>(c)] = true;
  return known;
}

bool is_base58(char c) {
  static constexpr auto known = base58_letters();
  return known[static_cast<unsigned char>(c)];
}

bool is_amount(int64_t x) {
  return x > 0 && x <= amount_max;
}

} // namespace

std::string_view name_of(stake_action x) {
  return x == stake_action::stake ? "stake" : "unstake";
}

std::optional<stake_action> parse_stake_action(std::string_view word) {
  const auto plain = plain_action(word);
  if (plain == "delegate" || plain == "stakeadded" || plain == "stake")
    return stake_action::stake;
  if (plain == "undelegate" || plain == "stakeremoved" || plain == "unstake")
    return stake_action::unstake;
  return std::nullopt;
}

std::string_view name_of(row_rejection x) {
  return rejection_names.at(static_cast<size_t>(x));
}

bool looks_like_a_key(std::string_view text) {
  return text.size() == key_bytes && text[0] == '5'
         && std::all_of(text.begin(), text.end(), is_base58);
}

row_rejection rejection_of(const trading_event& x) {
  if (x.netuid == 0)
    return row_rejection::netuid;
  if (x.time_us < 0 || x.time_us > time_us_max)
    return row_rejection::timestamp;
  if (!known(x.action))
    return row_rejection::action;
  const bool fee_fits
    = x.fee >= 0 && x.fee <= amount_max && (x.action == stake_action::stake || x.fee <= x.tao);
  if (!is_amount(x.tao) || !is_amount(x.alpha) || !fee_fits)
    return row_rejection::amount;
  if (x.extrinsic.empty() || x.extrinsic.size() > extrinsic_bytes_max || x.index == UINT32_MAX)
    return row_rejection::extrinsic;
  if (!looks_like_a_key(x.coldkey) || !looks_like_a_key(x.hotkey))
    return row_rejection::key;
  return row_rejection::none;
}

std::strong_ordering in_ledger_order(const trading_event& a, const trading_event& b) {
  const auto order = [](const trading_event& x) {
    return std::tie(x.time_us, x.action, x.extrinsic, x.hotkey, x.tao, x.alpha, x.index, x.coldkey,
                    x.netuid);
  };
  return order(a) <=> order(b);
}

} // namespace sluice
