#include "net/consensus/report_client.hpp"
#include "rules/base64.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace sluice::net {
namespace {

using proxy_json = nlohmann::json;

constexpr uint64_t now_ms = 1'767'225'600'123;

key_pair some_keys(uint8_t first = 7) {
  std::array<uint8_t, 32> bytes{};
  bytes.fill(first);
  return make_key_pair(secret_seed{bytes});
}

signed_report some_report(const key_pair& keys = some_keys()) {
  signed_report x;
  x.validator_uid = 13;
  x.epoch = 4711;
  x.issued_ms = now_ms;
  x.miner_statuses = R"([{"uid":49,"hotkey":"a+b&c=%","note":"ü"}])";
  sign_report(x, keys);
  return x;
}

report_target target(std::string url, report_form form) {
  report_target x;
  x.url = std::move(url);
  x.form = form;
  return x;
}

std::string header_of(const http_call& call, std::string_view name) {
  for (const auto& x : call.headers)
    if (x.name == name)
      return x.value;
  return {};
}

TEST(report_client, what_it_signs_verifies_and_nothing_else_does) {
  const auto verifier = report_verifier_of_all();
  const auto good = some_report();
  EXPECT_EQ(good.hotkey, some_keys().address);
  EXPECT_TRUE(check_signed_report(good, now_ms, verifier));
  auto forged = good; // under another hotkey
  forged.hotkey = some_keys(8).address;
  EXPECT_EQ(check_signed_report(forged, now_ms, verifier).error().code, ec::refused);
  auto changed = good;
  changed.miner_statuses.pop_back();
  EXPECT_EQ(check_signed_report(changed, now_ms, verifier).error().code, ec::refused);
  const auto bytes = *base64_bytes(good.signature);
  for (size_t bit = 0; bit < 512; bit += 13) {
    auto x = good;
    auto other = bytes;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
    x.signature = to_base64(other);
    EXPECT_FALSE(check_signed_report(x, now_ms, verifier)) << bit;
  }
  auto no_key = good;
  no_key.hotkey = "validator";
  EXPECT_EQ(check_signed_report(no_key, now_ms, verifier).error().code, ec::bad_input);
}

TEST(report_client, takes_what_python_signs) {
  if (test::run_program("/bin/sh", {"-c", "python3 --version"}).code != 0)
    GTEST_SKIP() << "there is no python3";
  const test::scratch_folder folder;
  const auto keys = some_keys();
  const auto file = folder.write("validator.key", write_key(keys));
  const auto x = some_report(keys);
  const auto run = test::run_program(
    "/usr/bin/env", {"python3", "-B", SOURCE_DIR "/examples/sign_report.py", file, "13", "4711",
                     x.miner_statuses, "--issued", std::to_string(now_ms)});
  ASSERT_EQ(run.code, 0) << run.err;
  const auto body = proxy_json::parse(run.out);
  EXPECT_EQ(
    body, proxy_json::parse(
            report_call(target("http://127.0.0.1:1", report_form::signed_json), x, "", 1000)->body))
    << "Ed25519 has one signature for a text";
}

TEST(report_client, writes_the_form_of_the_original) {
  const auto call = report_call(target("https://proxy.test/violet/", report_form::original),
                                some_report(), "key_of_sixteen_letters", 5'000);
  ASSERT_TRUE(call) << call.error().what;
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->url, "https://proxy.test/violet/api/v1/validators/miner-status");
  EXPECT_EQ(header_of(*call, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(header_of(*call, "X-API-Key"), "key_of_sixteen_letters");
  EXPECT_EQ(call->body, "validator_uid=13&epoch=4711&miner_statuses=%5B%7B%22uid%22%3A49%2C"
                        "%22hotkey%22%3A%22a%2Bb%26c%3D%25%22%2C%22note%22%3A%22%C3%BC%22%7D%5D");
  EXPECT_EQ(call->whole_ms, 5'000U);
}

TEST(report_client, writes_json_with_the_signature_for_ours) {
  const auto x = some_report();
  const auto call
    = report_call(target("http://proxy.test:8800", report_form::signed_json), x, "", 5'000);
  ASSERT_TRUE(call) << call.error().what;
  EXPECT_EQ(header_of(*call, "Content-Type"), "application/json");
  EXPECT_EQ(header_of(*call, "X-API-Key"), "");
  EXPECT_EQ(proxy_json::parse(call->body), (proxy_json{{"validator_uid", 13},
                                                       {"epoch", 4711},
                                                       {"hotkey", x.hotkey},
                                                       {"issued", now_ms},
                                                       {"signature", x.signature},
                                                       {"miner_statuses", x.miner_statuses}}));
}

TEST(report_client, no_key_goes_over_plain_http_to_another_machine) {
  const std::string key = "key_of_sixteen_letters";
  for (const auto* url : {"http://proxy.test", "http://10.0.0.5:8000"}) {
    const auto no = report_call(target(url, report_form::original), some_report(), key, 1000);
    ASSERT_FALSE(no) << url;
    EXPECT_NE(no.error().what.find("expected https://"), std::string::npos);
    EXPECT_EQ(no.error().what.find(key), std::string::npos);
    EXPECT_TRUE(report_call(target(url, report_form::original), some_report(), "", 1000)) << url;
  }
  EXPECT_TRUE(
    report_call(target("http://127.0.0.1:1", report_form::original), some_report(), key, 1000));
  for (const auto* url : {"ftp://a", "https://a/?x=1", "", "https://a b"})
    EXPECT_FALSE(report_call(target(url, report_form::original), some_report(), "", 1000)) << url;
}

TEST(report_client, reads_what_proxies_answer) {
  const auto answer = [](unsigned status, const std::string& body, const std::string& after = "") {
    http_answer x;
    x.status = status;
    x.body = body;
    if (!after.empty())
      x.headers.push_back({"retry-after", after});
    return report_answer_of(result<http_answer>{x});
  };
  auto x = answer(200, R"({"success":true,"miners_processed":2,"consensus_updated":1})");
  EXPECT_TRUE(x.success);
  EXPECT_EQ(x.miners_processed, 2U);
  EXPECT_EQ(x.consensus_updated, 1U);
  EXPECT_EQ(x.what, "");
  x = answer(200, R"({"success":false,"error":"not\na list","validator_uid":13})");
  EXPECT_FALSE(x.success);
  EXPECT_EQ(x.what.find('\n'), std::string::npos) << "a stranger's text is no part of a log line";
  EXPECT_NE(x.what.find("a list"), std::string::npos);
  EXPECT_FALSE(answer(500, R"({"success":true})").success);
  EXPECT_EQ(answer(429, "slow down", "7").retry_after, "7");
  EXPECT_EQ(answer(429, "", std::string(1000, '7')).retry_after, "");
  EXPECT_NE(answer(403, R"({"detail":"wrong role"})").what.find("wrong role"), std::string::npos);
  EXPECT_LE(answer(400, R"({"detail":")" + std::string(5'000, 'x') + "\"}").what.size(), 300U);
  for (const auto* text : {"", "hello", "[]", "{", "{\"success\":1}", "{\"success\":\"true\"}",
                           "{\"success\":true,", "null"}) {
    x = answer(200, text);
    EXPECT_FALSE(x.success) << text;
    EXPECT_NE(x.what, "") << text;
  }
  x = answer(200, R"({"success":true,"miners_processed":-1,"consensus_updated":"many"})");
  EXPECT_TRUE(x.success);
  EXPECT_EQ(x.miners_processed + x.consensus_updated, 0U);
  const auto none = report_answer_of(fault{ec::timeout, "no answer"});
  EXPECT_EQ(none.status, 0U);
  EXPECT_EQ(none.what, "no answer");
}

TEST(report_client, reads_a_key_from_a_file_that_nobody_else_may_read) {
  const test::scratch_folder folder;
  const auto file = [&](const std::string& text) {
    auto path = folder.write("key", text);
    ::chmod(path.c_str(), 0600);
    return path;
  };
  EXPECT_EQ(*read_report_key(file("# of proxy\nkey_of-16_letters\n")), "key_of-16_letters");
  for (const auto* text : {"", "short\n", "key of sixteen letters\n", "key_of_sixteen_letters!\n",
                           "key_of_16_letters\nanother_of_16_letters\n"}) {
    const auto no = read_report_key(file(text));
    ASSERT_FALSE(no) << text;
    EXPECT_EQ(no.error().code, ec::bad_input);
    EXPECT_EQ(no.error().what.find("sixteen"), std::string::npos) << "the key is in a sentence";
  }
  EXPECT_FALSE(read_report_key(file(std::string(257, 'k'))));
  EXPECT_TRUE(read_report_key(file(std::string(256, 'k'))));
  const auto open = folder.write("open", "key_of_16_letters\n");
  ::chmod(open.c_str(), 0644);
  EXPECT_EQ(read_report_key(open).error().code, ec::refused);
  EXPECT_EQ(read_report_key(folder.at("none")).error().code, ec::unreachable);
}

} // namespace
} // namespace sluice::net
