#include "tools/shell/session.hpp"

#include "io/config/config_text.hpp"
#include "io/text/paint.hpp"
#include "io/text/text.hpp"
#include "rules/admin/line_tokens.hpp"
#include "rules/base64.hpp"
#include "tools/shell/render.hpp"
#include "tools/shell/screen.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <poll.h>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;
using report::paint;
using report::tone;
using namespace std::chrono_literals;

constexpr uint64_t watch_seconds_max = 86'400;
constexpr size_t names_max = 10'000;

/// Every text at `key`, at any depth.
void collect(const json& from, std::string_view key, std::vector<std::string>& to) {
  if (from.is_object()) {
    if (const auto i = from.find(key); i != from.end() && !i->is_structured() && !i->is_null())
      to.push_back(i->is_string() ? i->get<std::string>() : i->dump());
    for (const auto& [name, value] : from.items())
      if (value.is_structured())
        collect(value, key, to);
  } else if (from.is_array()) {
    for (const auto& value : from)
      collect(value, key, to);
  }
}

/// Files and folders whose path begins with what was typed.
std::vector<std::string> files_like(const std::string& begun) {
  namespace fs = std::filesystem;
  const auto slash = begun.rfind('/');
  const auto folder = slash == std::string::npos ? std::string{} : begun.substr(0, slash + 1);
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator i{folder.empty() ? "." : folder, failed}, end; !failed && i != end;
       i.increment(failed)) {
    std::error_code ignored;
    auto name = folder + i->path().filename().string() + (i->is_directory(ignored) ? "/" : "");
    if (name.starts_with(begun) && names.size() < names_max)
      names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

std::string absolute_of(const std::string& path) {
  std::error_code failed;
  const auto found = std::filesystem::absolute(path, failed);
  return failed ? path : found.lexically_normal().string();
}

/// The text of the file that the line names goes with it: the node opens no file for a shell.
result<std::string> with_sent_file(const admin::call& call, const std::string& line) {
  const auto& wanted = call.what->arguments;
  for (size_t i = 0; i < call.arguments.size() && i < wanted.size(); ++i) {
    if (wanted[i].kind != admin::argument_kind::sent_file)
      continue;
    if (call.arguments.size() > i + 1)
      return fault{ec::bad_input,
                   std::string{call.what->name} + ": expected only " + admin::usage_of(*call.what)};
    const auto text = io::config_text_of(call.arguments[i]);
    if (!text)
      return fault{ec::bad_input, text.error().what};
    if (text->empty())
      return fault{ec::bad_input, call.arguments[i] + ": is empty"};
    if (text->size() > admin::sent_bytes_max)
      return fault{ec::bad_input, call.arguments[i] + ": expected at most "
                                    + std::to_string(admin::sent_bytes_max) + " bytes, got "
                                    + std::to_string(text->size())};
    return std::string{call.what->name} + ' ' + admin::quoted_token(absolute_of(call.arguments[i]))
           + ' ' + to_base64(*text) + (call.yes ? " --yes" : "");
  }
  return line;
}

/// A file is named as the node finds it: its working folder is another.
std::string with_absolute_file(const admin::call& call, const std::string& line) {
  auto text = line;
  for (size_t i = 0; i < call.arguments.size() && i < call.what->arguments.size(); ++i) {
    if (call.what->arguments[i].kind != admin::argument_kind::file)
      continue;
    text = std::string{call.what->name} + ' ' + admin::quoted_token(absolute_of(call.arguments[i]))
           + (call.yes ? " --yes" : "");
  }
  return text;
}

std::string key_help(std::string_view order) {
  return "sorted by " + std::string{order}
         + "   m mailbox  r rate  t time  x restarts  n name   q quit";
}

} // namespace

bool shell_session::fail(const fault& why) {
  const auto what = report::shown(report::plain(why.what), how_.letters);
  how_.error(paint("sluice: " + what, tone::alarm, how_.color) + '\n');
  if (why.code == ec::unreachable)
    there_ = false;
  return false;
}

void shell_session::show(const admin::command& what, const std::string& document) {
  if (how_.json)
    how_.out(document + '\n');
  else if (what.text)
    how_.out(
      what.text(document, {how_.width(), how_.color, how_.letters == report::charset::ascii}));
  else
    how_.out(
      render(what.name, document, {how_.width(), how_.color, how_.letters, commands_.columns()}));
}

bool shell_session::run(std::string_view line) {
  auto commands = admin::split_commands(line);
  if (!commands)
    return fail(commands.error());
  bool good = true;
  for (const auto& one : *commands) {
    good = run_one(one) && good;
    if (over_)
      break;
  }
  return good;
}

bool shell_session::run_one(const std::string& line) {
  auto call = admin::parse_command(commands_, line);
  if (!call)
    return fail(call.error());
  const auto name = call->what->name;
  if (name == "quit") {
    over_ = true;
    return true;
  }
  if (name == "help")
    return help(*call);
  if (name == "watch")
    return watch(*call);
  if (name == "top" && how_.terminal && !how_.json)
    return top(*call);
  return ask(*call, line);
}

bool shell_session::allowed(const admin::call& call, const std::string& line) {
  if (call.what->effect != admin::command_effect::destroys || call.yes || how_.yes)
    return true;
  if (!how_.terminal)
    return fail({ec::refused, std::string{call.what->name}
                                + " asks first, and nobody is there to answer: add --yes"});
  if (how_.confirm(line + "? " + std::string{call.what->help} + ". [y/N] "))
    return true;
  how_.error("not done\n");
  return false;
}

