#include "tools/shell/typed_input.hpp"

#include <gtest/gtest.h>
#include <sys/types.h>

#include <array>
#include <atomic>
#include <clocale>
#include <csignal>
#include <pthread.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace sluice::tools {

namespace {

class typed_bytes : public testing::Test {
protected:
  void SetUp() override {
    before_ = std::setlocale(LC_CTYPE, nullptr);
    ASSERT_TRUE(std::setlocale(LC_CTYPE, "C.UTF-8"));
    ASSERT_EQ(::pipe(ends.data()), 0);
  }
  void TearDown() override {
    std::setlocale(LC_CTYPE, before_.c_str());
    ::close(ends[0]);
    ::close(ends[1]);
  }

  void type(const std::string& bytes) {
    ASSERT_EQ(::write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }

  std::wstring all(typed_input& input, size_t count) {
    std::wstring text;
    for (wchar_t c = 0; text.size() < count && input.next(c) == 1;)
      text += c;
    return text;
  }

  std::array<int, 2> ends{};
  std::string before_;
};

TEST_F(typed_bytes, become_characters) {
  typed_input input{ends[0], [](int) {}};
  type("aé価🦀\n");
  EXPECT_EQ(all(input, 5), L"aé価🦀\n");
  EXPECT_FALSE(input.take_unreadable());
}

TEST_F(typed_bytes, that_are_none_are_seen_and_nothing_behind_them_is_lost) {
  typed_input input{ends[0], [](int) {}};
  type("caf\xe9 x\xff\xe4\xbe"
       "a");
  EXPECT_EQ(all(input, 9), L"caf\uFFFD x\uFFFD\uFFFDa");
  EXPECT_EQ(input.take_unreadable(), 0xe9);
  EXPECT_FALSE(input.take_unreadable());
}

TEST_F(typed_bytes, end_with_the_terminal) {
  typed_input input{ends[0], [](int) {}};
  type("a");
  ::close(ends[1]);
  wchar_t c = 0;
  EXPECT_EQ(input.next(c), 1);
  EXPECT_EQ(input.next(c), 0);
  ends[1] = ::dup(ends[0]);
}

TEST_F(typed_bytes, are_waited_for_across_a_change_of_the_terminals_size) {
  int redrawn = 0;
  const redraw_signals caught;
  typed_input input{ends[0], [&](int signal) {
                      EXPECT_EQ(signal, SIGWINCH);
                      ++redrawn;
                      type("b");
                    }};
  const auto reader = ::pthread_self();
  std::atomic<bool> over = false;
  std::thread resizes{[&] { // until the signal comes while the read waits
    while (!over) {
      ::pthread_kill(reader, SIGWINCH);
      std::this_thread::yield();
    }
  }};
  wchar_t c = 0;
  EXPECT_EQ(input.next(c), 1);
  over = true;
  resizes.join();
  EXPECT_EQ(c, L'b');
  EXPECT_GE(redrawn, 1);
}

} // namespace

} // namespace sluice::tools
