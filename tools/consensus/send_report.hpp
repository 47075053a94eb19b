/// Sends one report of miner statuses to a proxy and waits for its answer.
#pragma once

#include "net/http/client_answer.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string>

namespace sluice::tools {

/// `hotkey_file`: signs the report; `key_file`: sends its API key; one of the two, or neither.
/// Times: milliseconds. Not checked here.
struct report_sending {
  std::string url; // of the proxy, without the path of the route
  std::string hotkey_file;
  std::string key_file;
  std::string ca_file;
  uint16_t validator_uid = 0;
  uint64_t epoch = 0;
  uint64_t unix_ms = 0; // when it is issued, since 1970-01-01 UTC
  uint64_t whole_ms = 30'000;
};

/// `statuses`: the list, a JSON text, sent as it is. Faults: of the files and of the connection.
result<net::http_answer> send_report(const report_sending& how, const std::string& statuses);

} // namespace sluice::tools
