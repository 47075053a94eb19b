/// The server's side of TLS.
#pragma once

#include "net/http/socket_kinds.hpp"
#include "rules/result.hpp"

#include <memory>
#include <string>

namespace sluice::net {

/// TLS 1.2 or newer with this certificate and its key, PEM files; null when both names are empty.
/// `ec::bad_input` names the file that cannot be used.
result<std::shared_ptr<tls_context>>
server_tls(const std::string& certificate, const std::string& key);

} // namespace sluice::net
