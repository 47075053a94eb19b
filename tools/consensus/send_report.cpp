#include "tools/consensus/send_report.hpp"

#include "net/consensus/report_client.hpp"
#include "net/http/client.hpp"
#include "net/keys/key_file.hpp"

#include <future>
#include <utility>

namespace sluice::tools {

result<net::http_answer> send_report(const report_sending& how, const std::string& statuses) {
  signed_report report;
  report.validator_uid = how.validator_uid;
  report.epoch = how.epoch;
  report.issued_ms = how.unix_ms;
  report.miner_statuses = statuses;
  std::string key;
  if (!how.key_file.empty()) {
    auto read = net::read_report_key(how.key_file);
    if (!read)
      return read.error();
    key = *std::move(read);
  }
  if (!how.hotkey_file.empty()) {
    const auto keys = net::read_key_file(how.hotkey_file);
    if (!keys)
      return keys.error();
    net::sign_report(report, *keys);
  }
  report_target target;
  target.url = how.url;
  target.form = how.hotkey_file.empty() ? report_form::original : report_form::signed_json;
  auto call = net::report_call(target, report, key, how.whole_ms);
  if (!call)
    return call.error();
  net::http_client_terms terms;
  terms.ca = how.ca_file;
  terms.body_bytes = net::report_answer_bytes_max;
  auto client = net::http_client::start(std::move(terms));
  if (!client)
    return client.error();
  std::promise<result<net::http_answer>> answered;
  (*client)->call(*std::move(call),
                  [&answered](result<net::http_answer> x) { answered.set_value(std::move(x)); });
  return answered.get_future().get(); // within whole_ms
}

} // namespace sluice::tools
