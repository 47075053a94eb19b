#include "tests/support/fleet_world.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/io/basp/header.hpp>

namespace sluice::test {
namespace {

namespace asio = boost::asio;
namespace basp = caf::io::basp;

/// Somebody with a certificate who writes CAF's own protocol byte by byte. CAF forwards what is
/// addressed to a third program through whoever has a connection to both.
class router {
public:
  router(uint16_t port, const fleet_settings& with) : program_(with) {
    tls_.load_verify_file(with.ca);
    tls_.use_certificate_chain_file(with.certificate);
    tls_.use_private_key_file(with.key, asio::ssl::context::pem);
    stream_.emplace(io_, tls_);
    stream_->next_layer().connect({asio::ip::address_v4::loopback(), port});
    stream_->handshake(asio::ssl::stream_base::client);
    std::vector<char> bytes(basp::header_size);
    asio::read(*stream_, asio::buffer(bytes));
    basp::header hello;
    caf::binary_deserializer source{program_.sys(), bytes};
    if (source(hello) || hello.operation != basp::message_type::server_handshake)
      throw std::runtime_error("a node of CAF should send its handshake");
    bytes.resize(hello.payload_len);
    asio::read(*stream_, asio::buffer(bytes));
    send({basp::message_type::client_handshake, 0, 0, 0, 0, 0}, program_.sys().node());
  }

  void route(const caf::node_id& to, caf::actor_id whom, const caf::message& what) {
    send(
      {basp::message_type::routed_message, 0, 0, caf::make_message_id().integer_value(), 0, whom},
      program_.sys().node(), to, std::vector<caf::strong_actor_ptr>{}, what);
  }

private:
  template <class... Ts>
  void send(basp::header head, const Ts&... xs) {
    std::vector<char> body, bytes;
    caf::binary_serializer payload{program_.sys(), body};
    auto error = payload(const_cast<Ts&>(xs)...); // CAF 0.17 inspects what it writes by reference
    head.payload_len = static_cast<uint32_t>(body.size());
    caf::binary_serializer sink{program_.sys(), bytes};
    if (error || sink(head))
      throw std::runtime_error("a message should be writable");
    bytes.insert(bytes.end(), body.begin(), body.end());
    asio::write(*stream_, asio::buffer(bytes));
  }

  fleet_program program_; // for its types and its name, it never connects
  asio::io_context io_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  std::optional<asio::ssl::stream<asio::ip::tcp::socket>> stream_;
};

TEST(fleet_routing, through_a_node_reaches_nobody_who_minds) {
  fleet_folder files;
  received<std::string> canary; // older than the actor that speaks to it
  fleet_node node{"127.0.0.1:0", guard_bounds{}, files.node()};
  fleet_peer_program peer{node.where(), hello_of(fleet_role::worker, "w1"),
                          files.of({.name = "w1", .role = fleet_role::worker})};
  ASSERT_TRUE(peer.ups.next());
  // The proof that something is routed at all: an actor that was made easy to reach.
  const auto bird = peer.keep(peer.sys().spawn([&canary](caf::event_based_actor*) -> caf::behavior {
    return {[&canary](const std::string& x) { canary.add(x); }};
  }));
  peer.sys().registry().put(bird.id(), caf::actor_cast<caf::strong_actor_ptr>(bird));

  router bad{node.port, files.of({.name = "w2", .role = fleet_role::worker})};
  const auto worker = peer.sys().node();
  // Numbers of actors are small and can be guessed.
  for (caf::actor_id whom = 1; whom < bird.id() + 100; ++whom) {
    bad.route(worker, whom, caf::make_message(std::string{"routed"}));
    bad.route(
      worker, whom,
      caf::make_message(fleet_frame{
        peer.handle()->session(), 1, static_cast<uint8_t>(frame_kind::work), "forged", {}}));
    if (whom != bird.id())
      bad.route(worker, whom,
                caf::make_message(caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill}));
  }
  EXPECT_EQ(canary.next(), "routed");
  bad.route(worker, bird.id(), caf::make_message(std::string{"and all before it"}));
  EXPECT_EQ(canary.next(), "and all before it");

  peer.handle()->send(frame_kind::ready, "still served");
  const auto message = node.messages.next();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->peer, "w1");
  EXPECT_EQ(message->bytes, "still served");
  message->handle->send(frame_kind::work, "from the node");
  const auto frame = peer.frames.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->bytes, "from the node"); // nothing that was forged came before it
  EXPECT_FALSE(peer.downs.next_within(std::chrono::milliseconds(0)));
}

} // namespace
} // namespace sluice::test
