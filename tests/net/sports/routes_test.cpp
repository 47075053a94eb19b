// The HTTP fallback: what it takes, what it refuses, and that its answers are the validator's.
#include "net/http/openapi.hpp"
#include "tests/support/openapi_check.hpp"
#include "tests/support/route_cases.hpp"
#include "tests/support/sports_wire_world.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

class sports_routes_test : public ::testing::Test {
protected:
  sports_routes_test() {
    world.backend->add_miner(miner.address(), 1);
    world.backend->add_miner(other.address(), 2);
  }

  sports_response post(const std::string& path, const std::string& text) const {
    return world.call("POST", path, text);
  }
  static std::string batch(const std::vector<std::string>& predictions) {
    return net::predictions_data(predictions);
  }

  /// Of an answer that is the validator's, over its data.
  static std::string data_of(const sports_response& x) {
    const auto envelope = read_sports_envelope(x.body.dump(), sports_wire::server_text_bytes_max);
    if (!envelope)
      return envelope.error().what;
    EXPECT_EQ(envelope->sender, sports_wire_world::key(200).address);
    const auto good = net::check_signed(*envelope, sports_wire_world::begin_us, 300,
                                        net::all_signature_schemes());
    EXPECT_TRUE(good) << good.error().what;
    return envelope->data;
  }

  sports_wire_world world;
  sports_test_miner miner{sports_wire_world::key(1)};
  sports_test_miner other{sports_wire_world::key(2)};
  sports_test_miner stranger{sports_wire_world::key(3)};
};

TEST_F(sports_routes_test, a_batch_is_answered_one_result_each_in_its_order) {
  world.backend->refused["started"] = prediction_code::game_started;
  const auto got = post(
    "/predictions", miner.frame("prediction", batch({sports_wire_world::prediction("p1"),
                                                     sports_wire_world::prediction("p2", "started"),
                                                     sports_wire_world::prediction("p1")})));
  ASSERT_EQ(got.status, 200U) << got.body;
  EXPECT_EQ(got.body["type"], "confirmation");
  const auto answers = net::answers_of_data(data_of(got));
  ASSERT_TRUE(answers) << answers.error().what;
  ASSERT_EQ(answers->size(), 3U);
  EXPECT_EQ((*answers)[0].code, prediction_code::accepted);
  EXPECT_EQ((*answers)[1].code, prediction_code::game_started);
  EXPECT_FALSE((*answers)[1].confirmed());
  EXPECT_EQ((*answers)[2].code, prediction_code::duplicate_prediction);
  EXPECT_TRUE((*answers)[2].confirmed());
  EXPECT_EQ(world.backend->stored().at("p1").way, prediction_way::http);
  EXPECT_EQ(world.connections->counts().http_predictions, 3U);
}

TEST_F(sports_routes_test, one_prediction_needs_no_list) {
  const auto got = post("/predictions", miner.predict("p1"));
  ASSERT_EQ(got.status, 200U) << got.body;
  EXPECT_EQ(got.body["data"]["results"][0]["status"], "success");
}

TEST_F(sports_routes_test, what_is_not_signed_fresh_or_registered_is_refused_with_its_reason) {
  const auto refusal = [this](const std::string& text) {
    const auto x = post("/predictions", text);
    return std::to_string(x.status) + ' ' + x.body.value("detail", "");
  };
  EXPECT_EQ(refusal("no JSON").substr(0, 4), "400 ");
  EXPECT_EQ(refusal("[]"), "400 expected an object, got another value");
  EXPECT_EQ(refusal(miner.frame("heartbeat")), "400 type: expected prediction");
  auto forged = miner.predict("p1");
  forged.replace(forged.find("10.0"), 4, "11.0");
  EXPECT_EQ(refusal(forged), "401 the signature is not this hotkey's over this text");
  EXPECT_EQ(refusal(stranger.predict("p1")), "403 Hotkey not registered in metagraph");
  miner.set_now(sports_wire_world::begin_us - 301'000'000);
  EXPECT_EQ(refusal(miner.predict("p1")).substr(0, 14), "401 timestamp:");
  miner.set_now(sports_wire_world::begin_us);
  EXPECT_EQ(refusal(miner.frame("prediction", R"({"predictions": [1]})")).substr(0, 4), "400 ");
  EXPECT_EQ(refusal(miner.frame("prediction", R"({"predictions": []})")).substr(0, 4), "400 ");
  const std::vector<std::string> many(257, "{}");
  EXPECT_EQ(refusal(miner.frame("prediction", batch(many))).substr(0, 4), "400 ");
  EXPECT_TRUE(world.backend->stored().empty());
}

