// Ten thousand strangers who break every rule: nobody inside notices, and nothing is left behind.
#include "tests/support/gateway_world.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <optional>
#include <random>

namespace sluice::test {
namespace {

/// Memory of this process that is not swapped out, in bytes.
size_t memory_bytes() {
  std::ifstream in{"/proc/self/statm"};
  size_t total = 0, pages = 0;
  in >> total >> pages;
  return pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

std::string upgrade_text() {
  return "GET / HTTP/1.1\r\nHost: node\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
}

std::string noise(std::mt19937_64& rng, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i)
    text += static_cast<char>(rng());
  return text;
}

std::string a_hello(std::mt19937_64& rng) {
  return net::write_message(gateway_hello{
    rng() % 2 + 1, "miner", {key_number(static_cast<uint8_t>(rng() % 8)).address}, "ed25519", ""});
}

/// One kind of bad client; most begin as good ones do.
std::string malformed(std::mt19937_64& rng) {
  const auto hello = a_hello(rng);
  switch (rng() % 12) {
  case 0: // no HTTP at all
    return noise(rng, rng() % 4096);
  case 1: // a head without an end
    return "GET / HTTP/1.1\r\nX: " + std::string(8000, 'x');
  case 2: // noise where frames should be
    return upgrade_text() + noise(rng, rng() % 4096);
  case 3: // a frame of 2^62 bytes
    return upgrade_text() + bare_socket::frame(uint64_t{1} << 62) + "{";
  case 4: // a frame that is longer than anybody may be
    return upgrade_text() + bare_socket::frame(1 << 20) + std::string(30'000, '{');
  case 5: // a frame that is cut
    return upgrade_text() + bare_socket::frame(hello.size()) + hello.substr(0, hello.size() / 2);
  case 6: // fragments without an end
    return upgrade_text() + bare_socket::frame(1, 0x01) + "{" + bare_socket::frame(1, 0x00) + " ";
  case 7: // nested lists
    return upgrade_text() + bare_socket::frame(2000) + std::string(2000, '[');
  case 8: { // a good hello and a wrong answer
    const auto answer = net::write_message(gateway_answer{"n", unix_now_ms(), "00"}, rng() % 2 + 1);
    return upgrade_text() + bare_socket::frame(hello.size()) + hello
           + bare_socket::frame(answer.size()) + answer;
  }
  case 9: // no UTF-8
    return upgrade_text() + bare_socket::frame(4) + "\xff\xfe\xfd\xfc";
  case 10: { // pings without an end
    auto text = upgrade_text();
    for (int i = 0; i < 50; ++i)
      text += bare_socket::frame(4, 0x89) + "ping";
    return text;
  }
  default: // silence
    return upgrade_text().substr(0, rng() % 150);
  }
}

TEST(gateway_abuse, ten_thousand_malformed_connections_leave_nothing_behind) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 rng{seed};
  gateway_world world;
  auto terms = gateway_world::quick_terms();
  terms.open_ms = terms.hello_ms = terms.shake.answer_ms = terms.close_ms = 300;
  world.start(terms);
  test_client good{world.url()};
  ASSERT_EQ(good.received.wait("welcome"), "welcome 1");
  size_t warm = 0;
  for (size_t n = 0; n < 10'000; n += 100) {
    std::vector<std::unique_ptr<bare_socket>> batch;
    for (size_t i = 0; i < 100; ++i) {
      batch.push_back(std::make_unique<bare_socket>(world.port()));
      const auto text = malformed(rng);
      ::send(batch.back()->fd(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (rng() % 2 == 0)
        batch.pop_back(); // and is gone
    }
    if (n % 1000 == 0) { // whoever is inside is asked and answers as ever
      world.server->make_sender().send(1, a_question(n + 1), n + 1);
      ASSERT_EQ(world.reported.wait("answered"), "answered 1 " + std::to_string(n + 1));
    }
    if (n == 2000)
      warm = memory_bytes();
  }
  const bare_socket last{world.port()}; // its end is the end of all before it
  EXPECT_EQ(last.read_until(), "");
#ifdef __SANITIZE_ADDRESS__
  constexpr size_t grows_max = size_t{512} << 20; // it keeps 256 MiB of what was freed, and more
#else
  constexpr size_t grows_max = size_t{8} << 20;
#endif
  const auto now = memory_bytes(); // once: it changes between two looks
  const auto grown = now - std::min(warm, now);
  EXPECT_LT(grown, grows_max) << "from " << warm << " bytes";
  const auto counts = world.server->counts();
  EXPECT_GE(counts.accepted, 10'000U);
  EXPECT_EQ(counts.sessions, 1U);
  EXPECT_LE(counts.open, 300U); // those whose last message is being read
  EXPECT_EQ(counts.admitted, 1U);
}

TEST(gateway_abuse, strangers_who_hold_all_places_make_way_for_whoever_comes_and_for_nobody_else) {
  gateway_world world;
  auto terms = gateway_world::quick_terms();
  terms.limits.strangers_max = terms.limits.strangers_per_address = 20;
  world.start(terms);
  test_client good{world.url()};
  ASSERT_EQ(good.received.wait("welcome"), "welcome 1");
  std::vector<std::unique_ptr<bare_socket>> strangers;
  for (int i = 0; i < 200; ++i)
    strangers.push_back(std::make_unique<bare_socket>(world.port()));
  test_client late{world.url(), key_number(2)};
  EXPECT_EQ(late.received.wait("welcome"), "welcome 2");
  EXPECT_EQ(strangers.front()->read_until(), ""); // gave way
  world.server->make_sender().send(1, a_question(5));
  EXPECT_EQ(world.reported.wait("answered"), "answered 1 5");
  for (uint64_t n = 6; n < 1'000 && world.server->counts().sessions < 2; ++n) { // counted later
    world.server->make_sender().send(1, a_question(n));
    world.reported.wait("answered");
  }
  EXPECT_EQ(world.server->counts().sessions, 2U);
}

/// From an address of this machine's 127.0.0.0/8: to the gateway, another one each.
std::unique_ptr<bare_socket> stranger_from(const std::string& address, uint16_t port) {
  return std::make_unique<bare_socket>(port, address);
}

TEST(gateway_abuse, strangers_of_many_networks_push_out_themselves_not_a_slow_miner) {
  gateway_world world;
  auto terms = gateway_world::quick_terms();
  terms.limits.connections = {2, 64}; // as a node has it
  terms.limits.strangers_max = 100;
  terms.limits.strangers_per_address = 64;
  world.start(terms);
  const auto slow = stranger_from("127.9.9.9", world.port()); // sends nothing for a long while
  std::vector<std::unique_ptr<bare_socket>> strangers;
  for (int i = 0; i < 600; ++i)
    strangers.push_back(stranger_from("127.1.0." + std::to_string(1 + i % 60), world.port()));
  EXPECT_EQ(strangers.front()->read_until(), "");
  slow->upgrade();
  slow->send_text(
    net::write_message(gateway_hello{1, "miner", {key_number(1).address}, "ed25519", ""}));
  EXPECT_NE(slow->read_until("}").find("challenge"), std::string::npos);
}

TEST(gateway_abuse, whoever_claims_the_hotkeys_of_others_keeps_none_of_them_out) {
  gateway_world world;
  auto terms = gateway_world::quick_terms();
  terms.limits.proving_max = 10;
  world.start(terms);
  std::vector<std::unique_ptr<bare_socket>> liars;
  for (uint8_t i = 0; i < 40; ++i) {
    liars.push_back(stranger_from("127.1.0.1", world.port()));
    liars.back()->upgrade();
    liars.back()->send_text(net::write_message(gateway_hello{
      1, "miner", {key_number(static_cast<uint8_t>(1 + i % 4)).address}, "ed25519", ""}));
    EXPECT_NE(liars.back()->read_until("}").find("challenge"), std::string::npos);
  }
  test_client good{world.url()};
  EXPECT_EQ(good.received.wait("welcome"), "welcome 1");
  EXPECT_LE(world.server->counts().waiting, 11U);
}

TEST(gateway_abuse, eighty_hotkeys_of_one_address_come_in) {
  gateway_world world;
  auto terms = gateway_world::quick_terms();
  terms.limits.connections = {2, 64}; // as a node has it
  terms.limits.strangers_per_address = 64;
  auto all = std::make_shared<std::map<hotkey, peer_record>>();
  for (uint8_t n = 1; n <= 80; ++n)
    all->emplace(hotkey{key_number(n).address}, peer_record{{n}, ""});
  world.start(terms);
  world.server->know(all);
  std::vector<std::unique_ptr<test_client>> farm;
  for (uint8_t n = 1; n <= 80; ++n)
    farm.push_back(std::make_unique<test_client>(world.url(), key_number(n)));
  for (const auto& miner : farm)
    EXPECT_NE(miner->received.wait("welcome"), "");
  EXPECT_EQ(world.server->counts().refused[static_cast<size_t>(gateway_reason::too_fast)], 0U);
  EXPECT_EQ(world.server->counts().refused[static_cast<size_t>(gateway_reason::too_many)], 0U);
}

TEST(gateway_abuse, a_page_of_a_browser_at_the_same_address_keeps_no_miner_out) {
  gateway_world world;
  auto terms = gateway_world::quick_terms();
  terms.limits = {}; // as a node has it
  world.start(terms);
  const auto page
    = upgrade_text().insert(upgrade_text().find("Host"), "Origin: https://evil.example\r\n");
  std::vector<std::unique_ptr<bare_socket>> held;
  for (int i = 0; i < 200; ++i) { // more than its address may try at ease
    held.push_back(std::make_unique<bare_socket>(world.port()));
    held.back()->send(page);
  }
  const auto answer = held.front()->read_until();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 403 ")) << answer;
  EXPECT_NE(answer.find("Sluice-Refused: foreign_origin: pages of https://evil.example may not"),
            std::string::npos)
    << answer;
  test_client good{world.url()};
  EXPECT_EQ(good.received.wait("welcome"), "welcome 1");
}

TEST(gateway_abuse, without_descriptors_it_goes_on_when_there_are_some_again) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer's own check of objects needs a descriptor";
#endif
  gateway_world world;
  world.start();
  test_client good{world.url()};
  ASSERT_EQ(good.received.wait("welcome"), "welcome 1");
  const int next = ::dup(0);
  ::close(next);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit one_more{static_cast<rlim_t>(next) + 1, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &one_more);
  std::optional<bare_socket> waits{std::in_place, world.port()}; // takes the last one
  world.server->make_sender().send(1, a_question(5));
  EXPECT_EQ(world.reported.wait("answered"), "answered 1 5"); // who is inside does not notice
  ::setrlimit(RLIMIT_NOFILE, &before);
  waits->upgrade();
  waits->send_text("hello");
  EXPECT_NE(waits->read_until().find("malformed"), std::string::npos);
}

} // namespace
} // namespace sluice::test
