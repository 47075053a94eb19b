#include "io/leads/disposable_domains.hpp"

#include "io/text/lines.hpp"
#include "rules/leads/lead.hpp"

#include <algorithm>
#include <optional>

namespace sluice::io {

namespace {

constexpr size_t domains_max = 1'000'000;
constexpr size_t domain_bytes_max = 253; // of a name of the domain name system

std::string_view domain_in(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos)
    return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

bool is_domain(std::string_view text) {
  return text.size() <= domain_bytes_max && text.find('.') != std::string_view::npos
         && text.front() != '.' && text.back() != '.'
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                     || c == '.' || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
            });
}

/// The domain of a line, if there is one, into `all`; or what is wrong.
std::optional<fault> add_domain(disposable_domains& all, std::string_view line,
                                const std::string& name, uint64_t number) {
  const auto domain = domain_in(line);
  if (domain.empty())
    return std::nullopt;
  if (!is_domain(domain))
    return bad_line(name, number, "", "a domain such as mailinator.com", io::quoted(domain),
                    "write one domain a line, comments behind #");
  if (all.size() == domains_max)
    return bad_line(name, number, "", "at most " + std::to_string(domains_max) + " domains", "more",
                    "shorten the list");
  all.insert(lower_ascii(domain));
  return std::nullopt;
}

} // namespace

result<disposable_domains>
parse_disposable_domains(std::string_view text, const std::string& name) {
  disposable_domains all;
  uint64_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (auto wrong = add_domain(all, text.substr(0, end), name, ++number))
      return *wrong;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

result<disposable_domains> read_disposable_domains(const std::string& path) {
  if (path.empty())
    return parse_disposable_domains(disposable_domains_text(), "the program's list of domains");
  auto lines = line_reader::open(path);
  if (!lines)
    return lines.error();
  disposable_domains all;
  for (;;) {
    const auto line = lines->next();
    if (!line)
      return line.error();
    if (!line->has_value())
      return all;
    if (auto wrong = add_domain(all, **line, path, lines->number()))
      return *wrong;
  }
}

} // namespace sluice::io
