/// Asked about every request before its body is read: who calls, may they, and how often.
#pragma once

#include "net/http/caller.hpp"
#include "net/http/message.hpp"
#include "net/http/router.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::net {

/// What a gate sees of a request. Header values are "" where the header is not there. `connection`:
/// from 1, as http_arrival has it.
struct gate_question {
  std::string_view method;
  std::string_view query;
  std::string_view network;          // as of network_of
  std::string_view api_key{};        // X-API-Key
  std::string_view origin{};         // Origin
  std::string_view preflight{};      // Access-Control-Request-Method
  const http_route* route = nullptr; // null: no route is for this method and path
  uint64_t connection = 0;           // its number
};

/// `refusal`: the answer to the request; else it goes on.
struct gate_answer {
  std::optional<http_response> refusal{};
  http_caller caller{};
  std::string lines{}; // of headers that every response to this request gets, each with its CRLF
};

/// All calls in the server's thread; must not block or throw.
class http_gate {
public:
  virtual ~http_gate() = default;
  virtual gate_answer ask(const gate_question& x) = 0;
};

/// The question about this request.
gate_question question_of(const http_request& x, const http_route* route);

/// The values of `api_key` in a query, as sent: the first one; "" when there is none.
std::string_view api_key_of_query(std::string_view query);
/// The query without every `api_key`, which is in no log and reaches no handler.
std::string query_without_api_key(std::string_view query);

} // namespace sluice::net
