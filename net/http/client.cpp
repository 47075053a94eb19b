#include "net/http/client.hpp"

#include "net/http/client_connection.hpp"
#include "net/http/link.hpp"
#include "net/http/tls.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace sluice::net {

namespace {

constexpr std::array<std::string_view, 4> own_headers{"host", "user-agent", "content-length",
                                                      "connection"};

bool is_header_name(std::string_view x) {
  constexpr std::string_view others = "-_";
  return !x.empty() && std::all_of(x.begin(), x.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || others.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view x) {
  return std::all_of(x.begin(), x.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_own_header(std::string_view name) {
  return std::any_of(own_headers.begin(), own_headers.end(), [name](std::string_view own) {
    return std::equal(own.begin(), own.end(), name.begin(), name.end(), [](char a, char b) {
      return a == b || (b >= 'A' && b <= 'Z' && a == b + 32);
    });
  });
}

fault unsendable(const std::string& what) {
  return {ec::bad_input, "the request cannot be sent: " + what};
}

/// The bytes of a request. Values of headers may be secrets: no fault shows one.
result<std::string>
request_text(const http_call& x, const http_url& url, const std::string& software) {
  if (x.method.empty() || !std::all_of(x.method.begin(), x.method.end(), [](char c) {
        return c >= 'A' && c <= 'Z';
      }))
    return unsendable("the method must be upper-case letters");
  std::string out = x.method + ' ' + url.target + " HTTP/1.1\r\nHost: " + host_header_of(url)
                    + "\r\nUser-Agent: " + software + "\r\nAccept-Encoding: identity\r\n";
  for (const auto& header : x.headers) {
    if (!is_header_name(header.name) || is_own_header(header.name))
      return unsendable("a header's name must be letters, digits and -, and none of the client's"
                        " own");
    if (!is_header_value(header.value))
      return unsendable("the value of the header " + header.name
                        + " has a line end or a character outside ASCII in it");
    out += header.name + ": " + header.value + "\r\n";
  }
  if (!x.body.empty() || (x.method != "GET" && x.method != "HEAD"))
    out += "Content-Length: " + std::to_string(x.body.size()) + "\r\n";
  return out + "\r\n" + x.body;
}

} // namespace

/// Everything but `call`, `counts` and the ends happens in the thread that runs `io_`.
class http_client::thread {
public:
  thread(http_client_terms terms, std::shared_ptr<tls_context> tls)
    : terms_(std::move(terms)), tls_(std::move(tls)), work_(boost::asio::make_work_guard(io_)),
      thread_([this] {
        tick();
        io_.run();
      }) {}

  ~thread() {
    boost::asio::post(io_, [this] { stop(); });
    thread_.join();
  }

  void call(http_call x, http_answered answered) {
    boost::asio::post(io_, [this, x = std::move(x), answered = std::move(answered)]() mutable {
      begin(std::move(x), std::move(answered));
    });
  }

  http_client_counts counts() const {
    const std::lock_guard lock{seen_mutex_};
    return seen_;
  }

private:
  /// A connection, and what it is for.
  struct held {
    std::shared_ptr<client_connection> link;
    std::string origin;
    std::shared_ptr<const http_exchange> now; // null: free
  };

  void begin(http_call x, http_answered answered) {
    auto made = exchange_of(std::move(x), std::move(answered));
    if (!made)
      return;
    seen([](auto& n) { ++n.requests; });
    send(std::move(made));
  }

  /// Null when it cannot be sent; that is answered then.
  std::shared_ptr<const http_exchange> exchange_of(http_call x, http_answered answered) {
    const auto no = [&](fault why) {
      answered(std::move(why));
      return nullptr;
    };
    if (stopping_)
      return no({ec::unreachable, "the HTTP client stops"});
    if (open_ >= terms_.open_max)
      return no(
        {ec::busy, "more than " + std::to_string(terms_.open_max) + " HTTP requests are open"});
    auto url = parse_http_url(x.url);
    if (!url)
      return no(url.error());
    auto text = request_text(x, *url, terms_.software);
    if (!text)
      return no(text.error());
    auto made = std::make_shared<http_exchange>();
    const auto at = steady_ms();
    made->connect_until = at + x.connect_ms;
    made->whole_until = at + x.whole_ms;
    made->may_repeat = x.method == "GET" || x.method == "HEAD";
    made->call = std::move(x);
    made->url = *std::move(url);
    made->text = *std::move(text);
    made->answered = std::move(answered);
    ++open_;
    return made;
  }

  void send(std::shared_ptr<const http_exchange> x) {
    const auto origin = origin_of(x->url);
    const auto kept = std::find_if(links_.begin(), links_.end(), [&](const auto& one) {
      return !one.second.now && one.second.origin == origin;
    });
    if (kept == links_.end())
      return send_anew(std::move(x), origin);
    seen([](auto& n) { ++n.reused; });
    kept->second.now = x;
    const auto link = kept->second.link;
    link->begin(std::move(x));
  }

  void send_anew(std::shared_ptr<const http_exchange> x, const std::string& origin) {
    const auto number = ++last_;
    client_connection_owner owner;
    owner.finished = [this, number](result<http_answer> outcome) {
      finish(std::exchange(links_.at(number).now, nullptr), std::move(outcome));
    };
    owner.repeat = [this, number] {
      auto again = std::exchange(links_.at(number).now, nullptr);
      links_.at(number).origin.clear(); // it is closed: not to be found any more
      const auto once = std::make_shared<http_exchange>(*again);
      once->may_repeat = false;
      send_anew(once, origin_of(once->url));
    };
    owner.free = [this] { drop_surplus(); };
    owner.ended = [this, number] { links_.erase(number); };
    const auto link = std::make_shared<client_connection>(io_, x->url.tls ? tls_.get() : nullptr,
                                                          terms_, std::move(owner));
    links_.emplace(number, held{link, origin, x});
    seen([](auto& n) { ++n.connections; });
    link->open(std::move(x));
  }

  void finish(const std::shared_ptr<const http_exchange>& x, result<http_answer> outcome) {
    --open_;
    seen([good = bool{outcome}](auto& n) { ++(good ? n.answers : n.failures); });
    x->answered(std::move(outcome));
  }

  /// Of the free connections the oldest go first.
  void drop_surplus() {
    size_t free = 0;
    for (auto x = links_.rbegin(); x != links_.rend(); ++x)
      if (!x->second.now && ++free > terms_.kept_max) {
        const auto link = x->second.link;
        return link->drop({}); // one more is free than before: one goes
      }
  }

  /// Any of them may end meanwhile.
  template <class F>
  void for_each_link(F f) {
    std::vector<std::shared_ptr<client_connection>> all;
    all.reserve(links_.size());
    for (const auto& [number, x] : links_)
      all.push_back(x.link);
    for (const auto& x : all)
      f(*x);
  }

  void tick() {
    const auto at = steady_ms();
    for_each_link([at](client_connection& x) { x.tick(at); });
    timer_.expires_after(std::chrono::milliseconds{terms_.tick_ms});
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error && !stopping_)
        tick();
    });
  }

