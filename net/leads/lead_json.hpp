/// A lead as JSON, in messages to miners and over HTTP: the names of rules/leads/lead.hpp, and only
/// the fields that are known.
#pragma once

#include "net/miner_gateway/wire_value.hpp"
#include "rules/leads/lead.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace sluice::net::wire {

/// All fields of a lead: none has to be there.
inline constexpr size_t lead_fields = 18;
template <>
inline constexpr std::array<std::string_view, lead_fields>
  optional_fields<lead> = split_names<lead_fields>(lead::field_list());

/// A time of a lead is whatever it is written as; texts are at most
/// leads_limits::time_bytes_max bytes.
template <>
void reader::take(const io::json& from, lead_time& x);

template <>
io::json put(const lead_time& x);
/// Without the fields that are not known.
template <>
io::json put(const lead& x);

/// The first lead that is beyond leads_limits; `where`: "leads".
std::optional<fault> leads_fault(const std::vector<lead>& leads, std::string_view where);

/// Makes what clients of the original send readable: fields that are null go, and `email` or
/// `Owner(s) Email` is `owner_email` where that is missing. `list`: of leads; anything else is left
/// as it is.
void read_aliases(io::json& list);

} // namespace sluice::net::wire
