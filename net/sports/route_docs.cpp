#include "net/sports/route_docs.hpp"

#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace sluice::net {

namespace {

struct sports_schema {
  std::string_view name;
  std::string_view text;
};

constexpr std::array sports_schemas{
  sports_schema{"SportsEnvelope", R"({"type":"object","additionalProperties":false,
    "required":["type","sender","data","timestamp","nonce","signature"],"properties":{
    "type":{"type":"string","maxLength":64},
    "sender":{"type":"string","description":"SS58 address of who signs."},
    "data":{"type":"object"},
    "timestamp":{"type":"string","description":"ISO 8601 with an offset."},
    "nonce":{"type":"string","maxLength":64},
    "signature":{"type":"string",
      "description":"128 hexadecimal digits, sr25519 or ed25519; docs/sports-wire.md."}}})"},
  sports_schema{"SportsPrediction", R"({"type":"object","additionalProperties":true,
    "required":["prediction_id","game_id","miner_uid","predicted_outcome","predicted_odds","wager"],
    "properties":{"prediction_id":{"type":"string","maxLength":64},"game_id":{"type":"string"},
    "miner_uid":{"type":["integer","string"]},"predicted_outcome":{"type":["integer","string"]},
    "predicted_odds":{"type":["number","string"]},"team_a":{"type":"string"},
    "team_b":{"type":"string"},"wager":{"type":["number","string"]},
    "team_a_odds":{"type":["number","string"]},"team_b_odds":{"type":["number","string"]},
    "tie_odds":{"type":["number","string","null"]},"model_name":{"type":["string","null"]},
    "confidence_score":{"type":["number","string","null"]}}})"},
  sports_schema{"SportsPredictions", R"({"allOf":[{"$ref":"#/components/schemas/SportsEnvelope"}],
    "type":"object","properties":{"type":{"type":"string","const":"prediction"},
    "data":{"type":"object","properties":{"predictions":{"type":"array","minItems":1,
      "maxItems":256,"items":{"$ref":"#/components/schemas/SportsPrediction"}}}}}})"},
  sports_schema{"SportsIds", R"({"allOf":[{"$ref":"#/components/schemas/SportsEnvelope"}],
    "type":"object","properties":{"type":{"type":"string","const":"confirmation"},
    "data":{"type":"object","required":["prediction_ids"],"properties":{"prediction_ids":{
      "type":"array","minItems":1,"maxItems":256,
      "items":{"type":"string","maxLength":64}}}}}})"},
  sports_schema{"SportsHealth", R"({"type":"object",
    "required":["status","connections","active_connections","uptime"],"properties":{
    "status":{"type":"string","enum":["online","offline"]},"connections":{"type":"integer"},
    "active_connections":{"type":"integer"},
    "uptime":{"type":"integer","description":"Seconds."}}})"},
};

struct sports_route_row {
  std::string_view summary;
  std::string_view description;
  std::string_view body;   // a schema's name; "": none
  std::string_view answer; // of 200, a schema's name; "": 101
  std::vector<unsigned> errors;
};

const std::map<std::string_view, sports_route_row>& sports_rows() {
  static const std::map<std::string_view, sports_route_row> rows{
    {"GET /ws",
     {"A WebSocket for predictions, confirmations and games",
      "The first text is a handshake, all others are signed envelopes; docs/sports-wire.md.",
      "",
      "",
      {}}},
    {"GET /ws/health",
     {"Whether miners are served, and how many are there", "", "", "SportsHealth", {}}},
    {"POST /predictions",
     {"Submit predictions, for when no WebSocket is to be had",
      "A signed envelope with one prediction, or a list of them. It is answered when everything is"
      " durable, by an envelope of the validator's with one result per prediction.",
      "SportsPredictions",
      "SportsEnvelope",
      {400, 401, 403, 409, 500, 503, 504}}},
    {"GET /games",
     {"The games that changed since a moment",
      "An envelope of the validator's whose data has the games, and where the next page begins.",
      "",
      "SportsEnvelope",
      {400, 500, 503, 504}}},
    {"POST /confirmations",
     {"Ask which of the own predictions are stored, and how they stand",
      "For predictions whose confirmation did not come. Ids of other miners' predictions are"
      " answered like ids that nobody has.",
      "SportsIds",
      "SportsEnvelope",
      {400, 401, 403, 409, 500, 503, 504}}}};
  return rows;
}

std::string_view meaning_of_sports(unsigned status) {
  switch (status) {
  case 400:
    return "The body or the query cannot be read; `detail` states where.";
  case 401:
    return "The signature is not the sender's over this envelope, or it is not fresh.";
  case 403:
    return "The sender is not registered on the subnet.";
  case 409:
    return "The nonce was used before.";
  case 500:
    return "The store has failed; nothing was stored.";
  case 503:
    return "Who decides this is not there at the moment, or has too much to do; try again later.";
  default:
    return "No answer in time; try again later.";
  }
}

std::string sports_reference(std::string_view schema) {
  return R"({"$ref":"#/components/schemas/)" + std::string{schema} + "\"}";
}

} // namespace

http_route_terms sports_route_terms(std::string_view route) {
  const auto at = sports_rows().find(route);
  if (at == sports_rows().end())
    throw std::invalid_argument("no document for " + std::string{route});
  const auto& x = at->second;
  http_route_terms made;
  made.access = access_open(); // a signature is in the body
  auto& doc = made.doc;
  doc.summary = x.summary;
  doc.description = x.description;
  doc.tag = "sports";
  if (!x.body.empty())
    doc.body = sports_reference(x.body);
  if (route == "GET /games") {
    doc.parameters.push_back({"since", "query",
                              "Microseconds since 1970-01-01 UTC, or an ISO 8601 text; 0 when it is"
                              " not there.",
                              R"({"type":["integer","string"]})", false});
    doc.parameters.push_back(
      {"after", "query", "The `after` of the page before.", R"({"type":"string"})", false});
    doc.parameters.push_back({"limit", "query", "At most so many games.",
                              R"({"type":"integer","minimum":1,"maximum":1000})", false});
  }
  if (x.answer.empty())
    doc.responses.push_back({101, "The WebSocket is open."});
  else
    doc.responses.push_back({200, "Done.", sports_reference(x.answer)});
  for (const auto status : x.errors)
    doc.responses.push_back({status, std::string{meaning_of_sports(status)}});
  return made;
}

void add_sports_schemas(http_router& out) {
  for (const auto& x : sports_schemas)
    out.schema(std::string{x.name}, std::string{x.text});
}

} // namespace sluice::net