  void stop() {
    stopping_ = true;
    for_each_link([](client_connection& x) { x.drop({ec::unreachable, "the HTTP client stops"}); });
    timer_.cancel();
    work_.reset(); // what is cancelled is still delivered, then run() ends
  }

  template <class F>
  void seen(F f) {
    const std::lock_guard lock{seen_mutex_};
    f(seen_);
  }

  http_client_terms terms_;
  std::shared_ptr<tls_context> tls_;
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_{io_};
  std::map<uint64_t, held> links_; // by number, from 1
  uint64_t last_ = 0;
  size_t open_ = 0;
  bool stopping_ = false;
  mutable std::mutex seen_mutex_;
  http_client_counts seen_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_; // begins when everything above is there
};

result<std::unique_ptr<http_client>> http_client::start(http_client_terms terms) {
  auto tls = client_tls(terms.ca);
  if (!tls)
    return tls.error();
  return std::unique_ptr<http_client>{
    new http_client{std::make_unique<thread>(std::move(terms), *std::move(tls))}};
}

http_client::http_client(std::unique_ptr<thread> x) : thread_(std::move(x)) {}

http_client::~http_client() = default;

void http_client::call(http_call x, http_answered answered) {
  thread_->call(std::move(x), std::move(answered));
}

http_client_counts http_client::counts() const {
  return thread_->counts();
}

} // namespace sluice::net
