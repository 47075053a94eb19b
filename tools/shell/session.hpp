/// What a shell does with what is typed: asks, shows, repeats, refuses.
#pragma once

#include "io/text/charset.hpp"
#include "net/admin/link.hpp"
#include "rules/admin/catalogue.hpp"
#include "rules/admin/commands.hpp"
#include "rules/admin/completion.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tools {

/// `width`: in columns, from 1. Not checked.
struct session_settings {
  bool json = false; // one line of JSON per command instead of tables
  bool yes = false;  // destroys without asking
  bool color = false;
  report::charset letters = report::charset::utf8; // of tables; JSON is always UTF-8
  bool terminal = false;         // somebody reads and types there: may be asked, may watch `top`
  std::function<size_t()> width; // of the terminal, asked each time
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> error;
  /// Asks a question that is answered yes or no; only with a terminal.
  std::function<bool(const std::string& question)> confirm;
};

class shell_session {
public:
  /// `link` and `commands` must outlive it.
  shell_session(net::shell_link& link, const admin::catalogue& commands, session_settings how)
    : link_(link), commands_(commands), how_(std::move(how)) {}

  /// Does every command of the line; false when one failed. After `quit` over() is true.
  bool run(std::string_view line);
  bool over() const { return over_; }

  /// "NAME STATE> " in our letters, asked from the node; prints when it is gone or has come back.
  std::string prompt();

  /// Commands, and the names for their arguments that the node knows.
  admin::completion complete(std::string_view line);

private:
  bool run_one(const std::string& line);
  bool ask(const admin::call& call, const std::string& line);
  bool help(const admin::call& call);
  bool watch(const admin::call& call);
  bool top(const admin::call& call);
  bool fail(const fault& why);
  bool allowed(const admin::call& call, const std::string& line);
  void show(const admin::command& what, const std::string& document);
  std::vector<std::string> names_of(std::span<const admin::live_names> live);

  net::shell_link& link_;
  const admin::catalogue& commands_;
  session_settings how_;
  bool over_ = false;
  std::optional<bool> there_; // did the node answer last time?
};

} // namespace sluice::tools
