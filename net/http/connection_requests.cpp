// One request of a connection: from its head to its answer.
#include "net/http/answer.hpp"
#include "net/http/connection.hpp"
#include "net/http/link.hpp"
#include "net/http/request_id.hpp"
#include "net/http/stream.hpp"
#include "rules/miner_gateway/limits.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <set>
#include <string_view>
#include <utility>

namespace sluice::net {

namespace {

constexpr char tls_hello = 0x16; // the first byte of who speaks TLS where none is spoken
constexpr std::string_view head_end = "\r\n\r\n";
constexpr size_t head_kept_max = 1024; // bytes of a head that is compared with the next one
constexpr size_t body_kept_max = 4096; // bytes of memory that the next body may find

uint64_t steady_us() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count());
}

/// "GET, HEAD" and what every path takes.
std::string with_options(const std::string& allow) {
  return allow.empty() ? "OPTIONS" : allow + ", OPTIONS";
}

/// The methods of all routes together.
std::string methods_of(const http_router& router) {
  std::set<std::string_view> all;
  for (const auto& x : router.routes()) {
    all.insert(x.method);
    if (x.method == "GET" && x.handler)
      all.insert("HEAD");
  }
  std::string out;
  for (const auto method : all)
    out.append(out.empty() ? "" : ", ").append(method);
  return out;
}

} // namespace

/// True when there was a head, good or bad. Whoever asks for the same again, byte for byte, has
/// asked the same: it is not read a second time.
bool http_connection::take_head() {
  if (in_.starts_with("\r\n") && !std::exchange(skipped_, true))
    in_.erase(0, 2); // one empty line before a request is passed over (RFC 9112, 2.2)
  if (in_.empty())
    return false;
  if (in_.front() == tls_hello) {
    drop();
    return false;
  }
  const auto& limits = service_->limits;
  const auto end = in_.find(head_end, scanned_);
  if (end == std::string::npos || end + head_end.size() > limits.head_bytes)
    return head_is_incomplete();
  const std::string_view text{in_.data(), end + head_end.size()};
  scanned_ = 0;
  if (text == head_text_) {
    in_.erase(0, text.size());
    ++requests_;
    begin({});
    return true;
  }
  auto read = read_head(text, limits.line_bytes);
  if (auto* no = std::get_if<http_response>(&read)) {
    in_.erase(0, text.size());
    refuse_head(std::move(*no));
    return true;
  }
  ++requests_;
  head_ = std::get<http_head>(std::move(read));
  head_.request.network = by_proxy_ ? network_behind_proxy() : network_;
  auto found = service_->router.find(head_.request.method, head_.request.path);
  route_ = found.route;
  head_.request.parameters = std::move(found.parameters);
  head_text_ = route_ && route_->handler && text.size() <= head_kept_max ? text : "";
  in_.erase(0, text.size());
  begin(found.allow);
  return true;
}

/// Of whom the proxy passes on; its own where it states nobody that can be believed.
std::string http_connection::network_behind_proxy() const {
  std::string all;
  for (const auto& x : head_.request.headers)
    if (x.name == "x-forwarded-for")
      all.append(all.empty() ? "" : ",").append(x.value);
  const auto address = forwarded_for(all, service_->proxies);
  return address ? network_of(*address) : network_;
}

bool http_connection::head_is_incomplete() {
  const auto& limits = service_->limits;
  if (!may_begin_head({in_.data(), std::min(in_.find('\r'), in_.size())})) {
    refuse_head(http_error(400, "this is no HTTP request"));
    return true;
  }
  if (in_.size() < limits.head_bytes) {
    scanned_ = in_.size() - std::min(in_.size(), head_end.size() - 1);
    return false;
  }
  if (in_.find('\r') > limits.line_bytes)
    refuse_head(http_error(414, "the first line is longer than " + std::to_string(limits.line_bytes)
                                  + " bytes"));
  else
    refuse_head(
      http_error(431, "the head is longer than " + std::to_string(limits.head_bytes) + " bytes"));
  return true;
}

/// What is refused for its head is refused before its body is read. `allow`: the methods of the
/// path where there is no route.
void http_connection::begin(const std::string& allow) {
  auto& request = head_.request;
  if (service_->log)
    began_us_ = steady_us();
  if (!head_.is_numbered)
    make_request_id(request.id, service_->request_prefix, number_, requests_);
  if (service_->gate && refused_by_gate())
    return;
  if (!route_)
    return no_route(allow);
  if (route_->websocket) {
    if (auto no = upgrade_refusal(request, head_.has_body()))
      return respond(*std::move(no), head_.has_body());
    stage_ = stage::upgrading;
    return;
  }
  if (head_.body_bytes > service_->limits.body_bytes)
    return refuse(http_error(413, "the body is longer than "
                                    + std::to_string(service_->limits.body_bytes) + " bytes"));
  if (!head_.has_body())
    return route();
  body_.emplace(head_, service_->limits.body_bytes);
  stage_ = stage::body;
  wait_until(service_->limits.body_ms);
  if (head_.expects_continue && in_.empty())
    out_.text() += "HTTP/1.1 100 Continue\r\n\r\n";
}

