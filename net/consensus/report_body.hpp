/// Reads the body of a validator's report, a form or JSON; the list in it stays text.
#pragma once

#include "net/consensus/calls.hpp"
#include "net/http/message.hpp"
#include "rules/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sluice::net {

/// The fields of a form (application/x-www-form-urlencoded), decoded; a fault (ec::bad_input) for
/// more than 16 fields, one that comes twice, a percent sign without two digits, or bytes that are
/// no UTF-8.
result<std::map<std::string, std::string, std::less<>>> read_form(std::string_view body);

/// The report with its caller, or what the request is answered with: 400 for a body that is neither
/// a form nor JSON, 415 for another type, 422 with every field that is missing or no integer. Of
/// JSON `miner_statuses` is the bytes of the list as they stand in the body, or, where it is a
/// text, what the text means; `validator_uid` and `epoch` may be texts. Fields that are not known
/// are passed over.
std::variant<consensus_report_call, http_response> read_report(const http_request& request);

} // namespace sluice::net
