/// One report, as the request that a proxy takes it by, and what its answer means.
#pragma once

#include "net/http/client.hpp"
#include "net/keys/key_file.hpp"
#include "rules/consensus/report_plan.hpp"
#include "rules/consensus/report_settings.hpp"
#include "rules/consensus/signed_report.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice::net {

/// The route of both kinds of proxies, behind what the target's URL has for a path.
inline constexpr std::string_view report_path = "/api/v1/validators/miner-status";

/// Bytes of a proxy's answer, at most.
inline constexpr size_t report_answer_bytes_max = 64 * 1024;

/// The API key of a target: the only line of its file that is not empty and no comment (#), 16 to
/// 256 of letters, digits, '_' and '-' (facts/mechanisms C3b). `ec::unreachable` when the file
/// cannot be read, `ec::refused` when others may read it too, `ec::bad_input` when it is no such
/// file; the key is in none of these sentences.
result<std::string> read_report_key(const std::string& path);

/// Signs: sets hotkey and signature. Everything else of `x` must be there.
void sign_report(signed_report& x, const key_pair& keys);

/// Verifies by every scheme that is known (net/keys/signature_schemes.hpp).
report_verifier report_verifier_of_all();

/// The request. Form `original`: application/x-www-form-urlencoded with validator_uid,
/// miner_statuses and epoch, which is what the original's proxies take. Form `signed`: JSON with
/// these, hotkey, issued and signature, miner_statuses as a text. `key`: of X-API-Key; "": none.
/// `ec::bad_input`: the URL is none, has a query, or would carry the key over plain HTTP to another
/// machine. `whole_ms`: milliseconds from 1.
result<http_call> report_call(const report_target& target, const signed_report& x,
                              const std::string& key, uint64_t whole_ms);

/// What the plan decides by. An answer of 2xx without a JSON object is no success; counts and
/// sentences of the body are bounded, and nothing else of it is kept.
report_answer report_answer_of(const result<http_answer>& outcome);

} // namespace sluice::net
