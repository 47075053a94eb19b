#include "tools/shell/prompt_reader.hpp"

#include "io/text/text.hpp"
#include "net/admin/descriptor.hpp"
#include "rules/admin/line_tokens.hpp"
#include "tools/shell/locale_text.hpp"
#include "tools/shell/typed_input.hpp"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <histedit.h>
#include <langinfo.h>
#include <unistd.h>

namespace sluice::tools {

namespace fs = std::filesystem;

namespace {

constexpr size_t history_lines = 1000;
constexpr size_t history_file_lines = 3000; // then the file is cut to the former
constexpr size_t candidates_shown = 120;
constexpr const char* line_end = "\036"; // a key that nobody types, for libedit's own Enter
constexpr char unseen = '\1';            // around what moves no cursor, for libedit

size_t columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// Bold up to its last character. libedit puts what is unseen before the next character, and loses
/// it where there is none.
std::string painted(const std::string& prompt, bool color) {
  if (!color || prompt.size() < 2)
    return prompt;
  return std::string{unseen} + "\x1b[1m" + unseen + prompt.substr(0, prompt.size() - 1) + unseen
         + "\x1b[0m" + unseen + prompt.back();
}

/// Characters as libedit counts them.
int characters_in(std::string_view utf8) {
  int count = 0;
  for (; !utf8.empty(); ++count)
    report::take_character(utf8);
  return count;
}

/// Candidates in columns, down and then across.
std::string in_columns(std::vector<std::string> candidates) {
  const auto left_out
    = candidates.size() > candidates_shown ? candidates.size() - candidates_shown : 0;
  candidates.resize(candidates.size() - left_out);
  size_t width = 0;
  for (const auto& x : candidates)
    width = std::max(width, report::shown_width(x) + 2);
  const auto across = std::max<size_t>(1, columns() / width);
  const auto down = (candidates.size() + across - 1) / across;
  std::string text;
  for (size_t row = 0; row < down; ++row) {
    for (size_t i = row; i < candidates.size(); i += down)
      text
        += i + down < candidates.size() ? report::pad_right(candidates[i], width) : candidates[i];
    text += '\n';
  }
  if (left_out > 0)
    text += "and " + std::to_string(left_out) + " more\n";
  return text;
}

} // namespace

fs::path history_path() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state == '/')
    return fs::path{state} / "sluice" / "history";
  if (const char* home = std::getenv("HOME"); home && *home == '/')
    return fs::path{home} / ".local" / "state" / "sluice" / "history";
  return {};
}

std::vector<std::string> read_history(const fs::path& file, size_t most) {
  std::vector<std::string> lines;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.size() <= admin::line_bytes_max)
      lines.push_back(std::move(line));
  if (lines.size() > most)
    lines.erase(lines.begin(), lines.end() - static_cast<ptrdiff_t>(most));
  return lines;
}

void add_to_history(const fs::path& file, const std::string& line) {
  if (file.empty() || line.empty())
    return;
  std::error_code ignored;
  if (!fs::exists(file.parent_path(), ignored)) {
    fs::create_directories(file.parent_path(), ignored);
    fs::permissions(file.parent_path(), fs::perms::owner_all, ignored);
  }
  const net::descriptor out{::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)};
  const auto whole = line + '\n';
  if (out) // in one write: lines of several shells do not mix
    [[maybe_unused]]
    const auto put = ::write(out.get(), whole.data(), whole.size());
}

