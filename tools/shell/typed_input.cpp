#include "tools/shell/typed_input.hpp"

#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace sluice::tools {

namespace {

constexpr wchar_t not_a_character = 0xFFFD;

volatile std::sig_atomic_t resized = 0;
volatile std::sig_atomic_t continued = 0;

void catch_signal(int signal, struct sigaction& before) {
  struct sigaction ours {};
  ours.sa_handler = [](int seen) { (seen == SIGWINCH ? resized : continued) = 1; }; // no SA_RESTART
  sigemptyset(&ours.sa_mask);
  ::sigaction(signal, &ours, &before);
}

} // namespace

redraw_signals::redraw_signals() {
  resized = 0;
  continued = 0;
  catch_signal(SIGWINCH, resized_);
  catch_signal(SIGCONT, continued_);
}

redraw_signals::~redraw_signals() {
  ::sigaction(SIGWINCH, &resized_, nullptr);
  ::sigaction(SIGCONT, &continued_, nullptr);
}

typed_input::typed_input(int descriptor, std::function<void(int signal)> on_signal)
  : descriptor_(descriptor), on_signal_(std::move(on_signal)) {}

int typed_input::next_byte(char& out) {
  if (held_) {
    out = *std::exchange(held_, std::nullopt);
    return 1;
  }
  for (;;) {
    const auto got = ::read(descriptor_, &out, 1);
    if (got >= 0)
      return static_cast<int>(got);
    if (errno == EAGAIN) {
      pollfd waits{descriptor_, POLLIN, 0};
      ::poll(&waits, 1, -1);
    } else if (errno != EINTR) {
      return -1;
    }
    if (std::exchange(continued, 0) != 0)
      on_signal_(SIGCONT);
    if (std::exchange(resized, 0) != 0)
      on_signal_(SIGWINCH);
  }
}

int typed_input::next(wchar_t& out) {
  for (;;) {
    char byte = 0;
    if (const int got = next_byte(byte); got <= 0) {
      out = 0;
      return got;
    }
    const auto size = std::mbrtowc(&out, &byte, 1, &state_);
    if (size == static_cast<size_t>(-2)) {
      first_ = first_.value_or(byte);
      continue;
    }
    const auto first = std::exchange(first_, std::nullopt);
    if (size != static_cast<size_t>(-1))
      return 1;
    state_ = {};
    if (first) // what was begun is none; this byte may begin another
      held_ = byte;
    unreadable_ = unreadable_.value_or(static_cast<uint8_t>(first.value_or(byte)));
    out = not_a_character;
    return 1;
  }
}

std::optional<uint8_t> typed_input::take_unreadable() {
  return std::exchange(unreadable_, std::nullopt);
}

} // namespace sluice::tools
