#include "rules/sports/miner_strategy.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

constexpr std::string_view command_prefix = "exec:";
constexpr std::string_view word_blanks = " \t";
constexpr size_t command_words_max = 64;

std::vector<std::string> command_words(std::string_view text) {
  std::vector<std::string> made;
  for (auto at = text.find_first_not_of(word_blanks); at != std::string_view::npos;
       at = text.find_first_not_of(word_blanks)) {
    text.remove_prefix(at);
    const auto end = std::min(text.find_first_of(word_blanks), text.size());
    made.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return made;
}

} // namespace

result<sports_strategy> parse_sports_strategy(std::string_view text) {
  sports_strategy made;
  if (!text.starts_with(command_prefix)) {
    auto model = make_prediction_model(text);
    if (!model)
      return model.error();
    made.model = *std::move(model);
    return made;
  }
  made.command = command_words(text.substr(command_prefix.size()));
  if (made.command.empty())
    return fault{ec::bad_input, "exec: expected a program behind the colon, as "
                                "exec:python3 predict.py"};
  if (made.command.size() > command_words_max)
    return fault{ec::bad_input, "exec: expected at most " + std::to_string(command_words_max)
                                  + " words, got " + std::to_string(made.command.size())
                                  + "; write a script that has the others"};
  return made;
}

} // namespace sluice
