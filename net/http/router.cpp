#include "net/http/router.hpp"

#include "io/text/lines.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace sluice::net {

namespace {

using path_parameters = std::map<std::string, std::string, std::less<>>;

/// What stands between the slashes of a path that begins with one.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> all;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    all.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return all;
}

bool is_parameter(std::string_view segment) {
  return segment.size() >= 2 && segment.front() == '{' && segment.back() == '}';
}

bool has_parameters(std::string_view path) {
  return path.find("/{") != std::string_view::npos;
}

/// Would these two paths be found by the same requests?
bool same_pattern(std::string_view a, std::string_view b) {
  const auto left = segments_of(a), right = segments_of(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](auto x, auto y) { return x == y || (is_parameter(x) && is_parameter(y)); });
}

int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/// The value that a segment of a request states; none when it is not to be taken.
std::optional<std::string> parameter_value(std::string_view segment) {
  std::string value;
  for (size_t i = 0; i < segment.size(); ++i) {
    char c = segment[i];
    if (c == '%') {
      const int high = i + 2 < segment.size() ? hex_digit(segment[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex_digit(segment[i + 2]);
      if (low < 0)
        return {};
      c = static_cast<char>(high << 4 | low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == '/')
      return {};
    value += c;
  }
  if (value.empty() || value.size() > path_parameter_bytes_max || !io::is_utf8(value))
    return {};
  return value;
}

/// `out` means nothing when they do not match.
bool matches(std::string_view pattern, std::string_view path, path_parameters& out) {
  const auto wanted = segments_of(pattern), got = segments_of(path);
  if (wanted.size() != got.size())
    return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!is_parameter(wanted[i])) {
      if (wanted[i] != got[i])
        return false;
      continue;
    }
    auto value = parameter_value(got[i]);
    if (!value)
      return false;
    out[std::string{wanted[i].substr(1, wanted[i].size() - 2)}] = *std::move(value);
  }
  return true;
}

} // namespace

struct http_reply::once {
  explicit once(send_function x) : send(std::move(x)) {}
  ~once() {
    if (!answered) // or every answer would pay for the text of this one
      answer(http_error(500, "the request was not answered"));
  }

  void answer(http_response x) {
    if (!answered.exchange(true))
      std::exchange(send, {})(std::move(x));
  }

  send_function send;
  std::atomic<bool> answered{false};
};

http_reply::http_reply(send_function send) : once_(std::make_shared<once>(std::move(send))) {}

void http_reply::operator()(http_response x) const {
  once_->answer(std::move(x));
}

http_handler answer_with(std::function<http_response(const http_request&)> answer) {
  return [answer = std::move(answer)](const http_request& request, const http_reply& reply) {
    reply(answer(request));
  };
}

void http_router::serve(std::string method, std::string path, http_handler handler,
                        http_route_terms terms) {
  add({std::move(method), std::move(path), std::move(handler), {}, std::move(terms)});
}

void http_router::upgrade(std::string path, websocket_handler handler, http_route_terms terms) {
  add({"GET", std::move(path), {}, std::move(handler), std::move(terms)});
}

void http_router::schema(std::string name, std::string text) {
  const auto [at, is_new] = schemas_.try_emplace(std::move(name), text);
  if (!is_new && at->second != text)
    throw std::invalid_argument("two schemas of the name " + at->first);
}

void http_router::add(http_route x) {
  std::set<std::string_view> names;
  for (const auto segment : segments_of(x.path))
    if (is_parameter(segment) && (segment.size() == 2 || !names.insert(segment).second))
      throw std::invalid_argument("a parameter of " + x.path + " has no name of its own");
  for (const auto& other : routes_)
    if (other.method == x.method && same_pattern(other.path, x.path))
      throw std::invalid_argument("two routes for " + x.method + ' ' + x.path);
  routes_.push_back(std::move(x));
}

http_router::found http_router::find(std::string_view method, std::string_view path) const {
  auto exact = find_among(method, path, false);
  return exact.route || !exact.allow.empty() ? exact : find_among(method, path, true);
}

/// Among the routes that have parameters, or among the others.
http_router::found http_router::find_among(std::string_view method, std::string_view path,
                                           bool with_parameters) const {
  found out;
  const http_route* get = nullptr;
  path_parameters of_get;
  const auto allow = [&out](std::string_view name) {
    out.allow.append(out.allow.empty() ? "" : ", ").append(name);
  };
  for (const auto& x : routes_) {
    path_parameters parameters;
    if (has_parameters(x.path) != with_parameters
        || !(with_parameters ? matches(x.path, path, parameters) : x.path == path))
      continue;
    if (x.method == method)
      return {&x, {}, std::move(parameters)};
    allow(x.method);
    if (x.method == "GET" && x.handler) {
      get = &x;
      of_get = std::move(parameters);
      allow("HEAD");
    }
  }
  if (method == "HEAD" && get)
    return {get, {}, std::move(of_get)};
  return out;
}

} // namespace sluice::net
