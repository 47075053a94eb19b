#include "tools/shell/locale_text.hpp"

#include <gtest/gtest.h>

#include <clocale>
#include <string>

namespace sluice::tools {

namespace {

/// LC_CTYPE of the process for one test.
class locale_of_a_test {
public:
  explicit locale_of_a_test(const char* name) : before_(std::setlocale(LC_CTYPE, nullptr)) {
    taken_ = std::setlocale(LC_CTYPE, name) != nullptr;
  }
  ~locale_of_a_test() { std::setlocale(LC_CTYPE, before_.c_str()); }
  locale_of_a_test(const locale_of_a_test&) = delete;
  bool taken() const { return taken_; }

private:
  std::string before_;
  bool taken_ = false;
};

TEST(locale_text, is_itself_in_a_utf8_locale) {
  const locale_of_a_test utf8{"C.UTF-8"};
  ASSERT_TRUE(utf8.taken());
  const std::string text = "naïve 価格 🦀 \uFFFD";
  EXPECT_EQ(to_locale(text), text);
  EXPECT_EQ(from_locale(text), text);
  EXPECT_EQ(to_locale(""), "");
}

TEST(locale_text, that_is_no_text_has_no_form) {
  const locale_of_a_test utf8{"C.UTF-8"};
  EXPECT_EQ(to_locale("a\xff"), std::nullopt);
  EXPECT_EQ(to_locale("\xe4\xbe"), std::nullopt);
  EXPECT_EQ(from_locale("a\xff"
                        "b"),
            "a\uFFFD"
            "b");
  EXPECT_EQ(from_locale("\xc3"), "\uFFFD");
}

TEST(locale_text, has_only_ascii_in_the_c_locale) {
  const locale_of_a_test c{"C"};
  EXPECT_EQ(to_locale("tree"), "tree");
  EXPECT_EQ(to_locale("naïve"), std::nullopt);
  EXPECT_EQ(to_locale("…"), std::nullopt); // on which libedit would end the process
  EXPECT_EQ(from_locale("tree"), "tree");
}

} // namespace

} // namespace sluice::tools
