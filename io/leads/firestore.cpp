#include "io/leads/firestore.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace sluice::io {

namespace {

constexpr size_t firestore_depth_max = 16;

/// Turns typed values into plain ones; the first thing that is wrong sticks.
class firestore_reader {
public:
  explicit firestore_reader(record_fault& wrong) : wrong_(wrong) {}

  bool failed() const { return failed_; }

  json fields(const json& x, size_t depth) {
    json made = json::object();
    for (const auto& [name, value] : x.items()) {
      if (failed_)
        break;
      path_.emplace_back(name);
      made[name] = plain_value(value, depth);
      path_.pop_back();
    }
    return made;
  }

private:
  json plain_value(const json& x, size_t depth) {
    if (!x.is_object() || x.size() != 1)
      return fail("an object with one typed value, such as {\"stringValue\": ...}", shown(x));
    if (depth > firestore_depth_max)
      return fail("at most " + std::to_string(firestore_depth_max) + " levels", "more");
    const auto& type = x.begin().key();
    const auto& value = x.begin().value();
    if (type == "stringValue" || type == "timestampValue" || type == "referenceValue"
        || type == "bytesValue")
      return value.is_string() ? value : fail("a text as " + type, shown(value));
    if (type == "booleanValue")
      return value.is_boolean() ? value : fail("true or false", shown(value));
    if (type == "nullValue")
      return nullptr;
    if (type == "integerValue")
      return integer(value);
    if (type == "doubleValue") // "NaN" and "Infinity" are text there, and stay it
      return value.is_number() || value.is_string() ? value : fail("a number", shown(value));
    if (type == "geoPointValue")
      return value;
    if (type == "mapValue")
      return nested(value, "fields", depth);
    if (type == "arrayValue")
      return nested(value, "values", depth);
    return fail("a type of Firestore's values", io::quoted(type));
  }

  json integer(const json& value) {
    if (value.is_number_integer())
      return value;
    int64_t number = 0;
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc{} && end == text.data() + text.size())
        return number;
    }
    return fail("a whole number of 64 bits in quotes", shown(value));
  }

  json nested(const json& value, const char* name, size_t depth) {
    const bool list = std::string_view{name} == "values";
    const auto found = value.is_object() ? value.find(name) : value.end();
    if (!value.is_object() || (found != value.end() && found->is_array() != list))
      return fail(list ? "a list as values" : "an object as fields", shown(value));
    if (found == value.end())
      return list ? json::array() : json::object(); // empty ones leave it out
    if (!list)
      return found->is_object() ? fields(*found, depth + 1)
                                : fail("an object as fields", shown(*found));
    json made = json::array();
    for (size_t i = 0; i < found->size() && !failed_; ++i) {
      path_.emplace_back(i);
      made.push_back(plain_value((*found)[i], depth + 1));
      path_.pop_back();
    }
    return made;
  }

  json fail(std::string expected, std::string got) {
    if (!failed_)
      wrong_ = {path_, std::move(expected), std::move(got)};
    failed_ = true;
    return nullptr;
  }

  record_fault& wrong_;
  json_path path_;
  bool failed_ = false;
};

} // namespace

bool is_firestore_document(const json& x) {
  return x.is_object() && x.contains("fields") && x.at("fields").is_object() && !x.contains("leads")
         && !x.contains("prospects");
}

std::optional<json> plain_of_firestore(const json& document, record_fault& wrong) {
  if (!is_firestore_document(document)) {
    wrong = {{}, "a document of Firestore with fields", shown(document)};
    return std::nullopt;
  }
  firestore_reader reader{wrong};
  auto made = reader.fields(document.at("fields"), 1);
  if (reader.failed())
    return std::nullopt;
  const auto name = document.find("name");
  if (!made.contains("request_id") && name != document.end() && name->is_string()) {
    const auto& path = name->get_ref<const std::string&>();
    made["request_id"] = path.substr(path.rfind('/') + 1); // all of it where there is no slash
  }
  const auto created = document.find("createTime");
  if (!made.contains("timestamp") && created != document.end())
    made["timestamp"] = *created;
  return made;
}

} // namespace sluice::io
