#include "rules/sports/miner_pick.hpp"

#include "rules/canonical_json.hpp"

#include <algorithm>

namespace sluice {

bool is_news(const sports_game& known, const sports_game& game) {
  auto same = game;
  same.updated_us = known.updated_us;
  same.created_us = known.created_us;
  return !(same == known);
}

std::vector<sports_game> games_to_predict(const std::map<std::string, sports_game>& games,
                                          const std::set<std::string>& predicted, int64_t now_us) {
  std::vector<sports_game> made;
  for (const auto& [id, x] : games)
    if (is_offered(x, now_us) && !predicted.contains(id))
      made.push_back(x);
  std::ranges::sort(made, [](const sports_game& a, const sports_game& b) {
    return a.start_us != b.start_us ? a.start_us < b.start_us : a.external_id < b.external_id;
  });
  made.resize(std::min(made.size(), offered_games_max));
  return made;
}

std::string
data_of_pick(const sports_pick& pick, const sports_game& game, miner_uid uid, int64_t now_us) {
  const auto made = canonical_json(json_of_claim(claim_of_pick(pick, game, uid, now_us)));
  return made ? *made : "{}"; // what is written here is always JSON
}

std::string random_prediction_id(uint64_t a, uint64_t b) {
  a = (a & ~uint64_t{0xf000}) | 0x4000;
  b = (b & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string made;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20)
      made += '-';
    const auto half = i < 16 ? a : b;
    made += digits[(half >> (60 - 4 * (i % 16))) & 15];
  }
  return made;
}

} // namespace sluice
