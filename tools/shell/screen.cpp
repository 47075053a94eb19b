#include "tools/shell/screen.hpp"

#include <sys/ioctl.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

namespace sluice::tools {

namespace {

constexpr std::array caught{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr char ctrl_c = 3;
constexpr char ctrl_d = 4;

volatile std::sig_atomic_t last_signal = 0;

void write_all(std::string_view text) {
  while (!text.empty()) {
    const auto put = ::write(STDOUT_FILENO, text.data(), text.size());
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return;
    text.remove_prefix(static_cast<size_t>(put));
  }
}

} // namespace

terminal_size size_of_terminal() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
    return {size.ws_col, size.ws_row};
  return {};
}

bool take_interruption() {
  if (last_signal == 0)
    return false;
  if (last_signal == SIGINT) // the others are raised again when they are let go of
    last_signal = 0;
  return true;
}

struct interruptions::before {
  std::array<struct sigaction, caught.size()> actions{};
};

interruptions::interruptions() : before_(new before) {
  last_signal = 0;
  struct sigaction ours {};
  ours.sa_handler = [](int signal) { last_signal = signal; }; // no SA_RESTART: waits end
  sigemptyset(&ours.sa_mask);
  for (size_t i = 0; i < caught.size(); ++i)
    ::sigaction(caught[i], &ours, &before_->actions[i]);
}

interruptions::~interruptions() {
  for (size_t i = 0; i < caught.size(); ++i)
    ::sigaction(caught[i], &before_->actions[i], nullptr);
  delete before_;
  const int signal = last_signal;
  last_signal = 0;
  if (signal != 0 && signal != SIGINT)
    std::raise(signal);
}

full_screen::full_screen() {
  ::tcgetattr(STDIN_FILENO, &before_);
  auto raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  std::fflush(stdout);
  write_all("\x1b[?1049h\x1b[?25l"); // another screen, no cursor
}

full_screen::~full_screen() {
  write_all("\x1b[?25h\x1b[?1049l");
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

void full_screen::draw(std::string_view text) {
  const auto rows = size_of_terminal().rows;
  std::string picture = "\x1b[H";
  for (size_t line = 0; line < rows && !text.empty(); ++line) {
    const auto end = text.find('\n');
    picture += line > 0 ? "\r\n" : "";
    picture += text.substr(0, end);
    picture += "\x1b[K"; // nothing of the last picture to the right
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  write_all(picture + "\x1b[J");
}

char full_screen::key(std::chrono::milliseconds patience) {
  pollfd watched{STDIN_FILENO, POLLIN, 0};
  const int ready = ::poll(&watched, 1, static_cast<int>(patience.count()));
  if (take_interruption())
    return 'q';
  if (ready <= 0)
    return 0;
  char c = 0;
  if (::read(STDIN_FILENO, &c, 1) != 1)
    return 'q'; // the terminal is gone
  return c == ctrl_c || c == ctrl_d ? 'q' : c;
}

} // namespace sluice::tools