bool http_connection::refused_by_gate() {
  auto& request = head_.request;
  auto question = question_of(request, route_);
  question.connection = number_;
  auto answer = service_->gate->ask(question);
  request.caller = std::move(answer.caller);
  more_ = std::move(answer.lines);
  if (request.query.find("api_key") != std::string::npos) {
    request.query = query_without_api_key(request.query);
    head_text_.clear(); // it is not the same any more
  }
  if (answer.refusal)
    respond(*std::move(answer.refusal), head_.has_body());
  return answer.refusal.has_value();
}

/// What a path takes is known without its handlers.
void http_connection::no_route(const std::string& allow) {
  const bool asks_for_all = head_.request.path == "*"; // of OPTIONS only
  if (allow.empty() && !asks_for_all)
    return respond(http_error(404, "there is nothing at this path"), head_.has_body());
  auto x = head_.request.method == "OPTIONS"
             ? http_response{204, "", ""}
             : http_error(405, "this path takes " + allow + " only");
  x.headers.push_back({"Allow", with_options(asks_for_all ? methods_of(service_->router) : allow)});
  respond(std::move(x), head_.has_body());
}

/// True when the body is whole or cannot be.
bool http_connection::take_body() {
  const auto step = body_->put(in_);
  in_.erase(0, step.used);
  switch (step.now) {
  case body_reader::state::needs_more:
    return false;
  case body_reader::state::too_long:
    refuse(http_error(413, "the body is longer than " + std::to_string(service_->limits.body_bytes)
                             + " bytes"));
    break;
  case body_reader::state::malformed:
    refuse(http_error(400, "the body is not in chunks as its header states"));
    break;
  case body_reader::state::complete:
    head_.request.body = body_->take();
    route();
    break;
  }
  body_.reset();
  return true;
}

void http_connection::route() {
  stage_ = stage::answering;
  const auto own = route_->terms.answer_ms;
  wait_until(own != 0 ? own : service_->limits.answer_ms);
  http_reply reply{[who = weak_from_this(), io = service_->io, wakeup = service_->poller->wakeup(),
                    request = requests_](http_response x) {
    const auto context = io.lock();
    if (!context)
      return;
    auto answer = [who, request, x = std::move(x)]() mutable {
      if (const auto self = who.lock())
        self->answered(request, std::move(x));
    };
    if (context->get_executor().running_in_this_thread())
      return answer();
    boost::asio::post(*context, std::move(answer));
    (*wakeup)();
  }};
  handling_ = true;
  try {
    route_->handler(head_.request, std::move(reply));
  } catch (const std::exception&) {
    answered(requests_, http_error(500, "the request could not be answered"));
  }
  handling_ = false;
}

void http_connection::answered(uint64_t request, http_response x) {
  if (over_ || last_ || stage_ != stage::answering || request != requests_)
    return; // came too late
  if (!handling_)
    turn_ms_ = steady_ms();
  respond(std::move(x), false);
  if (!handling_)
    pump();
}

/// After this nobody knows where the next request begins.
void http_connection::refuse(http_response x) {
  respond(std::move(x), true);
}

/// What was read last is not what is answered.
void http_connection::refuse_head(http_response x) {
  head_ = {};
  head_text_.clear();
  began_us_ = 0;
  make_request_id(head_.request.id, service_->request_prefix, number_, ++requests_);
  refuse(std::move(x));
}

void http_connection::respond(http_response x, bool close) {
  auto& request = head_.request;
  last_ = close || draining_ || !head_.keep_alive || requests_ >= service_->limits.requests_max;
  answer_terms terms;
  terms.then = last_              ? after_response::close
               : request.http_1_0 ? after_response::keep_open_1_0
                                  : after_response::keep_open;
  terms.is_head = request.method == "HEAD";
  terms.is_get = terms.is_head || request.method == "GET";
  terms.takes_gzip = head_.takes_gzip;
  if (terms.is_get)
    terms.if_none_match = request.header("if-none-match");
  terms.id = request.id;
  terms.date = service_->date_line;
  terms.more = more_;
  const auto sent = write_answer(out_, std::move(x), terms);
  if (service_->log)
    log(sent.status, sent.bytes);
  if (request.body.capacity() > body_kept_max)
    request.body = {};
  request.body.clear();
  more_.clear();
  skipped_ = false;
  stage_ = stage::head;
  until_ = 0;
  owner_.answered();
}

void http_connection::log(unsigned status, size_t bytes) const {
  const auto& x = head_.request;
  service_->log({x.id, x.network.empty() ? network_ : x.network, x.method, x.path, status, bytes,
                 began_us_ == 0 ? 0 : steady_us() - began_us_, x.caller.key_id});
}

} // namespace sluice::net
