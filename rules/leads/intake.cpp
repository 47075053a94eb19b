#include "rules/leads/intake.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace sluice {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string without_outer_spaces(const std::string& text) {
  const auto first = std::find_if_not(text.begin(), text.end(), is_space);
  const auto last = std::find_if_not(text.rbegin(), text.rend(), is_space).base();
  return first < last ? std::string{first, last} : std::string{};
}

/// Of the domain itself, or of one above it: mail.mailinator.com.
bool is_disposable(std::string_view domain, const disposable_domains& all) {
  while (!domain.empty()) {
    if (all.contains(domain))
      return true;
    const auto dot = domain.find('.');
    domain = dot == std::string_view::npos ? std::string_view{} : domain.substr(dot + 1);
  }
  return false;
}

double score_or_least(const lead& x) {
  return x.conversion_score && std::isfinite(*x.conversion_score) ? *x.conversion_score : -INFINITY;
}

} // namespace

std::string_view name_of(intake_verdict x) {
  switch (x) {
  case intake_verdict::accepted:
    return "accepted";
  case intake_verdict::missing_email:
    return "missing_email";
  case intake_verdict::missing_business:
    return "missing_business";
  case intake_verdict::too_long:
    return "too_long";
  case intake_verdict::bad_email:
    return "bad_email";
  case intake_verdict::bad_domain:
    return "bad_domain";
  case intake_verdict::disposable_domain:
    return "disposable_domain";
  case intake_verdict::wrong_source:
    return "wrong_source";
  case intake_verdict::duplicate:
    return "duplicate";
  }
  return "";
}

std::string reason_of(intake_verdict x, const lead& of) {
  switch (x) {
  case intake_verdict::accepted:
    break;
  case intake_verdict::missing_email:
    return "owner_email is missing: every lead needs the e-mail address of its owner";
  case intake_verdict::missing_business:
    return "business is missing: every lead needs the name of the business";
  case intake_verdict::too_long: {
    const auto fits = check_bounds(of, "");
    return fits ? std::string{} : fits.error().what;
  }
  case intake_verdict::bad_email:
    return "owner_email is no e-mail address: expected name@domain";
  case intake_verdict::bad_domain:
    return "the domain of owner_email is none: expected a dot in it and no spaces";
  case intake_verdict::disposable_domain:
    return "owner_email is of " + domain_of(of.owner_email)
           + ", whose addresses are thrown away: hand in an address that lasts";
  case intake_verdict::wrong_source:
    return "source is another hotkey than the one that hands the lead in: leave it out or state "
           "your own";
  case intake_verdict::duplicate:
    return "the pool has a lead with this owner_email already";
  }
  return {};
}

const disposable_domains& usual_disposable_domains() {
  static const disposable_domains all{"10minutemail.com", "getnada.com",   "guerrillamail.com",
                                      "mailinator.com",   "temp-mail.org", "tempmail.org",
                                      "throwaway.email",  "yopmail.com"};
  return all;
}

lead normalised(lead x) {
  for_each_field(x, []<class T>(std::string_view, T& field) {
    if constexpr (std::is_same_v<T, std::string>)
      field = without_outer_spaces(field);
  });
  x.owner_email = lower_ascii(x.owner_email);
  return x;
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0)
    return false;
  const auto local = text.substr(0, at);
  const auto domain = text.substr(at + 1);
  const auto in_local = [](char c) {
    return is_letter_or_digit(c) || std::string_view{"._%+-"}.find(c) != std::string_view::npos;
  };
  const auto in_domain = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; };
  if (!std::all_of(local.begin(), local.end(), in_local)
      || !std::all_of(domain.begin(), domain.end(), in_domain))
    return false;
  const auto dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0)
    return false;
  const auto top = domain.substr(dot + 1);
  return top.size() >= 2 && std::all_of(top.begin(), top.end(), is_letter);
}

std::string domain_of(std::string_view email) {
  const auto at = email.rfind('@');
  return at == std::string_view::npos ? std::string{} : lower_ascii(email.substr(at + 1));
}

size_t drop_unfit(std::vector<lead>& leads, const disposable_domains& disposable) {
  return std::erase_if(leads, [&](lead& x) {
    x = normalised(std::move(x));
    return check_sourced(x, {x.source}, disposable, false) != intake_verdict::accepted;
  });
}

intake_verdict check_sourced(const lead& x, const hotkey& submitted_by,
                             const disposable_domains& disposable, bool is_known) {
  if (x.owner_email.empty())
    return intake_verdict::missing_email;
  if (x.business.empty())
    return intake_verdict::missing_business;
  if (!check_bounds(x, ""))
    return intake_verdict::too_long;
  if (x.owner_email.find('@') == std::string::npos)
    return intake_verdict::bad_email;
  const auto domain = domain_of(x.owner_email);
  if (domain.find('.') == std::string::npos || std::any_of(domain.begin(), domain.end(), is_space))
    return intake_verdict::bad_domain;
  if (!is_email(x.owner_email))
    return intake_verdict::bad_email;
  if (is_disposable(domain, disposable))
    return intake_verdict::disposable_domain;
  if (!x.source.empty() && x.source != submitted_by.value)
    return intake_verdict::wrong_source;
  return is_known ? intake_verdict::duplicate : intake_verdict::accepted;
}

std::vector<lead> best_leads(std::span<const lead> by_arrival, size_t most) {
  std::vector<const lead*> all;
  all.reserve(by_arrival.size());
  for (const auto& x : by_arrival)
    all.push_back(&x);
  std::stable_sort(all.begin(), all.end(), [](const lead* a, const lead* b) {
    return score_or_least(*a) > score_or_least(*b);
  });
  std::vector<lead> best;
  std::set<std::string> idents;
  for (const auto* x : all) {
    if (best.size() == most)
      break;
    const auto email = pool_ident_of(*x);
    const auto ident = email.empty() ? x->id : email;
    if (ident.empty() || idents.insert(ident).second)
      best.push_back(*x);
  }
  return best;
}

} // namespace sluice
