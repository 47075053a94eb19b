/// Where the fuzzers begin: the bundled recordings, cut short, and games of pure chance.
#pragma once

#include "tests/support/data_file.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace sluice::test {

inline std::string first_lines(const std::string& text, size_t count) {
  std::string some;
  for (const auto line : lines_of(text)) {
    if (count-- == 0)
      break;
    some.append(line) += '\n';
  }
  return some;
}

/// The beginning of every kind of file that `sluice replay` takes.
inline std::vector<std::string> replay_seeds() {
  std::vector<std::string> seeds;
  for (const std::string name :
       {"p1-weth-usdc-500", "p2-usdc-btc-3000", "p3-stable-100", "p4-meme-10000", "p5-torture-3000",
        "p6-wrap-3000", "s1-weth-usdc-cl100", "s2-usdc-btc-cl1", "s3-torture-cl200", "u2-odd-2500",
        "u4-low-10000", "u6-wide-999999"}) {
    const auto text = bundled_text(name + ".jsonl");
    for (const size_t lines : {12, 40})
      seeds.push_back(first_lines(text, lines));
    // A checkpoint too, and the last line.
    const auto all = lines_of(text);
    const auto checkpoint = std::find_if(all.begin(), all.end(), [](std::string_view line) {
      return line.starts_with(R"({"type":"checkpoint")");
    });
    if (checkpoint != all.end())
      seeds.push_back(first_lines(text, 4) + std::string{*checkpoint} + '\n'
                      + std::string{all.back()} + '\n');
  }
  for (const char* name : {"p1.jsonl", "p5.jsonl"})
    for (const size_t lines : {6, 30})
      seeds.push_back(first_lines(file_bytes(recording(name)), lines));
  return seeds;
}

/// A game of chance for the engine or for plans.
inline std::string game_seed(std::mt19937_64& luck) {
  std::string bytes(64 + luck() % 1200, '\0');
  for (auto& x : bytes)
    x = static_cast<char>(luck());
  return bytes;
}

} // namespace sluice::test
