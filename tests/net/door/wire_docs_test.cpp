#include "net/door/wire.hpp"
#include "net/keys/checker.hpp"
#include "net/keys/key_file.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <stdexcept>

namespace sluice::net {

namespace {

/// The code blocks of docs/wire.md of one language, in order.
std::vector<std::string> blocks_of(const std::string& language) {
  const auto text = test::file_bytes(SOURCE_DIR "/docs/wire.md");
  const auto fence = "```" + language + '\n';
  std::vector<std::string> blocks;
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    const auto end = text.find("```", at);
    blocks.push_back(text.substr(at, end - at));
    at = end + 3;
  }
  return blocks;
}

const std::vector<door_message>& examples() {
  static const auto all = [] {
    std::vector<door_message> read;
    for (const auto& block : blocks_of("json"))
      for (const auto side : {door_side::miner, door_side::node})
        if (auto got = read_message(block, side, node_bytes_max)) {
          read.push_back(*std::move(got));
          break;
        }
    return read;
  }();
  return all;
}

template <class T>
const T& example() {
  for (const auto& x : examples())
    if (std::holds_alternative<T>(x))
      return std::get<T>(x);
  throw std::runtime_error("docs/wire.md has no such example");
}

} // namespace

TEST(wire_docs, every_example_is_read_and_written_back_as_it_stands) {
  const std::set<std::string> both{"ping", "pong", "bye"};
  const std::set<std::string> miners{"hello", "answer", "proposal"};
  for (const auto& block : blocks_of("json")) {
    SCOPED_TRACE(block);
    const auto shown = nlohmann::json::parse(block);
    const auto type = shown["type"].get<std::string>();
    for (const auto side : {door_side::miner, door_side::node}) {
      const bool may = both.contains(type) || miners.contains(type) == (side == door_side::miner);
      const auto read = read_message(block, side, node_bytes_max);
      ASSERT_EQ(static_cast<bool>(read), may) << (read ? "was read" : read.error().what);
      if (!read)
        continue;
      EXPECT_EQ(type_of(*read), type);
      const auto text = write_message(*read);
      const auto again = read_message(text, side, node_bytes_max);
      ASSERT_TRUE(again) << again.error().what;
      EXPECT_EQ(*again, *read);
      auto written = nlohmann::json::parse(text);
      for (const auto& [name, value] : shown.items())
        EXPECT_EQ(written[name], value) << name;
      for (const auto& [name, value] : shown.items())
        written.erase(name);
      for (const auto& [name, value] : written.items()) // what need not be there
        EXPECT_TRUE(value.empty() || value == "" || value == 0) << name << value;
    }
  }
}

TEST(wire_docs, every_message_has_an_example_under_its_name) {
  std::set<std::string> seen;
  const auto page = test::file_bytes(SOURCE_DIR "/docs/wire.md");
  for (const auto& x : examples()) {
    const std::string type{type_of(x)};
    seen.insert(type);
    const auto heading = page.find("### " + type + '\n');
    ASSERT_NE(heading, std::string::npos) << type;
    EXPECT_LT(heading, page.find("\"type\": \"" + type + '"')) << type;
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<door_message>);
  EXPECT_EQ(examples().size(), blocks_of("json").size());
}

TEST(wire_docs, every_reason_is_explained) {
  const auto page = test::file_bytes(SOURCE_DIR "/docs/wire.md");
  for (const auto name : door_reason_names)
    EXPECT_NE(page.find("\n| `" + std::string{name} + "` |"), std::string::npos) << name;
}

TEST(wire_docs, the_numbers_are_those_of_the_code) {
  const auto page = test::file_bytes(SOURCE_DIR "/docs/wire.md");
  EXPECT_EQ(greeting_bytes_max, 2'048U);
  EXPECT_EQ(miner_bytes_max, 16'384U);
  EXPECT_EQ(node_bytes_max, 262'144U);
  for (const auto* words :
       {"at most 2,048 bytes before `welcome`", "16,384 bytes from a miner", "262,144 from a node",
        "at most 4096 bytes per text", "most 1000 entries", "at most 8 deep", "within 30 s"})
    EXPECT_NE(page.find(words), std::string::npos) << words;
  EXPECT_EQ(wire_text_bytes_max, 4'096U);
  EXPECT_EQ(wire_entries_max, 1'000U);
  EXPECT_EQ(wire_depth_max, 8U);
  EXPECT_EQ(door_terms{}.skew_ms, 30'000U);
  EXPECT_EQ(example<door_challenge>().answer_ms, door_terms{}.answer_ms);
  EXPECT_EQ(example<door_welcome>().bytes_max, miner_bytes_max);
}

TEST(wire_docs, the_handshake_on_the_page_opens_the_door) {
  const auto& hello = example<door_hello>();
  const auto& challenge = example<door_challenge>();
  const auto& answer = example<door_answer>();
  const auto statement
    = statement_text({hello.protocol, peer_role::miner, challenge.node, hello.key,
                      signature_kind::ed25519, answer.nonce, answer.time_ms});
  ASSERT_EQ(blocks_of("statement"), std::vector<std::string>{statement});
  std::array<uint8_t, 32> secret{};
  for (size_t i = 0; i < secret.size(); ++i)
    secret[i] = static_cast<uint8_t>(i);
  const auto keys = make_key_pair(secret_seed{secret});
  EXPECT_EQ(keys.address, hello.key.value);
  EXPECT_EQ(to_hex(sign(keys.secret, statement)), answer.signature); // made by Python

  const peer_lookup roster = [](const hotkey&) { return peer_record{{4}, ""}; };
  handshake door{{challenge.node, {peer_role::miner}, {signature_kind::ed25519}, 10'000, 30'000}};
  const auto asked = door.greet(hello, roster, challenge.nonce, {challenge.time_ms, 0});
  EXPECT_EQ(std::get<door_challenge>(asked), challenge);
  const auto got = door.judge(answer, roster, check_signature, {challenge.time_ms + 200, 200});
  ASSERT_TRUE(std::holds_alternative<admission>(got)) << std::get<door_refusal>(got).text;
  EXPECT_EQ(std::get<admission>(got).software, "my-miner/0.3");
}

} // namespace sluice::net
