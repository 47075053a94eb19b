#include "net/admin/wire.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::net {

namespace {

using json = nlohmann::ordered_json;

/// As a JSON string; bytes that are not UTF-8 are replaced.
std::string json_string(const std::string& x) {
  return json(x).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string start_of(const std::string& id, bool ok) {
  return "{\"id\":" + id + ",\"ok\":" + (ok ? "true" : "false");
}

json read(std::string_view line) {
  return json::parse(line, nullptr, false);
}

} // namespace

std::string to_line(const shell_question& x) {
  return "{\"id\":" + std::to_string(x.id) + ",\"line\":" + json_string(x.line) + "}";
}

std::string to_line(const shell_answer& x) {
  const auto id = x.id ? std::to_string(*x.id) : "null";
  if (!x.reply.ok)
    return start_of(id, false) + ",\"error\":" + json_string(x.reply.text) + "}";
  if (!json::accept(x.reply.text))
    return start_of(id, false) + ",\"error\":\"a bug: the node's answer is no JSON\"}";
  auto data = x.reply.text;
  std::ranges::replace(data, '\n', ' '); // in JSON a line end stands between values only
  return start_of(id, true) + ",\"data\":" + data + "}";
}

result<shell_question> parse_question(std::string_view line) {
  const auto seen = read(line);
  if (!seen.is_object() || !seen.contains("id") || !seen["id"].is_number_unsigned()
      || !seen.contains("line") || !seen["line"].is_string())
    return fault{ec::bad_input, R"(expected one line like {"id":1,"line":"tree"})"};
  return shell_question{seen["id"], seen["line"]};
}

result<shell_answer> parse_answer(std::string_view line) {
  const auto seen = read(line);
  const fault wrong{ec::corrupt_data, "what answers is no sluice node"};
  if (!seen.is_object() || !seen.contains("id") || !seen.contains("ok") || !seen["ok"].is_boolean())
    return wrong;
  shell_answer answer;
  if (seen["id"].is_number_unsigned())
    answer.id = seen["id"].get<uint64_t>();
  answer.reply.ok = seen["ok"];
  const char* key = answer.reply.ok ? "data" : "error";
  if (!seen.contains(key) || (!answer.reply.ok && !seen[key].is_string()))
    return wrong;
  answer.reply.text = answer.reply.ok ? seen[key].dump() : seen[key].get<std::string>();
  return answer;
}

} // namespace sluice::net
