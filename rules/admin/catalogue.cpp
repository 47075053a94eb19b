#include "rules/admin/catalogue.hpp"

#include "rules/admin/line_tokens.hpp"
#include "rules/nearest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <tuple>

namespace sluice::admin {

namespace {

constexpr std::string_view yes_flag = "--yes";
constexpr std::array<std::string_view, 5> levels{"debug", "info", "warn", "error", "off"};

std::string_view first_part(std::string_view name) {
  return name.substr(0, name.find(' '));
}

/// "ban" of "miner ban"; "" of "miner".
std::string_view second_part(std::string_view name) {
  const auto space = name.find(' ');
  return space == std::string_view::npos ? std::string_view{} : name.substr(space + 1);
}

/// "a, b or c".
std::string any_of(std::span<const std::string_view> names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + std::string{names[i]};
  return text;
}

/// "; did you mean x?", or what else to do.
std::string meant(std::string_view token, std::span<const std::string_view> known,
                  const std::string& otherwise) {
  const auto near = nearest(token, known);
  return near ? "; did you mean " + std::string{*near} + "?" : "; " + otherwise;
}

std::vector<std::string_view> seconds_after(const catalogue& all, std::string_view first) {
  std::vector<std::string_view> seconds;
  for (const auto* x : all.commands())
    if (first_part(x->name) == first && !second_part(x->name).empty())
      seconds.push_back(second_part(x->name));
  return seconds;
}

fault unknown(const catalogue& all, std::string_view token) {
  std::vector<std::string_view> known;
  for (const auto* x : all.commands())
    if (known.empty() || known.back() != first_part(x->name))
      known.push_back(first_part(x->name));
  return {ec::bad_input,
          "no command " + quoted_token(token) + meant(token, known, "see help for what there is")};
}

fault unknown_second(const catalogue& all, std::string_view first, std::string_view second) {
  const auto known = seconds_after(all, first);
  const auto expected = std::string{first} + ": expected " + any_of(known);
  if (second.empty())
    return {ec::bad_input, expected + "; see help " + std::string{first}};
  return {ec::bad_input, expected + ", got " + quoted_token(second)
                           + meant(second, known, "see help " + std::string{first})};
}

/// The command that the first one or two tokens name; two win.
result<const command*> named(const catalogue& all, std::span<const line_token> tokens) {
  const std::string first = tokens[0].text;
  const auto seconds = seconds_after(all, first);
  if (tokens.size() > 1 && std::ranges::find(seconds, tokens[1].text) != seconds.end())
    return all.find(first + ' ' + tokens[1].text);
  if (const auto* one = all.find(first)) {
    // "miner bna 3" is a slip in "miner ban 3", not a miner named bna
    if (!seconds.empty() && tokens.size() > 1 + one->arguments.size())
      return unknown_second(all, first, tokens[1].text);
    return one;
  }
  if (seconds.empty())
    return unknown(all, first);
  return unknown_second(all, first, tokens.size() > 1 ? tokens[1].text : std::string{});
}

bool is_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// "" when the token can be what the argument wants.
std::string kind_fault(const argument& wanted, std::string_view text) {
  switch (wanted.kind) {
  case argument_kind::number:
    return is_number(text) ? "" : "expected a whole number, got " + quoted_token(text);
  case argument_kind::choice:
    if (std::ranges::find(wanted.choices, text) != wanted.choices.end())
      return "";
    return "expected " + any_of(wanted.choices) + ", got " + quoted_token(text)
           + meant(text, wanted.choices, "one of these");
  case argument_kind::level: {
    const auto equals = text.find('=');
    const auto level = equals == std::string_view::npos ? "" : text.substr(equals + 1);
    if (equals != 0 && std::ranges::find(levels, level) != levels.end())
      return "";
    return "expected PATH=LEVEL with a level of " + any_of(levels) + ", got " + quoted_token(text);
  }
  default:
    break;
  }
  if (!wanted.choices.empty() && !is_number(text)
      && std::ranges::find(wanted.choices, text) == wanted.choices.end())
    return "expected " + std::string{wanted.name} + ", got " + quoted_token(text);
  return text.empty() ? "expected " + std::string{wanted.name} + ", got nothing" : "";
}

fault in(const command& what, const std::string& why) {
  return {ec::bad_input, std::string{what.name} + ": " + why};
}

/// The arguments of `what` from the tokens after its name; `line` for a rest as it was typed.
result<call>
filled(const command& what, std::span<const line_token> tokens, std::string_view line) {
  call made{&what, {}, false};
  size_t at = 0;
  for (const auto& wanted : what.arguments) {
    if (at == tokens.size()) {
      if (wanted.required)
        return in(what, "expected " + std::string{wanted.name}
                          + "; for example: " + std::string{what.example});
      break;
    }
    const bool raw = wanted.rest && wanted.kind == argument_kind::command;
    const auto text
      = raw ? std::string{line.substr(tokens[at].from, tokens.back().to - tokens[at].from)}
            : tokens[at].text;
    if (auto why = kind_fault(wanted, text); !why.empty())
      return in(what, why);
    made.arguments.push_back(text);
    ++at;
    for (; wanted.rest && !raw && at < tokens.size(); ++at)
      made.arguments.back() += ' ' + tokens[at].text;
    if (raw)
      at = tokens.size();
  }
  if (at < tokens.size())
    return in(what, (what.arguments.empty() ? std::string{"expected nothing after it"}
                                            : "expected only " + usage_of(what))
                      + ", got " + quoted_token(tokens[at].text) + " as well");
  return made;
}

std::string with_usage(const command& x) {
  const auto usage = usage_of(x);
  return std::string{x.name} + (usage.empty() ? "" : " " + usage);
}

std::string padded(std::string text, size_t width) {
  if (text.size() < width)
    text.append(width - text.size(), ' ');
  return text;
}

std::string about(const command& x) {
  std::string text = with_usage(x) + "\n  " + std::string{x.help} + ".\n";
  for (const auto& wanted : x.arguments)
    if (wanted.kind == argument_kind::choice)
      text += "  " + std::string{wanted.name} + " is " + any_of(wanted.choices) + ".\n";
    else if (wanted.kind == argument_kind::level)
      text += "  LEVEL is " + any_of(levels) + ".\n";
    else if (wanted.kind == argument_kind::miner)
      text += "  MINER is a uid or a hotkey.\n";
    else if (!wanted.form.empty())
      text += "  " + std::string{wanted.name} + " is " + std::string{wanted.form} + ".\n";
  if (x.effect == command_effect::destroys)
    text += "  Asks first, unless --yes stands in the line. The node notes who did it and when.\n";
  else if (x.effect == command_effect::acts)
    text += "  The node notes who did it and when.\n";
  if (x.source == command_source::disk)
    text += "  Answers from disk as well, when no node runs.\n";
  return text + "  Example: " + std::string{x.example} + "\n";
}

constexpr std::array<std::pair<command_group, std::string_view>, 4> groups{{
  {command_group::actors, "Actors"},
  {command_group::subnet, "Subnet"},
  {command_group::node, "Node"},
  {command_group::shell, "Shell"},
}};

void add_new(std::span<const live_names> names, std::vector<live_names>& to) {
  for (const auto& x : names)
    if (std::ranges::find(to, x) == to.end())
      to.push_back(x);
}

/// "actors, jobs and miners": what completion asks the node for.
std::string completed_kinds(const catalogue& all) {
  std::vector<std::string_view> kinds{"commands", "actors"};
  for (const auto* x : all.commands())
    for (const auto& wanted : x->arguments)
      if (wanted.kind == argument_kind::named)
        for (const auto& from : wanted.live)
          if (std::ranges::find(kinds, from.view) == kinds.end())
            kinds.push_back(from.view);
  kinds.push_back("miners");
  std::string text;
  for (size_t i = 0; i < kinds.size(); ++i)
    text += (i == 0 ? "" : i + 1 == kinds.size() ? " and " : ", ") + std::string{kinds[i]};
  return text;
}

} // namespace

catalogue::catalogue(std::span<const std::span<const command>> more) {
  const auto add = [this](std::span<const command> some) {
    for (const auto& x : some) {
      if (find(x.name))
        throw std::invalid_argument("two commands are named " + std::string{x.name});
      all_.push_back(&x);
      for (const auto& look : x.columns)
        if (std::ranges::find(columns_, look.key, &column_look::key) == columns_.end())
          columns_.push_back(look);
    }
  };
  add(general_commands());
  for (const auto& some : more)
    add(some);
  std::ranges::stable_sort(all_, [](const command* a, const command* b) {
    return std::tie(a->group, a->place) < std::tie(b->group, b->place);
  });
}

const command* catalogue::find(std::string_view name) const {
  const auto i = std::ranges::find(all_, name, &command::name);
  return i == all_.end() ? nullptr : *i;
}

std::vector<live_names> catalogue::live(const argument& wanted) const {
  std::vector<live_names> found(wanted.live.begin(), wanted.live.end());
  if (wanted.kind == argument_kind::actor || wanted.kind == argument_kind::level)
    found.push_back({"tree", "path"});
  if (wanted.kind != argument_kind::miner || !found.empty())
    return found;
  for (const auto* x : all_)
    for (const auto& other : x->arguments)
      if (other.kind == argument_kind::miner)
        add_new(other.live, found);
  return found.empty() ? std::vector<live_names>{{"chain", "uid"}, {"chain", "hotkey"}} : found;
}

result<call> parse_command(const catalogue& all, std::string_view line) {
  auto tokens = split_line(line);
  if (!tokens)
    return tokens.error();
  const auto wraps = [&] { // the inner command keeps its own --yes
    return !tokens->empty() && tokens->front().text == "watch";
  };
  const auto before = tokens->size();
  if (!wraps())
    std::erase_if(*tokens, [](const line_token& x) { return x.text == yes_flag; });
  if (tokens->empty())
    return fault{ec::bad_input, "expected a command; see help for what there is"};
  auto what = named(all, *tokens);
  if (!what)
    return what.error();
  const size_t used = second_part((*what)->name).empty() ? 1 : 2;
  auto made = filled(**what, std::span{*tokens}.subspan(used), line);
  if (made)
    made->yes = tokens->size() != before;
  return made;
}

std::string noted_line(const call& what, std::string_view line) {
  const auto& wanted = what.what->arguments;
  if (std::ranges::none_of(wanted, &argument::sent))
    return std::string{line};
  std::string text{what.what->name};
  for (size_t i = 0; i < what.arguments.size() && i < wanted.size(); ++i)
    if (!wanted[i].sent)
      text += ' ' + quoted_token(what.arguments[i]);
  return text;
}

std::string usage_of(const command& what, size_t from) {
  std::string text;
  for (const auto& x : what.arguments.subspan(std::min(from, what.arguments.size()))) {
    if (x.sent)
      continue;
    text += text.empty() ? "" : " ";
    text += x.required ? std::string{x.name} : '[' + std::string{x.name} + ']';
  }
  return text;
}

std::string help_text(const catalogue& all) {
  size_t width = 0;
  for (const auto* x : all.commands())
    width = std::max(width, with_usage(*x).size());
  std::string text;
  for (const auto& [group, title] : groups) {
    text += (text.empty() ? "" : "\n") + std::string{title} + '\n';
    for (const auto* x : all.commands())
      if (x->group == group)
        text += "  " + padded(with_usage(*x), width + 2) + std::string{x->help} + '\n';
  }
  return text
         + "\nhelp COMMAND shows an example. Several commands on one line are parted by ;\n"
           "TAB completes "
         + completed_kinds(all) + ".\n";
}

result<std::string> help_text(const catalogue& all, std::string_view name) {
  auto tokens = split_line(name);
  if (!tokens)
    return tokens.error();
  if (tokens->empty())
    return help_text(all);
  std::string text;
  if (tokens->size() > 1) {
    const auto* one = all.find(tokens->at(0).text + ' ' + tokens->at(1).text);
    if (one)
      return about(*one);
    if (!seconds_after(all, tokens->at(0).text).empty())
      return unknown_second(all, tokens->at(0).text, tokens->at(1).text);
  }
  for (const auto* x : all.commands())
    if (first_part(x->name) == tokens->at(0).text)
      text += (text.empty() ? "" : "\n") + about(*x);
  if (text.empty())
    return unknown(all, tokens->at(0).text);
  return text;
}

} // namespace sluice::admin
