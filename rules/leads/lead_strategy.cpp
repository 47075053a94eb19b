#include "rules/leads/lead_strategy.hpp"

#include "rules/chain/sha256.hpp"

#include <algorithm>
#include <charconv>

namespace sluice {

namespace {

constexpr std::array<std::string_view, 16> company_firsts{
  "Amber",  "Birch",   "Copper",  "Delta", "Ember",    "Fjord",  "Granite", "Harbor",
  "Indigo", "Juniper", "Kestrel", "Larch", "Meridian", "Nimbus", "Orchard", "Pine"};
constexpr std::array<std::string_view, 8> company_lasts{
  "Analytics", "Bakery", "Clinics", "Freight", "Gardens", "Robotics", "Software", "Textiles"};
constexpr std::array<std::string_view, 8> company_industries{
  "Technology",  "Food",          "Health",     "Logistics",
  "Agriculture", "Manufacturing", "Technology", "Retail"};
constexpr std::array<std::string_view, 4> company_regions{"North", "South", "East", "West"};
constexpr std::array<std::string_view, 4> person_roles{"Founder", "Owner", "Head of Sales",
                                                       "Operations"};
constexpr std::array<std::string_view, 8> person_firsts{"Ada",  "Bruno", "Chiara", "Dmitri",
                                                        "Elif", "Femi",  "Greta",  "Hiro"};
constexpr std::array<std::string_view, 8> person_lasts{"Abara", "Berg", "Costa", "Dunn",
                                                       "Eriks", "Falk", "Gomez", "Hale"};
constexpr std::string_view throw_away_domain = "mailinator.com"; // of facts/mechanisms B3.8

/// Spreads one seed over many uses (splitmix64).
uint64_t mixed_lead(uint64_t seed, uint64_t use) {
  auto x = seed + 0x9e3779b97f4a7c15 * (use + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The first eight bytes of a hash, so that names are seeds.
uint64_t seed_of_text(std::string_view text) {
  const auto digest = sha256(text);
  uint64_t x = 0;
  for (size_t i = 0; i < 8; ++i)
    x = x << 8 | digest[i];
  return x;
}

template <size_t N>
std::string picked(const std::array<std::string_view, N>& all, uint64_t number) {
  return std::string{all[number % N]};
}

std::string lower_letters(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// How many leads a request is answered with, 1 or more.
uint64_t answered_count(lead_strategy_kind kind, uint64_t asked) {
  switch (kind) {
  case lead_strategy_kind::lazy:
    return 1;
  case lead_strategy_kind::duplicator:
    return std::min<uint64_t>(asked, 3);
  default:
    return std::min<uint64_t>(asked, lead_answer_max);
  }
}

/// Where this miner's leads of a request or a step begin in the world.
uint64_t place_of(const lead_strategy& x, const hotkey& miner, const std::string& what) {
  const bool same_again = x.kind == lead_strategy_kind::duplicator;
  return mixed_lead(x.seed, seed_of_text(miner.value + '\n' + (same_again ? "" : what)))
         % 1'000'000'000;
}

bool answers_requests(lead_strategy_kind x) {
  return x != lead_strategy_kind::sourcer && x != lead_strategy_kind::silent;
}

bool sources_prospects(lead_strategy_kind x) {
  return x != lead_strategy_kind::curator && x != lead_strategy_kind::silent;
}

} // namespace

result<lead_strategy> parse_lead_strategy(std::string_view text) {
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  std::string names;
  for (const auto x : lead_strategy_names)
    names.append(names.empty() ? "" : ", ").append(x);
  const fault wrong{ec::bad_input, "strategy: expected " + names + ", each also with :seed=NUMBER"};
  const auto at = std::ranges::find(lead_strategy_names, name);
  if (at == lead_strategy_names.end())
    return wrong;
  lead_strategy made;
  made.kind = static_cast<lead_strategy_kind>(at - lead_strategy_names.begin());
  if (colon == std::string_view::npos)
    return made;
  auto option = text.substr(colon + 1);
  if (!option.starts_with("seed="))
    return wrong;
  option.remove_prefix(5);
  const auto* end = option.data() + option.size();
  const auto read = std::from_chars(option.data(), end, made.seed);
  if (read.ec != std::errc{} || read.ptr != end)
    return wrong;
  return made;
}

lead dev_lead(uint64_t seed, uint64_t index) {
  const auto chance = mixed_lead(seed, index);
  const auto part = [chance](unsigned shift) { return chance >> shift; };
  lead x;
  const auto number = std::to_string(index);
  x.id = "dev-" + std::to_string(seed) + '-' + number;
  const auto kind = part(8) % company_lasts.size();
  const auto first = picked(company_firsts, part(0));
  x.business = first + ' ' + picked(company_lasts, kind) + ' ' + number;
  const auto domain
    = lower_letters(first + '-' + picked(company_lasts, kind)) + '-' + number + ".test";
  x.website = "https://" + domain;
  x.industry = picked(company_industries, kind);
  x.sub_industry = picked(company_lasts, kind);
  x.region = picked(company_regions, part(16));
  x.role = picked(person_roles, part(20));
  x.first = picked(person_firsts, part(24));
  x.last = picked(person_lasts, part(32));
  x.owner_full_name = x.first + ' ' + x.last;
  x.owner_email = lower_letters(x.first + '.' + x.last) + '@' + domain;
  x.conversion_score = 0.5 + static_cast<double>(part(40) % 1000) / 2000; // 0.5 to 0.9995
  return x;
}

std::optional<lead_answer>
curated_answer(const lead_strategy& x, const hotkey& miner, const std::vector<hotkey>& sources,
               const lead_question& question) {
  if (!answers_requests(x.kind))
    return {};
  const auto begin = place_of(x, miner, question.request_id + '\n' + question.business_desc);
  lead_answer made;
  const auto count = answered_count(x.kind, question.num_leads);
  for (uint64_t i = 0; i < count; ++i) {
    auto one = dev_lead(x.seed, begin + i);
    one.source = x.kind == lead_strategy_kind::curator && !sources.empty()
                   ? sources[(begin + i) % sources.size()].value
                   : miner.value;
    if (x.kind == lead_strategy_kind::disposable)
      one.owner_email = one.id + '@' + std::string{throw_away_domain};
    made.leads.push_back(std::move(one));
  }
  return made;
}

std::vector<lead> sourced_prospects(const lead_strategy& x, const hotkey& miner, uint64_t step) {
  std::vector<lead> made;
  if (!sources_prospects(x.kind))
    return made;
  const auto begin = place_of(x, miner, "step " + std::to_string(step));
  const uint64_t count = x.kind == lead_strategy_kind::lazy ? (step % 4 == 1 ? 1 : 0)
                                                            : 1 + mixed_lead(begin, step) % 4;
  for (uint64_t i = 0; i < count; ++i) {
    auto one = dev_lead(x.seed, begin + i);
    one.source = miner.value;
    if (x.kind == lead_strategy_kind::disposable)
      one.owner_email = one.id + '@' + std::string{throw_away_domain};
    made.push_back(std::move(one));
  }
  return made;
}

} // namespace sluice
