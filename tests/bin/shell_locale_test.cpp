// sluice shell in a real terminal under every kind of locale: nothing ends it, nothing typed is
// lost.
#include "net/admin/server.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/terminal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <optional>

namespace {

using namespace sluice;
using namespace sluice::test;

struct locale_case {
  std::string name;
  std::string environment; // arguments of env
  bool utf8 = false;       // is UTF-8 shown?
};

std::ostream& operator<<(std::ostream& out, const locale_case& x) {
  return out << x.name;
}

const std::string unset = "-u LC_ALL -u LC_CTYPE -u LANG ";

/// On a socket that answers like a node whose actors have names outside ASCII.
class shell_in_a_locale : public testing::TestWithParam<locale_case> {
protected:
  void SetUp() override {
    if (!terminal::available())
      GTEST_SKIP() << "no tmux (apt: tmux)";
    auto opened = net::shell_server::open(
      folder.path(),
      [this](const net::shell_request& x, const net::shell_server::reply_function& reply) {
        {
          const std::lock_guard lock{mutex};
          asked.push_back(x.line);
        }
        if (x.line == "status")
          reply({true, R"({"name":"wächter","state":"running"})"});
        else if (x.line == "tree")
          reply({true, R"([{"path":"node","state":"running"},
                           {"path":"node/storage_writer","state":"running"},
                           {"path":"node/prüfer-価","state":"running"}])"});
        else
          reply({false, "no " + x.line + " here"});
      });
    ASSERT_TRUE(opened) << opened.error().what;
    server.emplace(*std::move(opened));
  }

  /// The prompt under the locale; its terminal is narrow enough that hints are cut.
  std::string command(const std::string& data) const {
    return "env " + GetParam().environment + " XDG_STATE_HOME=" + folder.at("state")
           + " NO_COLOR=1 " BINARY_DIR "/sluice shell --data " + data;
  }
  std::string command() const { return command(folder.path().string()); }

  std::string prompt() const {
    return GetParam().utf8 ? "wächter running>" : "w\\u{e4}chter running>";
  }

  size_t times_asked(const std::string& line) {
    const std::lock_guard lock{mutex};
    return static_cast<size_t>(std::count(asked.begin(), asked.end(), line));
  }

  scratch_folder folder;
  std::mutex mutex;
  std::vector<std::string> asked;
  std::optional<net::shell_server> server;
};

TEST_P(shell_in_a_locale, hints_at_ordinary_words_and_stays_alive) {
  terminal at{command(), 60};
  ASSERT_TRUE(shows(at.wait_for(prompt()), prompt()));
  for (const auto* line : {"kill node/stor", "miner ban ", "explain "}) {
    at.type({line});
    at.wait_for(std::string{"> "} + line);
    at.type({"C-u"});
  }
  at.type({"tree", "Enter"});
  const std::string row = GetParam().utf8 ? "└─ prüfer-価" : "`- pr\\u{fc}fer-\\u{4fa1}";
  EXPECT_TRUE(shows(at.wait_for(row), row));
  at.type({"quit", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("code ", "code 0"), "code 0"));
}

TEST_P(shell_in_a_locale, takes_what_is_typed_outside_ascii_and_remembers_it) {
  terminal at{command()};
  at.wait_for(prompt());
  at.type({"actor node/価é", "Enter"});
  const std::string answer
    = GetParam().utf8 ? "no actor node/価é here" : "no actor node/\\u{4fa1}\\u{e9} here";
  EXPECT_TRUE(shows(at.wait_for(answer), answer));
  EXPECT_EQ(times_asked("actor node/価é"), 1u);
  at.type({"C-l", "Up"});
  at.wait_for("> actor node/");
  at.type({"x", "Enter"});
  at.wait_for("x here");
  EXPECT_EQ(times_asked("actor node/価éx"), 1u);
  EXPECT_EQ(folder.read("state/sluice/history"), "actor node/価é\nactor node/価éx\n");
}

TEST_P(shell_in_a_locale, complains_of_bytes_that_are_no_characters) {
  terminal at{command()};
  at.wait_for(prompt());
  at.type({"actor node/caf"});
  at.type({"-H", "e9"}); // as a terminal in Latin-1 sends it
  at.type({"x", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("0xe9", "sluice: nothing was done: the byte 0xe9 was typed"),
                    "sluice: nothing was done: the byte 0xe9 was typed"));
  EXPECT_EQ(times_asked("actor node/cafx"), 0u);
  at.type({"actor node/y", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("node/y here", "no actor node/y here"), "no actor node/y here"));
}

TEST_P(shell_in_a_locale, completes_names_outside_ascii) {
  terminal at{command()};
  at.wait_for(prompt());
  at.type({"actor node/prü", "Tab"});
  at.wait_for("fer-");
  at.type({"Enter"});
  at.wait_for("here");
  EXPECT_EQ(times_asked("actor node/prüfer-価"), 1u);
  at.type({"C-l", "actor node/", "Tab"});
  const std::string list = GetParam().utf8 ? "prüfer-価" : "pr\\u{fc}fer-\\u{4fa1}";
  EXPECT_TRUE(shows(at.wait_for("node/storage_writer", "node/" + list), "node/" + list));
}

TEST_P(shell_in_a_locale, shows_a_folder_outside_ascii_at_its_prompt) {
  terminal at{command(folder.at("dätä"))};
  const std::string place = GetParam().utf8 ? "dätä (no node)>" : "d\\u{e4}t\\u{e4} (no node)>";
  EXPECT_TRUE(shows(at.wait_for(place), place));
  at.type({"C-d"});
  EXPECT_TRUE(shows(at.wait_for("code ", "code 0"), "code 0"));
}

INSTANTIATE_TEST_SUITE_P(, shell_in_a_locale,
                         testing::Values(locale_case{"none", unset},
                                         locale_case{"c", unset + "LC_ALL=C"},
                                         locale_case{"not_installed", unset + "LANG=xx_YY.UTF-8"},
                                         locale_case{"utf8", unset + "LC_ALL=C.UTF-8", true}),
                         [](const auto& x) { return x.param.name; });

} // namespace
