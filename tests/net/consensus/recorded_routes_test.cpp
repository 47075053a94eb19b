// The recorded exchanges of the original's four routes, walked in their order.
#include "tests/support/consensus_routes_world.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <functional>
#include <regex>

namespace sluice::test {
namespace {

using nlohmann::json;

constexpr auto recorded_time = "<local ISO time, microseconds, no offset>";

std::string form_encoded(const json& form) {
  std::string out;
  for (const auto& [key, value] : form.items()) {
    out += (out.empty() ? "" : "&") + key + '=';
    for (const char c : value.get<std::string>())
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
        out += c;
      } else {
        constexpr auto digits = "0123456789ABCDEF";
        out += '%';
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
      }
  }
  return out;
}

bool is_utc_time(const json& x) {
  static const std::regex form{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)"};
  return x.is_string() && std::regex_match(x.get<std::string>(), form);
}

/// Everything that was recorded is there, with the same value; times are times.
void expect_has(const json& recorded, const json& got, const std::string& where) {
  if (recorded == recorded_time) {
    EXPECT_TRUE(is_utc_time(got)) << where << ' ' << got;
  } else if (recorded.is_object()) {
    ASSERT_TRUE(got.is_object()) << where << ' ' << got;
    for (const auto& [key, value] : recorded.items()) {
      ASSERT_TRUE(got.contains(key)) << where << '.' << key << " is missing in " << got;
      expect_has(value, got[key], where + '.' + key);
    }
  } else if (recorded.is_array()) {
    ASSERT_TRUE(got.is_array()) << where << ' ' << got;
    ASSERT_EQ(got.size(), recorded.size()) << where << ' ' << got;
    for (size_t i = 0; i < recorded.size(); ++i)
      expect_has(recorded[i], got[i], where + '[' + std::to_string(i) + ']');
  } else {
    EXPECT_EQ(got, recorded) << where; // 0 is 0.0
  }
}

class recorded_routes : public ::testing::Test {
protected:
  recorded_routes()
    : all_(json::parse(file_bytes(SOURCE_DIR "/tests/data/violet-routes.json"))["exchanges"]) {}

  const json& exchange(const std::string& name) const {
    for (const auto& x : all_)
      if (x["case"] == name)
        return x;
    throw std::runtime_error("no exchange: " + name);
  }

  consensus_response ask(const std::string& name) {
    ++asked_;
    const auto& request = exchange(name)["request"];
    const auto method = request["method"].get<std::string>();
    const auto path = request["path"].get<std::string>();
    if (request.contains("form"))
      return world->call(method, path, form_encoded(request["form"]),
                         "Content-Type: application/x-www-form-urlencoded\r\n");
    if (request.contains("json"))
      return world->post(path, request["json"]);
    return world->call(method, path);
  }

  /// As recorded, but for what `correct` does to what was recorded.
  consensus_response
  expect_recorded(const std::string& name, const std::function<void(json&)>& correct = {}) {
    auto response = exchange(name)["response"];
    if (correct)
      correct(response);
    auto got = ask(name);
    EXPECT_EQ(got.status, response["status"]) << name << ' ' << got.body;
    EXPECT_NE(got.head.find("application/json"), std::string::npos) << name;
    expect_has(response["body"], got.body, name);
    return got;
  }

  json reported_item(const std::string& name) const {
    return json::parse(exchange(name)["request"]["form"]["miner_statuses"].get<std::string>())[0];
  }

  void walk_before_two_reports() {
    expect_recorded("stats before the manager exists");
    expect_recorded("consensus before the manager exists");
    expect_recorded("network status, empty store");

    // There is no second way to take reports: this one counts as one report.
    world->pages->open({});
    expect_recorded("report before the manager exists (legacy path)", [](json& x) {
      x["body"] = {{"success", true},
                   {"miners_processed", 1},
                   {"consensus_updated", 0},
                   {"validator_uid", 48},
                   {"epoch", 100}};
    });
    const auto single = expect_recorded("network status after a legacy report", [&](json& x) {
      x["body"]["miners"][0]["last_seen"] = reported_item("first validator")["last_seen"];
    });
    EXPECT_EQ(single.body["processing_mode"], "individual");
    EXPECT_EQ(single.body["miners"][0]["status_source"], "individual");

    world = std::make_unique<consensus_world>(); // emptied
    world->pages->open({});
    expect_recorded("stats, no report yet");
  }

