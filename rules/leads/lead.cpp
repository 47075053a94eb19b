#include "rules/leads/lead.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace sluice {

namespace {

fault too_long(std::string_view where, std::string_view name, size_t most, size_t got) {
  std::string what{where};
  what.append(what.empty() ? "" : ".").append(name);
  return {ec::bad_input, what + ": expected at most " + std::to_string(most) + " bytes, got "
                           + std::to_string(got) + "; shorten it or leave it out"};
}

size_t bytes_max_of(std::string_view field) {
  if (field == "source" || field == "curated_by")
    return leads_limits::hotkey_bytes_max;
  if (field == "id" || field == "owner_email")
    return leads_limits::ident_bytes_max;
  return leads_limits::text_bytes_max;
}

} // namespace

std::string lower_ascii(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string ident_of(const lead& x) {
  return x.id.empty() ? lower_ascii(x.owner_email) : x.id;
}

std::string pool_ident_of(const lead& x) {
  return lower_ascii(x.owner_email);
}

std::optional<int64_t> time_of(const lead& x, const lead_time& of_document) {
  const auto own = unix_us(x.created_at);
  return own ? own : unix_us(of_document);
}

result<nothing> check_bounds(const lead& x, std::string_view where) {
  std::optional<fault> wrong;
  for_each_field(x, [&]<class T>(std::string_view name, const T& field) {
    if (wrong)
      return;
    if constexpr (std::is_same_v<T, std::string>) {
      if (field.size() > bytes_max_of(name))
        wrong = too_long(where, name, bytes_max_of(name), field.size());
    } else if constexpr (std::is_same_v<T, lead_time>) {
      if (field.text.size() > leads_limits::time_bytes_max)
        wrong = too_long(where, name, leads_limits::time_bytes_max, field.text.size());
    } else if (field && !std::isfinite(*field)) {
      wrong
        = fault{ec::bad_input, std::string{where} + (where.empty() ? "" : ".") + std::string{name}
                                 + ": expected a finite number, got another; correct it"};
    }
  });
  return wrong ? result<nothing>{*wrong} : result<nothing>{nothing{}};
}

result<nothing> check_bounds(const curation_result& x) {
  if (x.request_id.size() > leads_limits::document_id_bytes_max)
    return too_long("", "request_id", leads_limits::document_id_bytes_max, x.request_id.size());
  if (x.timestamp.text.size() > leads_limits::time_bytes_max)
    return too_long("", "timestamp", leads_limits::time_bytes_max, x.timestamp.text.size());
  if (x.leads.size() > leads_limits::document_leads_max)
    return fault{ec::bad_input, "leads: expected at most "
                                  + std::to_string(leads_limits::document_leads_max) + ", got "
                                  + std::to_string(x.leads.size()) + "; split the document"};
  for (size_t i = 0; i < x.leads.size(); ++i)
    if (auto fits = check_bounds(x.leads[i], "leads[" + std::to_string(i) + "]"); !fits)
      return fits;
  return nothing{};
}

} // namespace sluice
