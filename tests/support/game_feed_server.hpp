/// A feed of games on a real socket, with every failure that a test wants.
#pragma once

#include "tests/support/byte_server.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// One question as the server understood it. Names of headers are in lower case.
struct game_feed_request {
  std::string path;
  std::map<std::string, std::string> query; // decoded
  std::map<std::string, std::string> headers;
};

/// Serves `rows` (JSON texts, in their order) in pages of ItemsPerPage from PageIndex 0; what is
/// scripted for a request comes instead. Any thread may change what it serves.
class game_feed_server {
public:
  game_feed_server()
    : server_(std::make_unique<byte_server>([this](const std::string& x) { return answer(x); })) {}

  std::string url() const { return server_->url(); }

  void set_rows(std::vector<std::string> rows) {
    const std::lock_guard lock{mutex_};
    rows_ = std::move(rows);
  }
  void set_key(std::string key) {
    const std::lock_guard lock{mutex_};
    key_ = std::move(key);
  }
  /// Pages have an ETag, and are answered 304 when they are as it says.
  void set_etags(bool on) {
    const std::lock_guard lock{mutex_};
    etags_ = on;
  }
  /// Answers page 0 whatever is asked for.
  void set_stuck(bool on) {
    const std::lock_guard lock{mutex_};
    stuck_ = on;
  }
  /// The next requests get these, one each; an empty one is answered as usual.
  void script(std::deque<byte_reply> replies) {
    const std::lock_guard lock{mutex_};
    script_ = std::move(replies);
  }

  std::vector<game_feed_request> requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

private:
  static std::string decoded(const std::string& x) {
    std::string out;
    for (size_t i = 0; i < x.size(); ++i)
      if (x[i] == '%' && i + 2 < x.size()) {
        out += static_cast<char>(std::stoi(x.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else {
        out += x[i];
      }
    return out;
  }

  static game_feed_request understood(const std::string& text) {
    game_feed_request x;
    std::istringstream lines{text};
    std::string method, target, line;
    lines >> method >> target;
    std::getline(lines, line);
    x.path = target.substr(0, target.find('?'));
    std::istringstream query{target.substr(std::min(target.find('?') + 1, target.size()))};
    for (std::string part; std::getline(query, part, '&');) {
      const auto equals = std::min(part.find('='), part.size());
      x.query[part.substr(0, equals)]
        = equals < part.size() ? decoded(part.substr(equals + 1)) : "";
    }
    while (std::getline(lines, line) && line != "\r") {
      auto name = line.substr(0, line.find(':'));
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      const auto value = line.substr(std::min(line.find(": ") + 2, line.size()));
      x.headers[name] = value.substr(0, value.find('\r'));
    }
    return x;
  }

  byte_reply answer(const std::string& request) {
    const auto x = understood(request);
    const std::lock_guard lock{mutex_};
    requests_.push_back(x);
    if (!script_.empty()) {
      auto next = std::move(script_.front());
      script_.pop_front();
      if (!next.bytes.empty() || next.after != byte_reply::then::keep)
        return next;
    }
    if (!key_.empty()
        && (!x.headers.contains("authorization")
            || x.headers.at("authorization") != "Bearer " + key_))
      return {http_bytes("401 Unauthorized", "{}")};
    const auto items = std::stoul(x.query.at("ItemsPerPage"));
    const auto first = (stuck_ ? 0 : std::stoul(x.query.at("PageIndex"))) * items;
    std::string body = "[";
    for (size_t i = first; i < std::min(first + items, rows_.size()); ++i)
      body += (body.size() == 1 ? "" : ",") + rows_[i];
    body += "]";
    const auto etag = '"' + std::to_string(std::hash<std::string>{}(body)) + '"';
    if (etags_ && x.headers.contains("if-none-match") && x.headers.at("if-none-match") == etag)
      return {"HTTP/1.1 304 Not Modified\r\nETag: " + etag + "\r\n\r\n"};
    return {http_bytes("200 OK", body, etags_ ? "ETag: " + etag + "\r\n" : "")};
  }

  mutable std::mutex mutex_;
  std::string key_;
  bool etags_ = false;
  bool stuck_ = false;
  std::vector<std::string> rows_;
  std::deque<byte_reply> script_;
  std::vector<game_feed_request> requests_;
  std::unique_ptr<byte_server> server_; // the last: its thread uses all of these
};

} // namespace sluice::test
