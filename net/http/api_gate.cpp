#include "net/http/api_gate.hpp"

#include "rules/api/cors.hpp"

#include <utility>

namespace sluice::net {

namespace {

/// `client` < `validator` < `admin`: of whoever may read.
bool at_least(api_role x, api_role least) {
  return static_cast<uint8_t>(x) >= static_cast<uint8_t>(least);
}

http_response unauthorized(std::string_view detail) {
  auto x = http_error(401, detail);
  x.headers.push_back({"WWW-Authenticate", "ApiKey header=\"X-API-Key\""});
  return x;
}

http_response too_fast(uint64_t wait_ms, std::string_view whose) {
  const auto seconds = std::to_string(retry_after_s(wait_ms));
  auto x = http_error(429, std::string{whose} + " makes more requests than are taken; try again in "
                             + seconds + (seconds == "1" ? " second" : " seconds"));
  x.headers.push_back({"Retry-After", seconds});
  return x;
}

std::string roles_of(const http_access& access, const api_gate_terms& terms) {
  if (access.read)
    return std::string{name_of(terms.read_role)} + " or above";
  std::string out;
  for (const auto x : access.roles)
    if (x != api_role::admin)
      out.append(name_of(x)).append(" or ");
  return out.append(name_of(api_role::admin));
}

class api_gate final : public http_gate {
public:
  api_gate(api_gate_terms terms, std::shared_ptr<const current_api_keys> keys)
    : terms_(std::move(terms)), keys_(std::move(keys)), rates_(terms_.rates) {}

  gate_answer ask(const gate_question& x) override {
    gate_answer out;
    const bool preflight = x.method == "OPTIONS" && !x.preflight.empty();
    out.lines = cors_lines(terms_.cors_origins, x.origin, preflight);
    if (x.route && x.route->websocket && !x.origin.empty()
        && !cors_allows(terms_.cors_origins, x.origin)) {
      out.refusal = http_error(403, "pages of " + std::string{x.origin}
                                      + " may not connect here; the operator allows pages by [api] "
                                        "cors_origins");
      return out;
    }
    const auto text = x.api_key.empty() ? api_key_of_query(x.query) : x.api_key;
    if (text.empty())
      out.refusal = without_key(x, preflight);
    else
      out.refusal = with_key(x, text, out.caller);
    if (!out.refusal && preflight && cors_allows(terms_.cors_origins, x.origin))
      out.refusal = http_response{204, "", ""};
    return out;
  }

private:
  std::optional<http_response> charge_network(std::string_view network) {
    const auto wait = rates_.take_for_network(std::string{network}, terms_.steady_ms());
    return wait == 0 ? std::nullopt : std::optional{too_fast(wait, "your network")};
  }

  std::optional<http_response> without_key(const gate_question& x, bool preflight) {
    if (auto no = charge_network(x.network))
      return no;
    if (!x.route || preflight || needs_no_key(*x.route, terms_))
      return {};
    return unauthorized("this route needs a key in the header X-API-Key; whoever runs this node "
                        "makes one: sluice api-key new --data DIR --role "
                        + std::string{name_of(role_to_advise(*x.route))});
  }

  std::optional<http_response>
  with_key(const gate_question& x, std::string_view text, http_caller& caller) {
    const auto all = keys_->get(); // `checked` points into it
    const auto checked
      = has_form_of_api_key(text) ? check_api_key(*all, text, terms_.unix_ms()) : api_key_check{};
    if (checked.state != api_key_state::good) {
      if (auto no = charge_network(x.network))
        return no;
      return bad_key(checked.state);
    }
    const auto& key = *checked.key;
    if (const auto wait = rates_.take_for_key(key.id, terms_.steady_ms()); wait != 0)
      return too_fast(wait, "your key " + key.id);
    caller = {key.id, key.role, key.validator, key.validator_uid};
    if (!x.route || may_call(*x.route, terms_, key.role))
      return {};
    return http_error(403, "this route is for keys of role "
                             + roles_of(x.route->terms.access, terms_) + "; your key " + key.id
                             + " has the role " + std::string{name_of(key.role)});
  }

  static http_response bad_key(api_key_state state) {
    if (state == api_key_state::revoked)
      return http_error(403, "this key was revoked; ask whoever runs this node for another");
    if (state == api_key_state::expired)
      return http_error(403, "this key has expired; ask whoever runs this node for another");
    return unauthorized(
      "this key is not one of this node: expected what sluice api-key new printed,"
      " 16 to 256 characters of A-Z a-z 0-9 _ -");
  }

  /// The least role that may call the route.
  api_role role_to_advise(const http_route& route) const {
    const auto& access = route.terms.access;
    if (access.read)
      return terms_.read_role;
    return access.roles.empty() ? api_role::admin : *access.roles.begin();
  }

  api_gate_terms terms_;
  std::shared_ptr<const current_api_keys> keys_;
  api_rates rates_;
};

} // namespace

void current_api_keys::put(std::vector<api_key> all) {
  auto made = std::make_shared<const std::vector<api_key>>(std::move(all));
  const std::lock_guard lock{mutex_};
  all_ = std::move(made);
}

std::shared_ptr<const std::vector<api_key>> current_api_keys::get() const {
  const std::lock_guard lock{mutex_};
  return all_;
}

bool needs_no_key(const http_route& route, const api_gate_terms& terms) {
  const auto& access = route.terms.access;
  return access.open || access.signed_body || (access.read && terms.read_role == api_role::none)
         || terms.open_routes.contains(route.path);
}

bool may_call(const http_route& route, const api_gate_terms& terms, api_role role) {
  const auto& access = route.terms.access;
  if (role == api_role::admin || access.roles.contains(role))
    return true;
  if (access.signed_body && !access.roles.empty())
    return terms.open_routes.contains(route.path);
  if (access.read && terms.read_role != api_role::none)
    return at_least(role, terms.read_role) || terms.open_routes.contains(route.path);
  return needs_no_key(route, terms);
}

std::shared_ptr<http_gate>
make_api_gate(api_gate_terms terms, std::shared_ptr<const current_api_keys> keys) {
  return std::make_shared<api_gate>(std::move(terms), std::move(keys));
}

} // namespace sluice::net
