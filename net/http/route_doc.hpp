/// What one route takes and answers, as its OpenAPI entry states it.
#pragma once

#include <string>
#include <vector>

namespace sluice::net {

/// Schemas are JSON texts of JSON Schema 2020-12: `{"type":"integer","minimum":1}`, or a reference
/// to a schema that the router has by name: `{"$ref":"#/components/schemas/Lead"}`.
struct http_parameter_doc {
  std::string name{};
  std::string in = "query"; // or "path", "header"
  std::string description{};
  std::string schema = R"({"type":"string"})";
  bool required = false; // those of a path always are
};

/// `status`: 200 to 599. Of an error an empty schema means the form of every error, `Error`; of
/// another answer that there is no body.
struct http_response_doc {
  unsigned status = 200;
  std::string description{};
  std::string schema{};
  std::string type = "application/json";
};

/// `responses`: those that the handler itself answers. What the server answers before it calls the
/// handler (401, 403, 429, 408, 413, ...) is added from the route's access and limits.
struct http_route_doc {
  std::string summary{};     // one line; "": the route is not described, which a test refuses
  std::string description{}; // more than that, Markdown; may be ""
  std::string tag{};         // routes of one tag are shown together
  std::vector<http_parameter_doc> parameters{};
  std::string body{}; // the schema of the request's body; "": it has none
  std::vector<std::string> body_types{"application/json"};
  std::vector<http_response_doc> responses{};
};

} // namespace sluice::net
