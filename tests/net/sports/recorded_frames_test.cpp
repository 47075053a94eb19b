// The recorded frames of the original's server, walked in their order: what its clients sent is
// sent to ours, what it answered is compared with what ours answers, and is read as a miner does.
#include "rules/chain/sha256.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/sports_wire_world.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

using frame_json = nlohmann::json;

std::vector<frame_json> recorded_lines() {
  const auto text = file_bytes(SOURCE_DIR "/tests/data/sports-frames.jsonl");
  std::vector<frame_json> all;
  for (const auto line : lines_of(text))
    if (!line.empty())
      all.push_back(frame_json::parse(line));
  return all;
}

net::key_pair recorded_key(const frame_json& about, const std::string& name) {
  for (const auto& x : about["keys"])
    if (x["name"] == name) {
      const auto seed = net::from_hex<32>(x["seed"].get<std::string>());
      net::key_pair made;
      made.kind = signature_kind::sr25519;
      made.secret = net::secret_seed{seed.value()};
      made.open = net::sr25519_secret::of_seed(made.secret).open();
      made.address = net::to_address(made.open);
      EXPECT_EQ(made.address, x["ss58"]) << name;
      return made;
    }
  throw std::runtime_error("no key " + name);
}

/// Everything that was recorded is there, with the same value.
void expect_recorded(const frame_json& recorded, const frame_json& got, const std::string& where) {
  if (recorded.is_object()) {
    ASSERT_TRUE(got.is_object()) << where << ' ' << got;
    for (const auto& [key, value] : recorded.items()) {
      ASSERT_TRUE(got.contains(key)) << where << '.' << key << " is missing in " << got;
      expect_recorded(value, got[key], where + '.' + key);
    }
  } else if (recorded.is_array()) {
    ASSERT_TRUE(got.is_array() && got.size() == recorded.size()) << where << ' ' << got;
    for (size_t i = 0; i < recorded.size(); ++i)
      expect_recorded(recorded[i], got[i], where + '[' + std::to_string(i) + ']');
  } else {
    EXPECT_EQ(got, recorded) << where;
    EXPECT_EQ(got.type(), recorded.type()) << where;
  }
}

class recorded_frames : public ::testing::Test {
protected:
  recorded_frames() : lines(recorded_lines()), validator(recorded_key(lines[0], "validator")) {
    world = std::make_unique<sports_wire_world>([this](net::sports_connections_terms& terms) {
      terms.signer = net::sports_signer_of(validator);
    });
    world->backend->add_miner(recorded_key(lines[0], "miner-1").address, 1);
    world->backend->add_miner(recorded_key(lines[0], "miner-2").address, 2);
  }

  /// Is this text signed by the validator of the recording, at its clock?
  void expect_signed(const std::string& text) const {
    const auto x = read_sports_envelope(text, sports_wire::server_text_bytes_max);
    ASSERT_TRUE(x) << x.error().what;
    EXPECT_EQ(x->sender, validator.address);
    const auto good
      = net::check_signed(*x, sports_wire_world::begin_us, 300, net::all_signature_schemes());
    EXPECT_TRUE(good) << good.error().what << '\n' << text;
  }

  /// What a miner reads of a recorded text.
  void expect_readable(const frame_json& line) const {
    if (!line.contains("signing_text"))
      return;
    const auto text = line["text"].get<std::string>();
    const auto x = read_sports_envelope(text, sports_wire::server_text_bytes_max);
    ASSERT_TRUE(x) << x.error().what;
    EXPECT_EQ(signing_text(*x), line["signing_text"]);
    EXPECT_TRUE(line["signature_valid"].get<bool>());
    expect_signed(text);
    EXPECT_EQ(frame_json::parse(write_text(*x)), frame_json::parse(text));
  }

  void expect_from_server(const frame_json& line, const sports_frame& got) const {
    const auto where = line["case"].get<std::string>();
    if (line.contains("close")) {
      EXPECT_EQ(got.close, line["close"]["code"].get<int>()) << where << ' ' << got.text;
      EXPECT_EQ(got.reason, line["close"]["reason"].get<std::string>()) << where;
      return;
    }
    expect_readable(line);
    const auto text = line["text"].get<std::string>();
    if (!line.contains("signing_text")) {
      EXPECT_EQ(got.text, text) << where; // byte by byte
      return;
    }
    auto recorded = frame_json::parse(text);
    recorded.erase("signature"); // is randomised
    recorded.erase("nonce");
    expect_recorded(recorded, got.body(), where);
    expect_signed(got.text);
  }

  /// What the recording's handler does once its line comes.
  void act_for(const frame_json& line, bool second) {
    const auto name = line["case"].get<std::string>();
    auto& backend = *world->backend;
    if (line["from"] == "client") {
      backend.takes = name != "prediction without a handler";
      backend.hold = name == "prediction with a handler (no direct answer)";
    } else if (name == "confirmation" && second) {
      sports_standing stands;
      stands.uid = {1};
      stands.tier = 2;
      stands.wins = 3;
      backend.stands = stands;
      ASSERT_TRUE(sports_wire_world::becomes([&] { return backend.held() == 1; }));
      backend.release();
    } else if (name == "confirmation of a refusal" && second) {
      backend.stands.reset();
      backend.refused["started"] = prediction_code::game_started;
      sports_test_miner miner{recorded_key(lines[0], "miner-1")};
      socket->send(miner.predict("33333333-3333-4333-8333-333333333333", "started"));
    } else if (name == "game update" && second) {
      world->connections->publish(std::vector{recorded_game()});
    }
  }

