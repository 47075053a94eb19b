/// What is wrong with an OpenAPI 3.1 document, by the parts of the specification that ours use.
#pragma once

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace sluice::test {

/// One sentence per mistake; none when it is good.
class openapi_check {
public:
  explicit openapi_check(const nlohmann::json& document) : all_(document) {}

  std::vector<std::string> troubles() {
    expect(all_.is_object(), "the document is no object");
    if (!all_.is_object())
      return troubles_;
    expect(text(all_, "openapi").starts_with("3.1."), "openapi is not 3.1");
    expect(all_.contains("info") && !text(all_["info"], "title").empty()
             && !text(all_["info"], "version").empty(),
           "info needs title and version");
    expect(all_.contains("paths") && all_["paths"].is_object(), "there are no paths");
    if (all_.contains("paths"))
      for (const auto& [path, item] : all_["paths"].items())
        check_path(path, item);
    check_references(all_, "");
    return troubles_;
  }

private:
  using json = nlohmann::json;

  static std::string text(const json& x, const std::string& name) {
    return x.is_object() && x.contains(name) && x[name].is_string() ? x[name].get<std::string>()
                                                                    : std::string{};
  }

  void expect(bool good, const std::string& sentence) {
    if (!good)
      troubles_.push_back(sentence);
  }

  void check_path(const std::string& path, const json& item) {
    expect(path.starts_with('/'), path + ": does not begin with a slash");
    static const std::set<std::string> methods{"get",     "put",  "post",  "delete",
                                               "options", "head", "patch", "trace"};
    for (const auto& [method, operation] : item.items()) {
      expect(methods.contains(method), path + ": " + method + " is no method");
      check_operation(method + ' ' + path, path, operation);
    }
  }

  void check_operation(const std::string& where, const std::string& path, const json& x) {
    const auto id = text(x, "operationId");
    expect(!id.empty() && ids_.insert(id).second,
           where + ": operationId " + id + " twice or empty");
    expect(!text(x, "summary").empty(), where + ": no summary");
    std::set<std::string> declared, names;
    for (const auto& one : x.value("parameters", json::array())) {
      const auto name = text(one, "name"), in = text(one, "in");
      expect(in == "path" || in == "query" || in == "header", where + ": a parameter in " + in);
      expect(!name.empty() && names.insert(in + ' ' + name).second,
             where + ": the parameter " + name + " twice or without a name");
      expect(one.contains("schema"), where + ": the parameter " + name + " has no schema");
      if (in == "path") {
        expect(one.value("required", false), where + ": " + name + " must be required");
        declared.insert(name);
      }
    }
    std::set<std::string> used;
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
      used.insert(path.substr(at + 1, path.find('}', at) - at - 1));
    expect(declared == used, where + ": the parameters of the path and those declared differ");
    if (x.contains("requestBody"))
      check_content(where + " body", x["requestBody"], true);
    expect(x.contains("responses") && !x["responses"].empty(), where + ": no responses");
    bool has_success = false;
    const auto responses = x.value("responses", json::object());
    for (const auto& [status, one] : responses.items()) {
      expect(status.size() == 3 && status[0] >= '1' && status[0] <= '5',
             where + ": the status " + status);
      has_success |= status[0] < '4';
      if (!one.contains("$ref")) {
        expect(!text(one, "description").empty(), where + ' ' + status + ": no description");
        check_content(where + ' ' + status, one, false);
      }
    }
    expect(has_success, where + ": no answer that is no error");
    for (const auto& one : x.value("security", json::array()))
      for (const auto& [scheme, roles] : one.items())
        expect(roles.is_array()
                 && all_.contains(json::json_pointer{"/components/securitySchemes/" + scheme}),
               where + ": no security scheme " + scheme);
  }

  void check_content(const std::string& where, const json& x, bool required) {
    expect(!required || (x.contains("content") && !x["content"].empty()), where + ": no content");
    const auto content = x.value("content", json::object());
    for (const auto& [type, one] : content.items()) {
      expect(type.find('/') != std::string::npos, where + ": the type " + type);
      expect(one.contains("schema") && one["schema"].is_object(), where + ": no schema");
    }
  }

  void check_references(const json& x, const std::string& at) {
    if (x.is_object() && x.contains("$ref")) {
      const auto target = text(x, "$ref");
      expect(target.starts_with("#/") && all_.contains(json::json_pointer{target.substr(1)}),
             at + ": nothing at " + target);
    }
    if (x.is_structured())
      for (const auto& [name, one] : x.items())
        check_references(one, at + '/' + name);
  }

  const json& all_;
  std::set<std::string> ids_;
  std::vector<std::string> troubles_;
};

} // namespace sluice::test
