/// Documents of Firestore's REST interface as plain JSON.
#pragma once

#include "io/leads/document.hpp"
#include "io/text/json_fields.hpp"

#include <optional>

namespace sluice::io {

/// Is this an object with `fields` as Firestore's documents have it?
bool is_firestore_document(const json& x);

/// The plain value of a document: its `fields`, each by its type (stringValue, integerValue,
/// doubleValue, booleanValue, nullValue, timestampValue, mapValue, arrayValue, referenceValue,
/// bytesValue, geoPointValue), at most 16 deep. A document without `request_id` gets the last part
/// of its `name`; one without `timestamp` its `createTime`. None, and what is wrong, for another
/// form.
std::optional<json> plain_of_firestore(const json& document, record_fault& wrong);

} // namespace sluice::io
