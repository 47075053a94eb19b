#include "net/leads/route_docs.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sluice::net {

namespace {

/// Members of a JSON object in schemas: `"name":{...},...`.
constexpr std::string_view lead_members
  = R"("id":{"type":"string"},"source":{"type":"string","description":"hotkey of who found it"},)"
    R"("curated_by":{"type":"string","description":"hotkey of who chose it"},)"
    R"("conversion_score":{"type":["number","null"]},"llm_score":{"type":["number","null"]},)"
    R"("created_at":{"description":"ISO 8601 text, seconds, milliseconds or {seconds, nanos}"},)"
    R"("updated_at":{"description":"as created_at"},)"
    R"("owner_email":{"type":"string","maxLength":254},"business":{"type":"string"},)"
    R"("website":{"type":"string"},"industry":{"type":"string"},"sub_industry":{"type":"string"},)"
    R"("region":{"type":"string"},"role":{"type":"string"},"first":{"type":"string"},)"
    R"("last":{"type":"string"},"owner_full_name":{"type":"string"},"linkedin":{"type":"string"})";
constexpr std::string_view lease_members
  = R"("created_at":{"type":"string","format":"date-time"},"lease":{"type":"string"},)"
    R"("lease_until":{"type":"string","format":"date-time"},)"
    R"("deliveries":{"type":"integer","minimum":1})";
constexpr std::string_view request_id_schema
  = R"({"type":"string","pattern":"^[A-Za-z0-9._-]{1,64}$"})";
constexpr std::string_view limit_schema
  = R"({"type":"integer","minimum":1,"maximum":1000,"default":100})";
constexpr std::string_view stored_schema
  = R"({"type":"object","required":["stored"],"properties":{"stored":{"type":"boolean"}}})";

std::string leads_list(std::string_view name, int least) {
  return '"' + std::string{name} + R"(":{"type":"array","minItems":)" + std::to_string(least)
         + R"(,"maxItems":500,"items":{"$ref":"#/components/schemas/Lead"}})";
}

/// A body of these members, `required` among them, with a wallet and its signature.
std::string signed_body_schema(const std::string& members, std::string_view required = {}) {
  return R"({"allOf":[{"$ref":"#/components/schemas/SignedCall"},{"type":"object")"
         + (required.empty() ? std::string{} : R"(,"required":[)" + std::string{required} + ']')
         + R"(,"properties":{)" + members + "}}]}";
}

std::string asked_members() {
  return R"("num_leads":{"type":"integer","minimum":1,"maximum":250},)"
         R"("business_desc":{"type":"string","maxLength":4096})";
}

std::string named_id(std::string_view name) {
  return '"' + std::string{name} + "\":" + std::string{request_id_schema};
}

std::string one_id(std::string_view name) {
  return R"({"type":"object","required":[")" + std::string{name} + R"("],"properties":{)"
         + named_id(name) + "}}";
}

std::string number_schema(std::string_view name) {
  return R"({"type":"object","required":[")" + std::string{name} + R"("],"properties":{")"
         + std::string{name} + R"(":{"type":"integer","minimum":0}}})";
}

struct leads_row {
  std::string_view method;
  std::string_view path;
  std::string_view summary;
  std::string body;   // "": none
  std::string answer; // of 200
  bool may_be_missing = false;
};

leads_row ack_row(std::string_view path) {
  return {"POST", path, "Acknowledge a leased item, which is then done",
          signed_body_schema(R"("lease":{"type":"string"})", R"("lease")"),
          number_schema("acknowledged")};
}

std::vector<leads_row> queue_rows() {
  const std::string item = R"({"$ref":"#/components/schemas/LeadItem"})";
  const std::string request = R"({"$ref":"#/components/schemas/LeadRequestItem"})";
  return {
    {"POST", "/prospects/fetch", "Lease prospects, oldest first",
     signed_body_schema("\"limit\":" + std::string{limit_schema}),
     R"({"type":"array","items":)" + item + '}'},
    {"POST", "/curate/fetch", "Lease the oldest request of a buyer, or {}", signed_body_schema(""),
     request},
    {"POST", "/curate/miner_request/fetch", "Lease the oldest request for miners, or {}",
     signed_body_schema(""), request},
    {"POST", "/curate/miner_result/fetch", "Lease the oldest answer of a miner, or {}",
     signed_body_schema(""), item},
    ack_row("/prospects/ack"),
    ack_row("/curate/ack"),
    ack_row("/curate/miner_request/ack"),
    ack_row("/curate/miner_result/ack"),
  };
}

