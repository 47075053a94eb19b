// write_seeds FOLDER: the first inputs of every fuzzer, as FOLDER/replay/N, ...
#include "tests/fuzz/seeds.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto write = [&](const char* kind, size_t number, const std::string& bytes) {
    std::filesystem::create_directories(folder / kind);
    std::ofstream out(folder / kind / std::to_string(number), std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush();
    if (!out)
      throw std::runtime_error("cannot write below " + folder.string());
  };
  size_t number = 0;
  for (const auto& bytes : sluice::test::replay_seeds())
    write("replay", number++, bytes);
  std::mt19937_64 luck{1};
  for (const char* kind : {"engine", "plans"})
    for (number = 0; number < 200; ++number)
      write(kind, number, sluice::test::game_seed(luck));
}
