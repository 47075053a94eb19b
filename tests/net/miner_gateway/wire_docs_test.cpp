#include "net/keys/checker.hpp"
#include "net/keys/key_file.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "net/miner_gateway/wire.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <stdexcept>

namespace sluice::net {

namespace {

/// The protocols of the page, and how its code blocks of each are marked.
struct chapter {
  uint64_t protocol;
  const char* json;
  const char* statement;
};
constexpr std::array<chapter, 2> chapters{
  {{gateway_protocol, "json", "statement"}, {gateway_protocol_oldest, "json1", "statement1"}}};

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

/// Every example of a protocol that is read, by whichever side may send it.
std::vector<gateway_message> examples(const chapter& in) {
  std::vector<gateway_message> read;
  for (const auto& block : blocks_of(in.json))
    for (const auto side : {gateway_side::miner, gateway_side::node})
      if (auto got = read_message(block, side, node_bytes_max, in.protocol)) {
        read.push_back(*std::move(got));
        break;
      }
  return read;
}

template <class T>
T example(const chapter& in = chapters[0]) {
  for (const auto& x : examples(in))
    if (std::holds_alternative<T>(x))
      return std::get<T>(x);
  throw std::runtime_error("docs/wire.md has no such example");
}

/// Reads the body that a message carries, and expects nothing wrong.
void expect_body(const gateway_message& x) {
  const auto codec = liquidity_codec();
  const auto expect
    = [](const result<miner_body>& read) { EXPECT_TRUE(read) << read.error().what; };
  if (const auto* question = std::get_if<wire_question>(&x))
    expect(codec.question(question->body));
  else if (const auto* answer = std::get_if<wire_answer>(&x))
    expect(codec.answer(answer->body));
  else if (const auto* notice = std::get_if<wire_notice>(&x))
    expect(codec.notice(notice->body));
}

} // namespace

TEST(wire_docs, every_example_is_read_and_written_back_as_it_stands) {
  const std::set<std::string> both{"ping", "pong", "bye"};
  for (const auto& in : chapters) {
    std::set<std::string> miners{"hello", "proof", "answer"};
    if (in.protocol == gateway_protocol_oldest)
      miners = {"hello", "answer", "proposal"};
    for (const auto& block : blocks_of(in.json)) {
      SCOPED_TRACE(block);
      const auto shown = nlohmann::json::parse(block);
      const auto type = shown["type"].get<std::string>();
      for (const auto side : {gateway_side::miner, gateway_side::node}) {
        const bool may
          = both.contains(type) || miners.contains(type) == (side == gateway_side::miner);
        const auto read = read_message(block, side, node_bytes_max, in.protocol);
        ASSERT_EQ(static_cast<bool>(read), may) << (read ? "was read" : read.error().what);
        if (!read)
          continue;
        expect_body(*read);
        const auto text = write_message(*read, in.protocol);
        const auto again = read_message(text, side, node_bytes_max, in.protocol);
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
    EXPECT_EQ(examples(in).size(), blocks_of(in.json).size());
  }
}

TEST(wire_docs, every_message_has_an_example_under_its_name) {
  std::set<std::string> seen;
  const auto page = test::file_bytes(SOURCE_DIR "/docs/wire.md");
  for (const auto& x : examples(chapters[0])) {
    const std::string type{type_of(x)};
    seen.insert(type);
    const auto heading = page.find("### " + type + '\n');
    ASSERT_NE(heading, std::string::npos) << type;
    EXPECT_LT(heading, page.find("\"type\": \"" + type + '"')) << type;
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<gateway_message>);
}

TEST(wire_docs, every_body_of_liquidity_has_an_example_in_every_protocol) {
  for (const auto& in : chapters) {
    std::set<size_t> notices;
    std::set<bool> accepted;
    size_t questions = 0;
    for (const auto& x : examples(in))
      if (const auto* notice = std::get_if<wire_notice>(&x))
        notices.insert(notice_in(*liquidity_codec().notice(notice->body))->index());
      else if (const auto* answer = std::get_if<wire_answer>(&x))
        accepted.insert(answer_in(*liquidity_codec().answer(answer->body))->accepted);
      else if (std::holds_alternative<wire_question>(x))
        ++questions;
    EXPECT_EQ(notices.size(), std::variant_size_v<liquidity_notice>);
    EXPECT_EQ(accepted.size(), 2U);
    EXPECT_EQ(questions, 1U);
  }
}

TEST(wire_docs, every_reason_is_explained) {
  const auto page = test::file_bytes(SOURCE_DIR "/docs/wire.md");
  for (const auto name : gateway_reason_names)
    EXPECT_NE(page.find("\n| `" + std::string{name} + "` |"), std::string::npos) << name;
}

TEST(wire_docs, the_numbers_are_those_of_the_code) {
  const auto page = test::file_bytes(SOURCE_DIR "/docs/wire.md");
  EXPECT_EQ(greeting_bytes_max, 2'048U);
  EXPECT_EQ(miner_bytes_max, 16'384U);
  EXPECT_EQ(node_bytes_max, 262'144U);
  for (const auto* text :
       {"at most 2,048 bytes before `welcome`", "16,384 bytes from a miner", "262,144 from a node",
        "at most 4096 bytes per text", "most 1000 entries", "at most 8 deep", "within 30 s"})
    EXPECT_NE(page.find(text), std::string::npos) << text;
  EXPECT_EQ(wire_text_bytes_max, 4'096U);
  EXPECT_EQ(wire_entries_max, 1'000U);
  EXPECT_EQ(wire_depth_max, 8U);
  EXPECT_EQ(gateway_terms{}.skew_ms, 30'000U);
  EXPECT_EQ(example<gateway_challenge>().answer_ms, gateway_terms{}.answer_ms);
  EXPECT_EQ(example<gateway_welcome>().bytes_max, miner_bytes_max);
}

TEST(wire_docs, every_handshake_on_the_page_is_admitted) {
  std::array<uint8_t, 32> secret{};
  for (size_t i = 0; i < secret.size(); ++i)
    secret[i] = static_cast<uint8_t>(i);
  const auto keys = make_key_pair(secret_seed{secret});
  const peer_lookup roster = [](const hotkey&) { return peer_record{{4}, ""}; };
  for (const auto& in : chapters) {
    const auto hello = example<gateway_hello>(in);
    const auto challenge = example<gateway_challenge>(in);
    const auto answer = example<gateway_answer>(in);
    EXPECT_EQ(hello.protocol, in.protocol);
    const auto statement
      = statement_text({hello.protocol, peer_role::miner, challenge.node, hello.key,
                        signature_kind::ed25519, answer.nonce, answer.time_ms});
    ASSERT_EQ(blocks_of(in.statement), std::vector<std::string>{statement});
    EXPECT_EQ(keys.address, hello.key.value);
    EXPECT_EQ(to_hex(sign(keys.secret, statement)), answer.signature); // made by Python

    gateway_terms terms;
    terms.node = challenge.node;
    handshake gateway{terms};
    const auto asked = gateway.greet(hello, roster, challenge.nonce, {challenge.time_ms, 0});
    EXPECT_EQ(std::get<gateway_challenge>(asked), challenge);
    const auto got = gateway.judge(answer, roster, check_signature, {challenge.time_ms + 200, 200});
    ASSERT_TRUE(std::holds_alternative<admission>(got)) << std::get<gateway_refusal>(got).text;
    EXPECT_EQ(std::get<admission>(got).software, "my-miner/0.3");
  }
}

} // namespace sluice::net