std::vector<leads_row> call_rows() {
  const std::string asked = R"("num_leads","business_desc")";
  const std::string list = R"({"type":"array","items":{"$ref":"#/components/schemas/Lead"}})";
  return {
    {"GET", "/leads", "The newest leads of the pool", "", list},
    {"POST", "/leads", "Store leads in the pool",
     signed_body_schema(leads_list("leads", 1), "\"leads\""),
     R"({"type":"object","required":["stored","duplicates"],"properties":{)"
     R"("stored":{"type":"integer"},"duplicates":{"type":"integer"}}})"},
    {"POST", "/prospects", "Queue prospects for the validators",
     signed_body_schema(leads_list("prospects", 1), "\"prospects\""), number_schema("queued")},
    {"POST", "/curate", "Queue a buyer's request", signed_body_schema(asked_members(), asked),
     one_id("request_id")},
    {"POST", "/curate/result", "Answer a buyer's request",
     signed_body_schema(named_id("request_id") + ',' + leads_list("leads", 0),
                        R"("request_id","leads")"),
     std::string{stored_schema}, true},
    {"GET", "/curate/result/{id}", "The answer to a buyer's request, or {}", "",
     R"({"type":"object","properties":{)" + named_id("request_id") + ",\"leads\":" + list
       + R"(,"created_at":{"type":"string","format":"date-time"}}})"},
    {"POST", "/curate/miner_request", "Queue a request for miners that poll",
     signed_body_schema(asked_members(), asked), one_id("miner_request_id")},
    {"POST", "/curate/miner_result", "Answer a request for miners that poll",
     signed_body_schema(named_id("miner_request_id") + ',' + leads_list("leads", 0),
                        R"("miner_request_id","leads")"),
     std::string{stored_schema}, true},
    {"POST", "/validator_weights", "Store the shares that a validator published",
     signed_body_schema(R"("weights":{"type":"object","maxProperties":1024,)"
                        R"("additionalProperties":{"type":"number","minimum":0}})",
                        "\"weights\""),
     std::string{stored_schema}},
  };
}

/// Waits until leads are there; who has no wallet leaves the signature out where the path is open.
http_route_terms buyer_terms() {
  const std::string outcome
    = R"({"type":"object","required":["leads","status_code","status_message","process_time"],)"
      R"("properties":{"leads":{"type":"array","items":{"$ref":"#/components/schemas/Lead"}},)"
      R"("status_code":{"type":"integer"},"status_message":{"type":"string"},)"
      R"("process_time":{"type":"string","description":"seconds"}}})";
  http_route_terms out;
  out.access = access_signed();
  out.doc = {.summary = "Ask for leads and wait for them",
             .description = "The status is `status_code` of the body as well.",
             .tag = "leads",
             .body = R"({"type":"object","properties":{)" + asked_members()
                     + R"(,"wallet":{"type":"string"},"signature":{"type":"string"}}})",
             .responses = {{200, "The best leads, at most num_leads", outcome},
                           {400, "A field is missing or wrong"},
                           {401, "The signature is not this wallet's over this body"},
                           {500, "status_message states what failed", outcome},
                           {503, "There is no miner to ask", outcome},
                           {504, "No miner answered in time", outcome}}};
  return out;
}

http_route_terms terms_of_row(const leads_row& row) {
  const bool is_signed = row.method == "POST";
  http_route_terms out;
  out.access = is_signed ? access_signed() : access_read();
  out.doc.summary = row.summary;
  out.doc.tag = "leads";
  out.doc.body = row.body;
  if (row.path == "/leads" && !is_signed)
    out.doc.parameters
      = {{.name = "limit", .description = "How many", .schema = std::string{limit_schema}}};
  if (row.path.ends_with("{id}"))
    out.doc.parameters = {{.name = "id",
                           .in = "path",
                           .description = "As POST /curate answered it",
                           .schema = std::string{request_id_schema},
                           .required = true}};
  auto& answers = out.doc.responses;
  answers = {{200, "Done", row.answer}, {400, "A field is missing or wrong"}};
  if (is_signed) {
    answers.push_back({401, "The signature is not this wallet's over this body"});
    answers.push_back({403, "This wallet may not do that"});
  }
  if (row.may_be_missing)
    answers.push_back({404, "No such request, or it was answered before"});
  answers.push_back({500, "What the store reports"});
  answers.push_back({503, "A queue is full, or what answers is not there; Retry-After"});
  answers.push_back({504, "What answers took too long"});
  return out;
}

} // namespace

http_route_terms leads_route_terms(std::string_view method, std::string_view path) {
  if (method == "POST" && path == "/api/leads")
    return buyer_terms();
  for (const auto& rows : {call_rows(), queue_rows()})
    for (const auto& row : rows)
      if (row.method == method && row.path == path)
        return terms_of_row(row);
  throw std::invalid_argument("no document for " + std::string{method} + ' ' + std::string{path});
}

void add_leads_schemas(http_router& out) {
  const auto object = [](const std::string& members, std::string_view required = {}) {
    return R"({"type":"object",)"
           + (required.empty() ? std::string{} : R"("required":[)" + std::string{required} + "],")
           + R"("properties":{)" + members + "}}";
  };
  const std::string leases{lease_members};
  out.schema("Lead", object(std::string{lead_members}));
  out.schema("SignedCall",
             object(R"("wallet":{"type":"string","description":"SS58 address of who signs"},)"
                    R"("signature":{"type":"string","description":"base64, of the window and the )"
                    R"(payload"})",
                    R"("wallet","signature")"));
  out.schema("LeadItem",
             object(R"("id":{"type":"string"},)" + named_id("miner_request_id")
                    + R"(,"miner_hotkey":{"type":"string"},)" + leads_list("prospects", 0) + ','
                    + leads_list("leads", 0) + ',' + leases));
  out.schema("LeadRequestItem", object(named_id("request_id") + ',' + named_id("miner_request_id")
                                       + ',' + asked_members() + ',' + leases));
}

} // namespace sluice::net