TEST_F(sports_routes_test, a_nonce_is_good_once_on_every_way_and_after_a_restart) {
  const auto text = miner.predict("p1");
  EXPECT_EQ(post("/predictions", text).status, 200U);
  EXPECT_EQ(post("/predictions", text).status, 409U);
  auto socket = miner.connect(world.port());
  socket->send(text);
  EXPECT_EQ(socket->next().body()["message"], "Invalid message signature or structure");
  const auto over_socket = miner.predict("p2");
  socket->send(over_socket);
  EXPECT_EQ(socket->next_of("confirmation")["data"]["status"], "success");
  EXPECT_EQ(post("/predictions", over_socket).status, 409U);
  ASSERT_TRUE(sports_wire_world::becomes([&] { return world.backend->nonces().size() == 3; }));
  socket.reset();
  world.restart();
  EXPECT_EQ(post("/predictions", text).status, 409U);
  EXPECT_EQ(post("/predictions", over_socket).status, 409U);
}

TEST_F(sports_routes_test, games_come_page_by_page_and_none_is_missed) {
  for (int i = 0; i < 25; ++i) // five of each moment
    world.backend->all_games.push_back(sports_wire_world::game(
      (i < 10 ? "g0" : "g") + std::to_string(i), sports_wire_world::begin_us + i / 5));
  std::vector<std::string> seen;
  std::string target = "/games?limit=3";
  for (int page = 0; page < 50; ++page) {
    const auto got = world.call("GET", target);
    ASSERT_EQ(got.status, 200U) << got.body;
    const auto read = net::games_of_data(data_of(got));
    ASSERT_TRUE(read) << read.error().what;
    for (const auto& x : read->games) {
      seen.push_back(x.external_id);
      EXPECT_EQ(x, world.backend->all_games[seen.size() - 1]);
    }
    if (!read->more)
      break;
    target = "/games?limit=3&since=" + std::to_string(*read->since_us) + "&after=" + read->after_id;
  }
  EXPECT_EQ(seen.size(), 25U);
  const auto later = world.call("GET", "/games?since=2025-04-01T12:00:00.123459%2B00:00");
  EXPECT_EQ(later.body["data"]["games"].size(), 10U); // of this moment and the next
  EXPECT_EQ(world.call("GET", "/games").body["data"]["games"].size(), 25U);
  for (const auto* bad : {"since=yesterday", "since=-1", "limit=0", "limit=1001", "x=1", "since=%4",
                          "since=1&since=1"})
    EXPECT_EQ(world.call("GET", std::string{"/games?"} + bad).status, 400U) << bad;
}

TEST_F(sports_routes_test, confirmations_are_of_the_own_predictions_only) {
  EXPECT_EQ(post("/predictions", miner.predict("mine")).status, 200U);
  EXPECT_EQ(post("/predictions", other.predict("theirs")).status, 200U);
  const std::vector<std::string> ids{"theirs", "mine", "nobody's"};
  const auto got = post("/confirmations", miner.frame("confirmation", net::ids_data(ids)));
  ASSERT_EQ(got.status, 200U) << got.body;
  const auto all = net::confirmed_of_data(data_of(got));
  ASSERT_TRUE(all) << all.error().what;
  ASSERT_EQ(all->size(), 3U);
  EXPECT_FALSE((*all)[0].stored);
  EXPECT_TRUE((*all)[1].stored);
  EXPECT_EQ((*all)[1].prediction_id, "mine");
  EXPECT_EQ((*all)[1].received_us, sports_wire_world::begin_us);
  EXPECT_FALSE((*all)[2].stored);
  for (const auto* bad : {"{}", R"({"prediction_ids": []})", R"({"prediction_ids": [1]})",
                          R"({"prediction_ids": [""]})"})
    EXPECT_EQ(post("/confirmations", miner.frame("confirmation", bad)).status, 400U) << bad;
}