  void walk_two_reports() {
    expect_recorded("first validator");
    expect_recorded("consensus with one report");
    expect_recorded("second validator");
    const auto item = reported_item("second validator");
    const auto merged = expect_recorded("consensus with two", [&](json& x) {
      for (auto& [key, value] : x["body"]["consensus_status"].items())
        if (value == 49 && key != "uid")
          value = item.at(key); // the field itself
    });
    EXPECT_EQ(merged.body["consensus_status"]["consensus_state"], "agreed");
    expect_recorded("stats with two", [](json& x) {
      x["body"]["consensus_statistics"]["average_consensus_confidence"] = 1.0;
    });
    const auto network = expect_recorded("network status in consensus mode", [](json& x) {
      x["body"]["network_status"]["active_miners"] = 1;
      x["body"]["network_status"]["total_stake"] = 1100.0;
    });
    EXPECT_EQ(network.body["processing_mode"], "consensus");
    EXPECT_EQ(network.body["stale_miners_filtered"], 0);
    EXPECT_EQ(network.body["miners"][0]["stake"], 1100.0);
  }

  void walk_items() {
    expect_recorded("two items, one without uid");
    expect_recorded("uid zero");
    expect_recorded("item that is no object", [&](json& x) { x["body"] = nobody; });
    expect_recorded("empty list");
    const auto object = ask("object instead of a list");
    EXPECT_EQ(object.status, 400U);
    EXPECT_EQ(object.body["success"], false);
    EXPECT_EQ(object.body["validator_uid"], 51);
    EXPECT_TRUE(object.body["error"].is_string());
    const auto bad = ask("bad JSON");
    EXPECT_EQ(bad.status, 400U);
    EXPECT_TRUE(bad.body["detail"].get<std::string>().starts_with("Invalid JSON data: "))
      << bad.body;
  }

  void walk_refusals() {
    expect_recorded("missing epoch");
    expect_recorded("validator uid not a number");
    expect_recorded("JSON body instead of a form", [&](json& x) { // taken as well
      x["status"] = 200;
      x["body"] = nobody;
      x["body"]["epoch"] = 1;
    });
    expect_recorded("unknown miner");
    expect_recorded("miner uid not a number");
    const auto wrong_method = ask("wrong method"); // `detail` states what the path takes
    EXPECT_EQ(wrong_method.status, 405U);
    EXPECT_EQ(wrong_method.body["message"], "Method Not Allowed");

    world->pages->fail("store down");
    world->backend->failure = fault{ec::storage_full, "store down"};
    expect_recorded("network status, store down");
    expect_recorded("stats, store down");
    expect_recorded("report, store down");
  }

  const json nobody{{"success", true},
                    {"miners_processed", 0},
                    {"consensus_updated", 0},
                    {"validator_uid", 51},
                    {"epoch", 100}};
  size_t asked_ = 0;
  json all_;
  std::unique_ptr<consensus_world> world = std::make_unique<consensus_world>();
};

TEST_F(recorded_routes, are_answered_as_they_were_or_as_the_defects_are_corrected) {
  walk_before_two_reports();
  walk_two_reports();
  walk_items();
  walk_refusals();
  EXPECT_EQ(asked_, all_.size()) << "every exchange was walked";
}

TEST_F(recorded_routes, are_the_ones_that_are_shared) {
  if (!shared_has("vectors/violet-routes.json"))
    GTEST_SKIP() << "there is no shared folder";
  EXPECT_EQ(json::parse(file_bytes(shared_folder() / "vectors/violet-routes.json"))["exchanges"],
            all_);
}

} // namespace
} // namespace sluice::test
