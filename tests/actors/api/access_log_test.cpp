#include "actors/api/api.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/bare_socket.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace sluice::test {
namespace {

/// What is logged meanwhile, with the names of loggers.
class captured_log {
public:
  captured_log() {
    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    sink->set_pattern("%n: %v");
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("", sink));
  }
  ~captured_log() { spdlog::set_default_logger(before_); }
  captured_log(const captured_log&) = delete;
  captured_log& operator=(const captured_log&) = delete;

  std::string text() const { return text_.str(); }

private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream text_;
};

class access_log : public actor_test {
protected:
  /// The log of one request to a server that has these settings.
  std::string log_of(bool wanted) {
    const captured_log log;
    auto opened = net::listening_socket::open("127.0.0.1:0");
    const auto socket = std::make_shared<const net::listening_socket>(*std::move(opened));
    api_links links{socket, {}};
    links.settings.access_log = wanted;
    const auto server = spawn_api(sys, std::move(links));
    settle();
    {
      const bare_socket peer{socket->port()};
      peer.send("GET /nothing?api_key=secret HTTP/1.0\r\nX-Request-Id: mine\r\n\r\n");
      EXPECT_TRUE(peer.read_until().starts_with("HTTP/1.1 401 ")) << "no key of this node";
    }
    caf::anon_send_exit(server, caf::exit_reason::kill); // its thread has ended when it has
    settle();
    return log.text();
  }
};

TEST_F(access_log, has_a_line_per_answer_when_it_is_asked_for) {
  const auto text = log_of(true);
  EXPECT_NE(text.find("access: mine 127.0.0.1 GET /nothing 401 "), std::string::npos) << text;
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  EXPECT_EQ(log_of(false).find("mine"), std::string::npos);
}

} // namespace
} // namespace sluice::test