bool shell_session::ask(const admin::call& call, const std::string& line) {
  if (!allowed(call, line))
    return false;
  const auto sent = with_sent_file(call, line);
  if (!sent)
    return fail(sent.error());
  auto answer = link_.ask(link_.same_machine() ? with_absolute_file(call, *sent) : *sent);
  if (!answer)
    return fail(answer.error());
  show(*call.what, *answer);
  return true;
}

bool shell_session::help(const admin::call& call) {
  if (how_.json) {
    json all = json::array();
    for (const auto* x : commands_.commands())
      if (call.arguments.empty() || x->name.starts_with(call.arguments[0]))
        all.push_back({{"command", x->name},
                       {"arguments", admin::usage_of(*x)},
                       {"help", x->help},
                       {"example", x->example},
                       {"asks", x->effect == admin::command_effect::destroys},
                       {"without_node", x->source != admin::command_source::node}});
    how_.out(all.dump() + '\n');
    return true;
  }
  auto text = admin::help_text(commands_, call.argument_at(0));
  if (!text)
    return fail(text.error());
  how_.out(*text);
  return true;
}

bool shell_session::watch(const admin::call& call) {
  const auto seconds = std::clamp<uint64_t>(std::stoull(call.arguments[0]), 1, watch_seconds_max);
  const auto inner = admin::parse_command(commands_, call.arguments[1]);
  if (!inner)
    return fail(inner.error());
  if (inner->what->effect != admin::command_effect::reads
      || inner->what->source == admin::command_source::shell)
    return fail({ec::bad_input,
                 "watch: expected a command that reads, got " + std::string{inner->what->name}});
  const interruptions until;
  bool good = true;
  for (;;) {
    if (how_.terminal && !how_.json)
      how_.out("\x1b[H\x1b[2J"
               + paint("every " + std::to_string(seconds) + " s: " + call.arguments[1]
                         + "   Ctrl-C ends it",
                       tone::faint, how_.color)
               + '\n');
    good = ask(*inner, call.arguments[1]);
    if (take_interruption())
      return good;
    ::poll(nullptr, 0, static_cast<int>(seconds * 1000));
    if (take_interruption())
      return good;
  }
}

bool shell_session::top(const admin::call& call) {
  std::string order{call.argument_at(0).empty() ? std::string_view{"rate"} : call.argument_at(0)};
  const std::map<char, std::string> orders{
    {'m', "mailbox"}, {'r', "rate"}, {'t', "time"}, {'x', "restarts"}, {'n', "name"}};
  auto answer = link_.ask("top");
  if (!answer) // before the screen is taken
    return fail(answer.error());
  const interruptions until;
  full_screen screen;
  for (;;) {
    const auto size = size_of_terminal();
    auto text
      = paint(report::cut(report::shown(link_.place(), how_.letters) + "   " + key_help(order),
                          size.columns, how_.letters),
              tone::strong, how_.color)
        + "\n\n";
    text += answer ? render_top(*answer, order, {size.columns, how_.color, how_.letters, {}})
                   : paint(report::shown(report::plain(answer.error().what), how_.letters),
                           tone::alarm, how_.color)
                       + '\n';
    screen.draw(text);
    const auto due = std::chrono::steady_clock::now() + 1s;
    for (char key = 1; key != 0;) {
      const auto left
        = std::chrono::ceil<std::chrono::milliseconds>(due - std::chrono::steady_clock::now());
      key = left.count() > 0 ? screen.key(left) : '\0';
      if (key == 'q')
        return true;
      if (const auto chosen = orders.find(key); chosen != orders.end()) {
        order = chosen->second;
        break; // show it at once
      }
    }
    answer = link_.ask("top");
  }
}

std::string shell_session::prompt() {
  const auto answer = link_.ask("status");
  const bool there = answer || answer.error().code == ec::refused;
  if (there_ && *there_ != there)
    how_.error(paint(there ? "the node is back" : "the node is gone; what is on disk can be read",
                     there ? tone::winner : tone::alarm, how_.color)
               + '\n');
  there_ = there;
  if (!there)
    return report::shown(link_.place(), how_.letters) + " (no node)> ";
  const auto seen = answer ? json::parse(*answer, nullptr, false) : json{};
  const auto field_text = [&](const char* key) {
    return seen.is_object() && seen.contains(key) && seen[key].is_string()
             ? report::plain(seen[key].get<std::string>())
             : std::string{};
  };
  const auto name = field_text("name").empty() ? link_.place() : field_text("name");
  return report::shown(name + (field_text("state").empty() ? "" : " " + field_text("state")),
                       how_.letters)
         + "> ";
}

std::vector<std::string> shell_session::names_of(std::span<const admin::live_names> live) {
  std::map<std::string_view, json> answers;
  std::vector<std::string> names;
  for (const auto& [view, key] : live) {
    if (!answers.contains(view)) {
      const auto answer = link_.ask(view);
      answers[view] = answer ? json::parse(*answer, nullptr, false) : json{};
    }
    collect(answers[view], key, names);
  }
  return names;
}

admin::completion shell_session::complete(std::string_view line) {
  auto found = admin::complete(commands_, line);
  const bool own_file = found.kind == admin::argument_kind::sent_file;
  const bool file = own_file || found.kind == admin::argument_kind::file;
  auto more = !file                              ? names_of(found.live)
              : own_file || link_.same_machine() ? files_like(found.begun)
                                                 : std::vector<std::string>{};
  // hotkeys only when somebody has begun to type one
  if (found.kind == admin::argument_kind::miner && found.begun.empty())
    std::erase_if(more, [](const std::string& x) {
      return x.find_first_not_of("0123456789") != std::string::npos;
    });
  for (auto& x : more)
    if (x.starts_with(found.begun)
        && std::ranges::find(found.candidates, x) == found.candidates.end())
      found.candidates.push_back(std::move(x));
  return found;
}

} // namespace sluice::tools
