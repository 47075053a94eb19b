#include "io/leads/document.hpp"

#include "rules/address_check.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace sluice::io {

namespace {

/// Reads one record; the first thing that is wrong sticks.
class lead_document_reader {
public:
  explicit lead_document_reader(record_fault& wrong) : wrong_(wrong) {}

  bool failed() const { return failed_; }

  lead read_one(const json& x) {
    lead made;
    if (!x.is_object()) {
      fail("an object", shown(x));
      return made;
    }
    for (const auto& [name, value] : x.items())
      read_member(made, name, value);
    return made;
  }

  std::vector<lead> read_list(const json& x, const char* name) {
    std::vector<lead> made;
    path_.emplace_back(name);
    const auto found = x.find(name);
    if (found == x.end() || !found->is_array()) {
      fail("a list of leads", found == x.end() ? "nothing" : shown(*found));
      return made;
    }
    if (found->size() > leads_limits::document_leads_max)
      fail("at most " + std::to_string(leads_limits::document_leads_max) + " leads",
           std::to_string(found->size()));
    for (size_t i = 0; i < found->size() && !failed_; ++i) {
      path_.emplace_back(i);
      made.push_back(read_one((*found)[i]));
      path_.pop_back();
    }
    path_.pop_back();
    return made;
  }

  std::string text(const std::string& name, const json& value, size_t bytes_max) {
    std::string made;
    if (value.is_string())
      made = value.get<std::string>();
    else if (value.is_number())
      made = value.dump();
    if (made.size() > bytes_max) {
      path_.emplace_back(name);
      fail("at most " + std::to_string(bytes_max) + " bytes", std::to_string(made.size()));
      path_.pop_back();
    }
    return made;
  }

private:
  void read_member(lead& into, const std::string& name, const json& value) {
    for_each_field(into, [&]<class T>(std::string_view field, T& member) {
      if (field != name || failed_)
        return;
      if constexpr (std::is_same_v<T, std::string>) {
        const bool is_name = name == "source" || name == "curated_by";
        const bool is_ident = name == "id" || name == "owner_email";
        if (!is_name || value.is_string()) // a number is no hotkey
          member = text(name, value,
                        is_name    ? leads_limits::hotkey_bytes_max
                        : is_ident ? leads_limits::ident_bytes_max
                                   : leads_limits::text_bytes_max);
      } else if constexpr (std::is_same_v<T, lead_time>) {
        member = read_lead_time(value);
      } else {
        member = score(value, name == "conversion_score");
      }
    });
  }

  static std::optional<double> score(const json& value, bool any_counts) {
    if (value.is_number() && std::isfinite(value.get<double>()))
      return value.get<double>();
    return any_counts && !value.is_null() ? std::optional{0.0} : std::nullopt;
  }

  void fail(std::string expected, std::string got) {
    if (!failed_)
      wrong_ = {path_, std::move(expected), std::move(got)};
    failed_ = true;
  }

  record_fault& wrong_;
  json_path path_;
  bool failed_ = false;
};

const json& member_of(const json& x, const char* name) {
  static const json nothing_here;
  const auto found = x.find(name);
  return found == x.end() ? nothing_here : *found;
}

bool refuse_other_than_object(const json& x, record_fault& wrong) {
  if (x.is_object())
    return false;
  wrong = {{}, "an object", shown(x)};
  return true;
}

std::optional<int64_t> whole_of(const json& x) {
  if (x.is_number_unsigned()) {
    const auto value = x.get<uint64_t>();
    if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
      return std::nullopt;
    return static_cast<int64_t>(value);
  }
  return x.is_number_integer() ? std::optional{x.get<int64_t>()} : std::nullopt;
}

} // namespace

lead_time read_lead_time(const json& x) {
  if (x.is_string()) {
    const auto& text = x.get_ref<const std::string&>();
    return text.size() > leads_limits::time_bytes_max ? lead_time::no_time()
                                                      : lead_time::of_text(text);
  }
  if (x.is_number()) {
    const auto whole = whole_of(x);
    return whole ? lead_time::of_whole(*whole) : lead_time::of_number(x.get<double>());
  }
  if (x.is_object()) {
    const auto seconds = whole_of(member_of(x, "seconds"));
    const auto nanos
      = x.contains("nanos") ? whole_of(member_of(x, "nanos")) : std::optional<int64_t>{0};
    if (seconds && nanos)
      return lead_time::of_parts(*seconds, *nanos);
  }
  return lead_time::no_time();
}

std::optional<lead> read_lead(const json& x, record_fault& wrong) {
  lead_document_reader reader{wrong};
  auto made = reader.read_one(x);
  return reader.failed() ? std::nullopt : std::optional{std::move(made)};
}

std::optional<curation_result> read_curation_result(const json& x, record_fault& wrong) {
  if (refuse_other_than_object(x, wrong))
    return std::nullopt;
  lead_document_reader reader{wrong};
  curation_result made;
  made.request_id
    = reader.text("request_id", member_of(x, "request_id"), leads_limits::document_id_bytes_max);
  if (const auto at = x.find("timestamp"); at != x.end())
    made.timestamp = read_lead_time(*at);
  made.leads = reader.read_list(x, "leads");
  return reader.failed() ? std::nullopt : std::optional{std::move(made)};
}

std::optional<prospect_batch> read_prospect_batch(const json& x, record_fault& wrong) {
  if (refuse_other_than_object(x, wrong))
    return std::nullopt;
  lead_document_reader reader{wrong};
  prospect_batch made;
  made.miner_hotkey
    = reader.text("miner_hotkey", member_of(x, "miner_hotkey"), leads_limits::hotkey_bytes_max);
  if (const auto at = x.find("created_at"); at != x.end())
    made.created_at = read_lead_time(*at);
  made.prospects = reader.read_list(x, "prospects");
  if (!reader.failed() && made.miner_hotkey.empty()) {
    wrong = {{}, "the hotkey of the miner in miner_hotkey", "nothing"};
    return std::nullopt;
  }
  if (auto bad = address_fault(made.miner_hotkey); !reader.failed() && !bad.empty()) {
    wrong = {{}, std::move(bad) + " in miner_hotkey", made.miner_hotkey};
    return std::nullopt;
  }
  return reader.failed() ? std::nullopt : std::optional{std::move(made)};
}

json lead_time_json(const lead_time& x) {
  switch (x.form) {
  case lead_time_form::text:
    return x.text;
  case lead_time_form::whole:
    return x.whole;
  case lead_time_form::real:
    return x.number;
  case lead_time_form::parts:
    return json{{"seconds", x.whole}, {"nanos", x.nanos}};
  case lead_time_form::missing:
  case lead_time_form::other:
    break;
  }
  return nullptr;
}

json lead_json(const lead& x) {
  json made = json::object();
  for_each_field(x, [&]<class T>(std::string_view name, const T& member) {
    const std::string key{name};
    if constexpr (std::is_same_v<T, std::string>) {
      if (!member.empty())
        made[key] = member;
    } else if constexpr (std::is_same_v<T, lead_time>) {
      if (member.form != lead_time_form::missing)
        made[key] = lead_time_json(member);
    } else if (member) {
      made[key] = *member;
    }
  });
  return made;
}

json curation_result_json(const curation_result& x) {
  json made{{"kind", "curation_result"}, {"request_id", x.request_id}};
  if (x.timestamp.form != lead_time_form::missing)
    made["timestamp"] = lead_time_json(x.timestamp);
  made["leads"] = json::array();
  for (const auto& each : x.leads)
    made["leads"].push_back(lead_json(each));
  return made;
}

} // namespace sluice::io