struct prompt_reader::editor {
  explicit editor(settings x) : how(std::move(x)) {
    el = el_init("sluice", stdin, stdout, stderr);
    past = history_init();
    HistEvent ignored{};
    ::history(past, &ignored, H_SETSIZE, static_cast<int>(history_lines));
    ::history(past, &ignored, H_SETUNIQUE, 1);
    recall();
    el_set(el, EL_CLIENTDATA, this);
    el_set(el, EL_SIGNAL, 1);
    el_set(el, EL_GETCFN, &editor::read_character); // libedit drops bytes that it cannot read
    el_set(el, EL_EDITOR, "emacs");
    el_set(el, EL_HIST, ::history, past);
    el_set(el, EL_PROMPT_ESC, &editor::prompt_text, unseen);
    el_set(el, EL_RPROMPT, &editor::hint_text);
    el_set(el, EL_SETTY, "-d", "-isig", nullptr); // Ctrl-C is a key like others
    el_set(el, EL_ADDFN, "sluice-complete", "completes the word", &editor::on_tab);
    el_set(el, EL_ADDFN, "sluice-leave", "leaves the line", &editor::on_interrupt);
    el_set(el, EL_ADDFN, "sluice-enter", "ends the line", &editor::on_enter);
    el_set(el, EL_ADDFN, "sluice-type", "types a character", &editor::on_character);
    el_set(el, EL_BIND, "^I", "sluice-complete", nullptr);
    el_set(el, EL_BIND, "^C", "sluice-leave", nullptr);
    el_set(el, EL_BIND, "^M", "sluice-enter", nullptr);
    el_set(el, EL_BIND, "^J", "sluice-enter", nullptr);
    el_set(el, EL_BIND, line_end, "ed-newline", nullptr);
    el_set(el, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_set(el, EL_BIND, "^W", "ed-delete-prev-word", nullptr);
    // libedit draws typed characters without asking for the hint again, but for these
    for (int c = 0x20; c < 0x7f; ++c) {
      char key[8];
      std::snprintf(key, sizeof key, "\\%03o", static_cast<unsigned>(c));
      el_set(el, EL_BIND, key, "sluice-type", nullptr);
    }
  }
  editor(const editor&) = delete;
  ~editor() {
    ::history_end(past);
    el_end(el);
  }

  void recall() {
    auto lines = read_history(how.history, history_file_lines + 1);
    if (lines.size() > history_file_lines) {
      lines.erase(lines.begin(), lines.end() - static_cast<ptrdiff_t>(history_lines));
      std::ofstream out{how.history, std::ios::trunc};
      for (const auto& x : lines)
        out << x << '\n';
    }
    HistEvent ignored{};
    for (const auto& x : lines)
      if (const auto line = to_locale(x)) // a line that cannot be shown stays in the file
        ::history(past, &ignored, H_ENTER, line->c_str());
  }

  static editor& of(EditLine* el) {
    void* self = nullptr;
    el_get(el, EL_CLIENTDATA, &self);
    return *static_cast<editor*>(self);
  }

  static int read_character(EditLine* el, wchar_t* out) { return of(el).input.next(*out); }

  /// libedit's own handlers see only the first of each while a line is typed.
  void on_signal(int signal) {
    if (signal == SIGWINCH)
      return el_resize(el);
    el_set(el, EL_PREP_TERM, 0); // whoever stopped us has set the terminal as it was before
    el_set(el, EL_PREP_TERM, 1);
    el_set(el, EL_REFRESH);
  }

  static char* prompt_text(EditLine* el) { return of(el).prompt.data(); }

  static char* hint_text(EditLine* el) {
    auto& me = of(el);
    const auto* line = el_line(el);
    const auto typed
      = from_locale({line->buffer, static_cast<size_t>(line->lastchar - line->buffer)});
    std::string text;
    if (me.how.hint && !me.done && line->cursor == line->lastchar && line->lastchar > line->buffer)
      text = me.how.hint(typed);
    const auto used = report::shown_width(me.plain_prompt) + report::shown_width(typed);
    const auto width = columns() > used + 4 ? columns() - used - 4 : 0;
    const auto& letters = me.how.letters;
    // libedit ends the process on bytes that the locale cannot read
    me.shown_hint
      = text.empty() || width < 8
          ? std::string{}
          : to_locale(report::cut(report::shown(text, letters), width, letters)).value_or("");
    return me.shown_hint.data();
  }

  static unsigned char on_character(EditLine* el, int c) {
    const char text[2] = {static_cast<char>(c), '\0'};
    return el_insertstr(el, text) == 0 ? CC_REFRESH : CC_ERROR;
  }

  /// Takes the hint away; the line end that follows is libedit's own.
  static unsigned char on_enter(EditLine* el, int) {
    of(el).done = true;
    el_push(el, line_end);
    return CC_REFRESH;
  }

  static unsigned char on_interrupt(EditLine* el, int) {
    const auto* line = el_line(el);
    el_cursor(el, static_cast<int>(line->lastchar - line->cursor));
    el_insertstr(el, "^C");
    of(el).left = true;
    return on_enter(el, 0);
  }

  static unsigned char on_tab(EditLine* el, int) {
    auto& me = of(el);
    if (!me.how.complete)
      return CC_ERROR;
    const auto* line = el_line(el);
    const auto before
      = from_locale({line->buffer, static_cast<size_t>(line->cursor - line->buffer)});
    const auto found = me.how.complete(before);
    if (found.candidates.empty())
      return CC_ERROR;
    const auto start = admin::common_start(found.candidates);
    const bool whole = found.candidates.size() == 1;
    if (whole || start.size() > found.begun.size()) {
      const auto token = whole ? admin::quoted_token(start) + (start.ends_with('/') ? "" : " ")
                               : admin::quoted_token(start);
      const bool open_quote = !whole && token.starts_with('"');
      const auto typed = to_locale(open_quote ? token.substr(0, token.size() - 1) : token);
      if (!typed)
        return CC_ERROR;
      el_deletestr(el, characters_in(before.substr(found.from)));
      el_insertstr(el, typed->c_str());
      return CC_REFRESH;
    }
    auto candidates = found.candidates;
    for (auto& x : candidates)
      x = report::shown(report::plain(x), me.how.letters);
    std::fputs(('\n' + in_columns(std::move(candidates))).c_str(), stdout);
    std::fflush(stdout);
    return CC_REDISPLAY;
  }

  settings how;
  typed_input input{STDIN_FILENO, [this](int signal) { on_signal(signal); }};
  EditLine* el = nullptr;
  History* past = nullptr;
  std::string prompt;
  std::string plain_prompt;
  std::string shown_hint;
  bool done = false; // no hint any more
  bool left = false; // by Ctrl-C
};

prompt_reader::prompt_reader(settings how) : editor_(std::make_unique<editor>(std::move(how))) {}
prompt_reader::~prompt_reader() = default;

std::optional<std::string> prompt_reader::read(const std::string& prompt) {
  auto& me = *editor_;
  me.plain_prompt = to_locale(prompt) ? prompt : report::shown(prompt, report::charset::ascii);
  me.prompt = painted(*to_locale(me.plain_prompt), me.how.color);
  me.done = me.left = false;
  int count = 0;
  const redraw_signals caught;
  // libedit draws the prompt first and turns the echo off after it: keys that come between would
  // stand on the prompt. What the terminal echoed while a command ran is taken away.
  el_set(me.el, EL_PREP_TERM, 1);
  if (::isatty(STDOUT_FILENO) != 0) {
    std::fputs(("\r" + std::string(columns() - 1, ' ') + "\r").c_str(), stdout);
    std::fflush(stdout);
  }
  const char* got = el_gets(me.el, &count);
  if (const auto byte = me.input.take_unreadable(); byte && got && !me.left) {
    std::fprintf(stderr,
                 "sluice: nothing was done: the byte 0x%02x was typed, which is no character in the"
                 " encoding %s; set LC_ALL to the locale of this terminal\n",
                 unsigned{*byte}, ::nl_langinfo(CODESET));
    return std::string{};
  }
  if (me.left)
    return std::string{};
  if (!got || count <= 0)
    return std::nullopt;
  auto line = from_locale({got, static_cast<size_t>(count)});
  line.erase(line.find_last_not_of(" \t\r\n") + 1);
  if (!line.empty() && line.front() != ' ') {
    HistEvent ignored{};
    ::history(me.past, &ignored, H_ENTER, to_locale(line).value_or("").c_str());
    add_to_history(me.how.history, line);
  }
  return line;
}

} // namespace sluice::tools
