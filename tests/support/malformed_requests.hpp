/// Requests with mistakes in them: good ones, changed at random.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace sluice::test {

/// The same sequence for the same seed. Some of them are good by chance.
class malformed_requests {
public:
  explicit malformed_requests(uint64_t seed) : random_(seed) {}

  std::string next() {
    std::string text{good[below(good.size())]};
    for (auto changes = 1 + below(4); changes > 0; --changes)
      change(text);
    return text;
  }

private:
  static constexpr std::array<std::string_view, 6> good{
    "GET /plain HTTP/1.1\r\nHost: here\r\n\r\n",
    "GET /query?a=1&b=2 HTTP/1.1\r\nHost: here\r\nAccept-Encoding: gzip;q=0.5, *\r\n"
    "If-None-Match: \"abc\", W/\"d\"\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello",
    "POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;x=y\r\nabc\r\n0\r\nX: y\r\n\r\n",
    "HEAD /plain HTTP/1.0\r\nConnection: keep-alive\r\nX-Request-Id: a-1\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"};

  /// What servers have been found to read differently.
  static constexpr std::array<std::string_view, 20> pieces{
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    " ",
    "\t",
    "\r\n folded",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding : chunked\r\n",
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding:\x0b"
    "chunked\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: -1\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "ffffffffffffffff1\r\n",
    "-5\r\n",
    "0x5\r\n",
    "5;a=\"b\nc\"\r\n",
    "Host: there\r\n",
    "HTTP/1.1"};

  size_t below(size_t bound) { return static_cast<size_t>(random_() % bound); }

  void change(std::string& text) {
    const auto at = below(text.size() + 1);
    switch (below(6)) {
    case 0:
      text.insert(at, pieces[below(pieces.size())]);
      break;
    case 1:
      text.erase(at, 1 + below(8));
      break;
    case 2:
      if (at < text.size())
        text[at] = static_cast<char>(below(256));
      break;
    case 3:
      text.insert(at, text.substr(below(text.size() + 1), below(40)));
      break;
    case 4:
      text.insert(at, std::string(below(12'000), static_cast<char>(below(256))));
      break;
    default:
      text.resize(at);
    }
  }

  std::mt19937_64 random_;
};

} // namespace sluice::test