  static sports_game recorded_game() {
    sports_game x;
    x.external_id = "501";
    x.team_a = "\xc3\x89toile Rouge";
    x.team_b = "\xc5\x81\xc3\xb3\x64\xc5\xba \"B\"";
    x.start_us = 1'743'616'800'000'000;
    x.team_a_odds = 1'900'000'000;
    x.team_b_odds = 2'050'000'000;
    return x;
  }

  void walk(const frame_json& line) {
    const auto name = line["case"].get<std::string>();
    if (line["from"] == "client") {
      const auto text = line["text"].get<std::string>();
      if (text.starts_with("{\"hotkey\"")) {
        older = std::move(socket);
        socket = std::make_unique<sports_socket>(world->port());
      }
      answers = 0;
      act_for(line, false);
      socket->send(text);
      if (world->backend->hold) {
        ASSERT_TRUE(sports_wire_world::becomes([&] { return world->backend->held() == 1; }));
      }
      return;
    }
    ++answers;
    act_for(line, answers == 2);
    const bool older_one = name == "first connection is closed";
    expect_from_server(line, (older_one ? older : socket)->next());
  }

  /// A message, the text of its signature, and a signature over it by miner-1.
  static void expect_canonical(const frame_json& line) {
    auto message = line["message"];
    message["signature"] = line["signature"];
    const auto x = read_sports_envelope(message.dump(), sports_wire::miner_frame_bytes_max);
    ASSERT_TRUE(x) << line["case"] << ' ' << x.error().what;
    EXPECT_EQ(signing_text(*x), line["signing_text"]) << line["case"];
    EXPECT_EQ(sha256_hex(signing_text(*x)), line["signing_text_sha256"]) << line["case"];
    EXPECT_TRUE(line["accepted"].get<bool>());
    EXPECT_TRUE(
      net::check_signed(*x, sports_wire_world::begin_us, 300, net::all_signature_schemes()))
      << line["case"];
    auto other = *x;
    other.data = R"({"a": 1})";
    EXPECT_FALSE(
      net::check_signed(other, sports_wire_world::begin_us, 300, net::all_signature_schemes()));
  }

  std::vector<frame_json> lines;
  net::key_pair validator;
  std::unique_ptr<sports_wire_world> world;
  std::unique_ptr<sports_socket> socket;
  std::unique_ptr<sports_socket> older;
  int answers = 0; // since the client's last text
};

TEST_F(recorded_frames, are_answered_as_the_original_answers_them) {
  size_t frames = 0, canonical = 0, others = 0;
  for (size_t i = 1; i < lines.size() && !HasFatalFailure(); ++i) {
    const auto& line = lines[i];
    SCOPED_TRACE("line " + std::to_string(i + 1) + ": " + line["case"].get<std::string>());
    if (line.contains("from")) {
      walk(line);
      ++frames;
    } else if (line.contains("message")) {
      expect_canonical(line);
      ++canonical;
    } else if (line["case"] == "same games again") {
      world->connections->publish(std::vector{recorded_game()});
      EXPECT_TRUE(sports_wire_world::becomes(
        [&] { return world->connections->counts().game_updates_unchanged == 1; }));
      EXPECT_EQ(world->connections->counts().game_updates_sent, 1U);
      ++others;
    } else {
      const auto got = world->call("GET", "/ws/health");
      EXPECT_EQ(got.status, line["status"].get<unsigned>());
      EXPECT_EQ(got.body["status"], line["body"]["status"]);
      for (const auto& [key, value] : line["body"].items())
        EXPECT_TRUE(got.body.contains(key)) << key;
      EXPECT_EQ(got.body.size(), line["body"].size());
      EXPECT_EQ(got.body["active_connections"], 1);
      ++others;
    }
  }
  EXPECT_EQ(frames + canonical + others + 1, lines.size());
  EXPECT_EQ(frames, 54U);
  EXPECT_EQ(canonical, 6U);
}

TEST_F(recorded_frames, of_clients_have_the_recorded_text_of_the_signature) {
  size_t compared = 0;
  for (const auto& line : lines) {
    if (line.value("from", "") != "client" || !line.contains("signing_text"))
      continue;
    const auto text = line["text"].get<std::string>();
    const auto recorded = line["signing_text"].get<std::string>();
    if (text.starts_with("{\"hotkey\"")) {
      const auto x = read_sports_handshake(text);
      EXPECT_EQ(bool(x), line["case"] != "auth: field missing");
      if (!x)
        continue;
      EXPECT_EQ(signing_text(*x), recorded) << line["case"];
      EXPECT_EQ(write_text(*x), text);
    } else {
      const auto x = read_sports_envelope(text, sports_wire::miner_frame_bytes_max);
      EXPECT_EQ(bool(x), line["case"] != "field missing");
      if (!x)
        continue;
      EXPECT_EQ(signing_text(*x), recorded) << line["case"];
    }
    ++compared;
  }
  EXPECT_EQ(compared, 19U);
}

} // namespace
} // namespace sluice::test
