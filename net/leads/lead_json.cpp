#include "net/leads/lead_json.hpp"

#include <string>

namespace sluice::net::wire {

template <>
void reader::take(const io::json& from, lead_time& x) {
  const auto whole = [](const io::json& number) {
    return number.is_number_integer()
           && (!number.is_number_unsigned() || number.get<uint64_t>() <= uint64_t{INT64_MAX});
  };
  if (from.is_string()) {
    std::string text;
    take_text(from, text);
    if (text.size() > leads_limits::time_bytes_max)
      return wrong("a time of at most " + std::to_string(leads_limits::time_bytes_max) + " bytes",
                   from);
    x = lead_time::of_text(std::move(text));
  } else if (whole(from)) {
    x = lead_time::of_whole(from.get<int64_t>());
  } else if (from.is_number()) {
    x = lead_time::of_number(from.get<double>());
  } else if (from.is_object() && from.contains("seconds") && whole(from["seconds"])
             && (!from.contains("nanos") || whole(from["nanos"]))) {
    x = lead_time::of_parts(from["seconds"].get<int64_t>(),
                            from.contains("nanos") ? from["nanos"].get<int64_t>() : 0);
  } else {
    x = lead_time::no_time();
  }
}

template <>
io::json put(const lead_time& x) {
  switch (x.form) {
  case lead_time_form::text:
    return x.text;
  case lead_time_form::whole:
    return x.whole;
  case lead_time_form::real:
    return x.number;
  case lead_time_form::parts: {
    io::json parts;
    parts["seconds"] = x.whole;
    parts["nanos"] = x.nanos;
    return parts;
  }
  case lead_time_form::missing:
  case lead_time_form::other:
    break;
  }
  return nullptr;
}

template <>
io::json put(const lead& x) {
  auto object = io::json::object();
  for_each_field(x, [&object]<class M>(std::string_view name, const M& member) {
    if constexpr (is_optional<M>) {
      if (member)
        object[std::string{name}] = *member;
    } else if constexpr (std::is_same_v<std::remove_const_t<M>, std::string>) {
      if (!member.empty())
        object[std::string{name}] = member;
    } else if (auto time = put(member); !time.is_null()) {
      object[std::string{name}] = std::move(time);
    }
  });
  return object;
}

std::optional<fault> leads_fault(const std::vector<lead>& leads, std::string_view where) {
  for (size_t i = 0; i < leads.size(); ++i)
    if (const auto checked
        = check_bounds(leads[i], std::string{where} + '[' + std::to_string(i) + ']');
        !checked)
      return checked.error();
  return {};
}

void read_aliases(io::json& list) {
  if (!list.is_array())
    return;
  for (auto& object : list) {
    if (!object.is_object())
      continue;
    for (auto at = object.begin(); at != object.end();)
      if (at->is_null())
        at = object.erase(at);
      else
        ++at;
    for (const auto* name : {"email", "Owner(s) Email"})
      if (object.contains(name) && !object.contains("owner_email"))
        object["owner_email"] = io::json(object[name]);
  }
}

} // namespace sluice::net::wire
