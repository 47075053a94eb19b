#include "tools/liquidity/pair_name.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::tools {

namespace {

constexpr size_t word_letters_max = 12; // of a symbol

/// Tokens that most pools have one of, by address in small letters: Ethereum, Base, Polygon.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> known_tokens{{
  {"0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", "WETH"},
  {"0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", "USDC"},
  {"0xdac17f958d2ee523a2206206994597c13d831ec7", "USDT"},
  {"0x6b175474e89094c44da98b954eedeac495271d0f", "DAI"},
  {"0x2260fac5e5542a773aa44fbcfedf7c193bc2c599", "WBTC"},
  {"0x4200000000000000000000000000000000000006", "WETH"},
  {"0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", "USDC"},
  {"0xcbb7c0000ab88b473b1f5afd9ef808440eed33bf", "CBBTC"},
  {"0x940181a94a35a4569e4529a3cdfb74e38fd98631", "AERO"},
  {"0x7ceb23fd6bc0add59e62ac25578270cff1b9f619", "WETH"},
  {"0x2791bca1f2de4661ed88a30c99a7a9449aa84174", "USDC"},
  {"0x3c499c542cef5e3811e1192ce70d8cc03d5c3359", "USDC"},
  {"0xc2132d05d31c914a87c6611c10748aeb04b58e8f", "USDT"},
  {"0x8f3cf7ad23cd3cadbd9735aff958023239c6a063", "DAI"},
  {"0x1bfd67037b42cf73acf2047067bd4f2c47d9bfd6", "WBTC"},
  {"0x0d500b1d8e8ef31e21c99d1db9a6444d3adf1270", "WMATIC"},
}};

char small_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string in_small(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), small_letter);
  return out;
}

std::string in_capitals(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string symbol_of(std::string_view address) {
  const auto small = in_small(address);
  const auto at = std::find_if(known_tokens.begin(), known_tokens.end(),
                               [&](const auto& x) { return x.first == small; });
  return at == known_tokens.end() ? std::string{} : std::string{at->second};
}

/// A word of letters and digits, with a letter at its beginning.
bool is_word(std::string_view text) {
  const auto letter = [](char c) { return small_letter(c) >= 'a' && small_letter(c) <= 'z'; };
  return !text.empty() && text.size() <= word_letters_max && letter(text.front())
         && std::all_of(text.begin(), text.end(),
                        [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// The first two words of a file's name, in small letters; none when it has no two.
std::optional<std::pair<std::string, std::string>> words_of(std::string_view stem) {
  constexpr std::string_view marks = "-_";
  const auto first = stem.find_first_of(marks);
  if (first == std::string_view::npos)
    return std::nullopt;
  const auto rest = stem.substr(first + 1);
  const auto second = rest.substr(0, rest.find_first_of(marks));
  if (!is_word(stem.substr(0, first)) || !is_word(second))
    return std::nullopt;
  return std::pair{in_small(stem.substr(0, first)), in_small(second)};
}

} // namespace

std::string job_name_of(std::string_view stem, std::string_view symbol0, std::string_view symbol1) {
  const auto words = words_of(stem);
  if (!words)
    return {};
  const auto one = std::pair{in_small(symbol0), in_small(symbol1)};
  const auto other = std::pair{one.second, one.first};
  return *words == one || *words == other ? words->first + '-' + words->second : std::string{};
}

std::optional<pair_name>
pair_name_of(std::string_view stem, std::string_view token0, std::string_view token1) {
  pair_name name{symbol_of(token0), symbol_of(token1), {}};
  if (const auto words = words_of(stem)) {
    const auto other_than = [&](const std::string& known) -> std::string {
      const auto small = in_small(known);
      if (small == words->first)
        return in_capitals(words->second);
      return small == words->second ? in_capitals(words->first) : std::string{};
    };
    if (name.symbol0.empty() && !name.symbol1.empty())
      name.symbol0 = other_than(name.symbol1);
    else if (name.symbol1.empty() && !name.symbol0.empty())
      name.symbol1 = other_than(name.symbol0);
  }
  if (name.symbol0.empty() || name.symbol1.empty())
    return std::nullopt;
  name.job = job_name_of(stem, name.symbol0, name.symbol1);
  return name;
}

} // namespace sluice::tools
