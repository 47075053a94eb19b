#include "tools/print.hpp"

#include "tools/queued_output.hpp"

#include <atomic>
#include <cerrno>
#include <clocale>
#include <cstdarg>
#include <cstring>
#include <langinfo.h>
#include <string>

namespace sluice::tools {

namespace {

report::charset decided = report::charset::ascii;
std::atomic<int> why_unwritten{0}; // of errno(3), the first time

/// Passes it on.
bool noted(bool written) {
  int none = 0;
  if (!written)
    why_unwritten.compare_exchange_strong(none, errno);
  return written;
}

} // namespace

void take_locale() {
  const bool taken = std::setlocale(LC_CTYPE, "") != nullptr;
  const std::string_view encoding = ::nl_langinfo(CODESET);
  decided = encoding == "UTF-8" ? report::charset::utf8 : report::charset::ascii;
  constexpr std::string_view of_c = "ANSI_X3.4-1968"; // glibc's name; it reads no byte above 127
  if (!taken || encoding == of_c)
    std::setlocale(LC_CTYPE, "C.UTF-8");
}

report::charset letters() {
  return decided;
}

bool write_shown(std::FILE* to, std::string_view text) {
  return write_data(to, report::shown(text, decided));
}

bool print_shown(std::FILE* to, const char* format, ...) {
  std::va_list values;
  va_start(values, format);
  std::va_list again;
  va_copy(again, values);
  const int size = std::vsnprintf(nullptr, 0, format, values);
  va_end(values);
  std::string text(size > 0 ? static_cast<size_t>(size) : 0, '\0');
  std::vsnprintf(text.data(), text.size() + 1, format, again);
  va_end(again);
  return size >= 0 && write_shown(to, text);
}

bool write_data(std::FILE* to, std::string_view text) {
  if (queue_text(to, text))
    return true;
  const bool whole = std::fwrite(text.data(), 1, text.size(), to) == text.size();
  return to == stdout ? noted(whole) : whole;
}

bool write_answer(bool table, std::string_view text) {
  const bool whole = table ? write_shown(stdout, text) : write_data(stdout, text);
  return noted(std::fflush(stdout) == 0) && whole;
}

std::optional<std::string> why_answer_is_lost() {
  (void)noted(std::fflush(stdout) == 0);
  if (std::ferror(stdout) == 0 && why_unwritten == 0)
    return std::nullopt;
  return "the answer could not be written: "
         + std::string{why_unwritten == EPIPE ? "its reader has left"
                                              : std::strerror(why_unwritten)};
}

} // namespace sluice::tools
