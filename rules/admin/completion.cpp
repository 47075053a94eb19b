#include "rules/admin/completion.hpp"

#include "rules/admin/line_tokens.hpp"

#include <algorithm>
#include <optional>

namespace sluice::admin {

namespace {

/// The last command of a line and where it begins; a line with an open quote is taken as it is.
std::pair<std::string_view, size_t> last_command(std::string_view line) {
  size_t from = 0;
  char open = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && open != '\'')
      ++i;
    else if (open != 0)
      open = c == open ? '\0' : open;
    else if (c == '"' || c == '\'')
      open = c;
    else if (c == ';')
      from = i + 1;
  }
  return {line.substr(from), from};
}

struct typed {
  std::vector<line_token> done; // tokens with a space after them
  line_token begun;             // the one at the cursor, maybe empty
};

/// None when the line is not text that a shell reads.
std::optional<typed> read(std::string_view line) {
  auto tokens = split_line(line);
  if (!tokens) // an open quote: complete what stands in it
    for (const char* end : {"\"", "'"})
      if (tokens = split_line(std::string{line} + end); tokens)
        break;
  if (!tokens)
    return std::nullopt;
  typed all{*std::move(tokens), {"", line.size(), line.size()}};
  if (!all.done.empty() && all.done.back().to >= line.size()) {
    all.begun = all.done.back();
    all.done.pop_back();
  }
  return all;
}

void add_beginning_with(const std::string& begun, std::string_view token,
                        std::vector<std::string>& to) {
  if (token.starts_with(begun) && std::ranges::find(to, token) == to.end())
    to.emplace_back(token);
}

/// The command that the tokens name, and how many of them are its name.
std::pair<const command*, size_t>
command_of(const catalogue& commands, const std::vector<line_token>& tokens) {
  if (tokens.size() > 1)
    if (const auto* two = commands.find(tokens[0].text + ' ' + tokens[1].text))
      return {two, 2};
  return {tokens.empty() ? nullptr : commands.find(tokens[0].text), 1};
}

const argument* argument_at(const command& what, size_t i) {
  if (what.arguments.empty())
    return nullptr;
  if (i < what.arguments.size())
    return &what.arguments[i];
  return what.arguments.back().rest ? &what.arguments.back() : nullptr;
}

void add_names(const catalogue& commands, const typed& line, completion& to) {
  const auto first = line.done.empty() ? std::string{} : line.done[0].text;
  for (const auto* x : commands.commands()) {
    const auto space = x->name.find(' ');
    if (line.done.empty())
      add_beginning_with(line.begun.text, x->name.substr(0, space), to.candidates);
    else if (line.done.size() == 1 && space != std::string_view::npos
             && x->name.substr(0, space) == first)
      add_beginning_with(line.begun.text, x->name.substr(space + 1), to.candidates);
  }
}

} // namespace

completion complete(const catalogue& commands, std::string_view line) {
  const auto [text, offset] = last_command(line);
  completion found{line.size(), "", {}, argument_kind::text, {}};
  const auto all = read(text);
  if (!all)
    return found;
  found.from = offset + all->begun.from;
  found.begun = all->begun.text;
  add_names(commands, *all, found);
  const auto [what, used] = command_of(commands, all->done);
  if (!what)
    return found;
  const auto* wanted = argument_at(*what, all->done.size() - used);
  if (!wanted)
    return found;
  if (wanted->kind == argument_kind::command) { // what follows is a line of its own
    const auto inner_from = all->done.size() > used + what->arguments.size() - 1
                              ? all->done[used + what->arguments.size() - 1].from
                              : all->begun.from;
    auto inner = complete(commands, text.substr(inner_from));
    inner.from += offset + inner_from;
    return inner;
  }
  for (const auto choice : wanted->choices)
    add_beginning_with(found.begun, choice, found.candidates);
  if (wanted->kind == argument_kind::level)
    found.kind = argument_kind::actor;
  else if (wanted->kind != argument_kind::choice && wanted->kind != argument_kind::number)
    found.kind = wanted->kind;
  found.live = commands.live(*wanted);
  return found;
}

std::string common_start(const std::vector<std::string>& candidates) {
  if (candidates.empty())
    return {};
  std::string start = candidates.front();
  for (const auto& x : candidates)
    start.resize(static_cast<size_t>(std::ranges::mismatch(start, x).in1 - start.begin()));
  const auto& whole = candidates.front();
  while (start.size() < whole.size() && (static_cast<uint8_t>(whole[start.size()]) & 0xC0) == 0x80)
    start.pop_back(); // the last character is common as a whole or not at all
  return start;
}

std::string hint(const catalogue& commands, std::string_view line) {
  const auto text = last_command(line).first;
  const auto all = read(text);
  if (!all)
    return {};
  auto tokens = all->done;
  if (!all->begun.text.empty())
    tokens.push_back(all->begun);
  const auto [what, used] = command_of(commands, tokens);
  if (!what)
    return {};
  const auto left = usage_of(*what, tokens.size() - used);
  return left.empty() ? std::string{what->help} : left;
}

} // namespace sluice::admin
