/// The kinds of sockets that the miner gateway uses, by name only: Asio stays out of who includes
/// this.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <utility> // Boost 1.74's awaitable.hpp forgets it

namespace boost::asio::ssl {
class context;
}

namespace sluice::net {

using tcp_socket
  = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
using tls_context = boost::asio::ssl::context;

} // namespace sluice::net