TEST_F(sports_routes_test, each_way_can_be_switched_off) {
  sports_wire_world no_http{[](auto& terms) { terms.transport.http_fallback = false; }};
  EXPECT_EQ(no_http.call("GET", "/games").status, 404U);
  EXPECT_EQ(no_http.call("GET", "/ws/health").status, 200U);
  EXPECT_EQ(no_http.call("GET", "/ws").status, 426U);
  sports_wire_world no_socket{[](auto& terms) { terms.transport.websocket = false; }};
  EXPECT_EQ(no_socket.call("GET", "/games").status, 200U);
  EXPECT_EQ(no_socket.call("GET", "/ws").status, 404U);
}

/// Every answer that the documents list, and no other.
class sports_openapi_test : public sports_routes_test {
protected:
  sports_openapi_test() {
    net::sports_connections_terms terms;
    terms.unix_us = [now = world.now] { return now->load(); };
    terms.signer = net::sports_signer_of(sports_wire_world::key(200));
    connections = std::make_shared<net::sports_connections>(terms);
    net::add_sports_routes(router, connections, world.backend);
  }

  unsigned ask(const net::http_route& x, const std::string& body, const std::string& query = "") {
    net::http_request request;
    request.method = x.method;
    request.path = x.path;
    request.query = query;
    request.body = body;
    unsigned status = 0;
    x.handler(request, net::http_reply{[&](const net::http_response& y) { status = y.status; }});
    seen.put(x.method, x.path, status);
    return status;
  }

  std::string good(const net::http_route& x) {
    if (x.method == "GET")
      return {};
    return x.path == "/predictions" ? miner.predict("p" + std::to_string(++predictions))
                                    : miner.frame("confirmation", R"({"prediction_ids":["p1"]})");
  }

  void fail_all(const net::http_route& x) {
    const std::vector<std::pair<ec, unsigned>> faults{
      {ec::storage_full, 500}, {ec::busy, 503}, {ec::timeout, 504}};
    for (const auto& [code, status] : faults) {
      world.backend->failure = fault{code, "as the test asks"};
      EXPECT_EQ(ask(x, good(x)), status) << x.path;
    }
    world.backend->failure.reset();
  }

  net::http_router router;
  std::shared_ptr<net::sports_connections> connections;
  seen_answers seen;
  int predictions = 0;
};

TEST_F(sports_openapi_test, every_route_answers_every_status_of_its_document_and_no_other) {
  for (const auto& x : router.routes()) {
    if (x.websocket) {
      seen.put(x.method, x.path, 101); // tests/net/sports/session_test.cpp
      continue;
    }
    EXPECT_EQ(ask(x, good(x)), 200U) << x.path;
    if (x.path == "/ws/health")
      continue;
    fail_all(x);
    if (x.method == "GET") {
      EXPECT_EQ(ask(x, "", "limit=0"), 400U);
      continue;
    }
    EXPECT_EQ(ask(x, "no JSON"), 400U);
    const auto twice = good(x);
    EXPECT_EQ(ask(x, twice), 200U);
    EXPECT_EQ(ask(x, twice), 409U);
    const std::string type = x.path == "/predictions" ? "prediction" : "confirmation";
    EXPECT_EQ(ask(x, stranger.frame(type)), 403U);
    miner.set_now(0);
    EXPECT_EQ(ask(x, good(x)), 401U);
    miner.set_now(sports_wire_world::begin_us);
  }
  seen.exercise_gate(router);
  EXPECT_EQ(seen.differences(router), std::vector<std::string>{});
}

TEST_F(sports_openapi_test, document_is_one_of_openapi_3_1) {
  const auto document = nlohmann::json::parse(net::openapi_text(router, {"1"}));
  EXPECT_EQ(openapi_check{document}.troubles(), std::vector<std::string>{});
  EXPECT_TRUE(document["paths"]["/ws"]["get"]["responses"].contains("101"));
}

} // namespace
} // namespace sluice::test
