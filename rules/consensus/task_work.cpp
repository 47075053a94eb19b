#include "rules/consensus/task_work.hpp"

#include <algorithm>
#include <vector>

namespace sluice {

namespace {

bool is_letter_of_work(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
         || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string> words_of_work(std::string_view text) {
  std::vector<std::string> all;
  std::string word;
  for (const char c : text)
    if (is_letter_of_work(c)) {
      word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    } else if (!word.empty()) {
      all.push_back(std::move(word));
      word.clear();
    }
  if (!word.empty())
    all.push_back(std::move(word));
  return all;
}

std::vector<std::string_view> lines_of_work(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto end = text.find('\n');
    all.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return all;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& x : words)
    text += (text.empty() ? "" : " ") + x;
  return text;
}

std::string backwards(std::string_view text) {
  auto words = words_of_work(text);
  std::ranges::reverse(words);
  return joined(words);
}

std::string spoken(std::string_view text) {
  constexpr size_t words_per_minute = 150;
  constexpr size_t seconds_per_minute = 60;
  const auto words = words_of_work(text).size();
  const auto seconds = (words * seconds_per_minute + words_per_minute - 1) / words_per_minute;
  return std::to_string(words) + " words, " + std::to_string(seconds) + " s";
}

std::string first_sentences(std::string_view text) {
  constexpr int sentences = 2;
  size_t end = 0;
  for (int i = 0; i < sentences && end < text.size(); ++i) {
    const auto at = text.find_first_of(".!?", end);
    end = at == std::string_view::npos ? text.size() : at + 1;
  }
  return std::string{text.substr(0, end)};
}

/// Of each line, by `f(number from 1, line)`.
template <class F>
std::string line_by_line(std::string_view text, F f) {
  std::string made;
  size_t number = 0;
  for (const auto line : lines_of_work(text))
    made += (made.empty() ? "" : "\n") + f(++number, line);
  return made;
}

/// The bytes of a character stay in their order.
std::string mirrored(const std::string& word) {
  std::string made;
  size_t end = word.size();
  for (size_t i = word.size(); i-- > 0;)
    if ((static_cast<unsigned char>(word[i]) & 0xc0) != 0x80) {
      made += word.substr(i, end - i);
      end = i;
    }
  return made;
}

std::string mirrored_words(std::string_view text) {
  auto words = words_of_work(text);
  for (auto& x : words)
    x = mirrored(x);
  return joined(words);
}

std::string work_by_type(task_type type, std::string_view payload) {
  switch (type) {
  case task_type::transcription:
    return joined(words_of_work(payload));
  case task_type::tts:
    return spoken(payload);
  case task_type::summarization:
    return first_sentences(payload);
  case task_type::translation:
    return backwards(payload);
  case task_type::video_transcription:
    return line_by_line(payload, [](size_t number, std::string_view line) {
      return std::to_string(number) + ": " + joined(words_of_work(line));
    });
  case task_type::text_translation:
    return mirrored_words(payload);
  case task_type::document_translation:
    return line_by_line(payload, [](size_t, std::string_view line) { return backwards(line); });
  }
  return {};
}

} // namespace

std::string task_result(task_type type, std::string_view payload) {
  auto made = work_by_type(type, payload);
  if (made.size() > task_limits::result_bytes_max) {
    size_t end = task_limits::result_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(made[end]) & 0xc0) == 0x80)
      --end; // not inside a character
    made.resize(end);
  }
  return made.empty() ? "-" : made;
}

} // namespace sluice
