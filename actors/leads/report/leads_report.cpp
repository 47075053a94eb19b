#include "actors/leads/report/leads_report.hpp"

#include "actors/report/json_event.hpp"
#include "io/leads/export.hpp"
#include "io/text/numbers.hpp"
#include "io/text/paint.hpp"
#include "io/text/text.hpp"
#include "rules/leads/node_settings.hpp"
#include "rules/leads/share_lines.hpp"

#include <nlohmann/json.hpp>

namespace sluice::report {

namespace {

constexpr size_t lead_miners_shown = 10;

const leads_detail* lead_detail_of(const step_report& step) {
  return dynamic_cast<const leads_detail*>(step.detail.get());
}

std::string attempt_text(const lead_step& x) {
  return x.attempt == 0 ? "none"
                        : std::to_string(x.attempt) + " (" + std::string{name_of(x.trigger)} + ')';
}

std::string counted_leads(uint64_t n, const char* what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

/// The shares, ranked, in the words of the original.
std::vector<std::string> share_lines_of(const share_report& x) {
  if (x.status == share_status::no_data)
    return {"no data: nobody has a share"};
  auto lines = ranked_lines(x.shares.weights_dict, lead_miners_shown);
  lines.push_back("Found " + std::to_string(x.shares.stats.total_miners) + " miners");
  lines.push_back("Total share: " + fixed(x.shares.stats.total_share, 6));
  return lines;
}

std::string drawn_shares(const share_report& x, const page& on) {
  std::string text;
  for (const auto& line : share_lines_of(x))
    text += cut(shown(plain(line), on.letters), on.columns, on.letters) + '\n';
  return text;
}

/// Shares of all miners by hotkey, as in the result of the original.
json shares_of_report(const share_report& x) {
  json shares = json::object();
  for (const auto& [key, share] : ranked(x.shares.weights_dict))
    shares[key.value] = share;
  return shares;
}

} // namespace

void leads_report::start(const run_started& first) {
  const auto at = first.mechanisms.find(std::string{leads_name});
  const auto* settings
    = at == first.mechanisms.end() ? nullptr : at->second.find<leads_node_settings>();
  if (settings)
    fact_ = "shares of " + std::to_string(settings->rules.window_days) + " days, "
            + fixed(settings->rules.w_curated, 2) + " curated and "
            + fixed(settings->rules.w_sourced, 2) + " sourced";
}

void leads_report::take(const step_report& step) {
  const auto* x = lead_detail_of(step);
  if (!x)
    return;
  shares_ = x->shares;
  requests_ += x->step.requests;
  delivered_ += x->step.delivered;
  leads_ += x->step.leads;
}

std::vector<std::pair<std::string, std::string>> leads_report::facts() const {
  if (fact_.empty())
    return {};
  return {{"leads", fact_}};
}

std::string leads_report::draw_step(const step_report& step, const page& on) const {
  const auto* x = lead_detail_of(step);
  if (!x)
    return {};
  std::vector<std::string> parts{"leads", counted_leads(x->step.requests, "request"),
                                 counted_leads(x->step.leads, "lead") + " delivered",
                                 std::to_string(x->step.intake.counts.of(intake_verdict::accepted))
                                   + " of " + counted_leads(x->step.intake.prospects, "prospect")
                                   + " taken"};
  if (x->step.attempt != 0)
    parts.push_back("publish " + attempt_text(x->step));
  return paint(flow(parts, on.columns, on.letters), tone::strong, on.color) + '\n'
         + drawn_shares(*x->shares, on) + '\n';
}

std::string leads_report::draw_summary(const page& on) const {
  if (!shares_)
    return {};
  const std::vector<std::string> parts{"leads", counted_leads(requests_, "request"),
                                       std::to_string(delivered_) + " delivered",
                                       counted_leads(leads_, "lead")};
  return paint(flow(parts, on.columns, on.letters), tone::strong, on.color) + '\n'
         + drawn_shares(*shares_, on) + '\n';
}

std::string leads_report::step_lines(const step_report& step) const {
  const auto* x = lead_detail_of(step);
  if (!x)
    return {};
  line out{"leads"};
  out.add("requests", x->step.requests)
    .add("delivered", x->step.delivered)
    .add("leads", x->step.leads)
    .add("prospects", x->step.intake.prospects)
    .add("accepted", x->step.intake.counts.of(intake_verdict::accepted))
    .add("documents", x->step.documents)
    .add("miners", uint64_t{x->shares->shares.stats.total_miners})
    .add("status", std::string{name_of(x->shares->status)});
  if (x->step.attempt != 0)
    out.add("attempt", x->step.attempt).add("trigger", std::string{name_of(x->step.trigger)});
  std::string shares;
  for (const auto& [key, share] : ranked(x->shares->shares.weights_dict)) {
    if (share <= 0)
      break;
    shares += (shares.empty() ? "" : ",") + key.value + ':' + fixed(share, 4);
  }
  return out.add_text("shares", shares).end();
}

std::string leads_report::summary_lines() const {
  if (!shares_)
    return {};
  return line{"leads_total"}
    .add("requests", requests_)
    .add("delivered", delivered_)
    .add("leads", leads_)
    .add("miners", uint64_t{shares_->shares.stats.total_miners})
    .end();
}

std::string
leads_report::step_json(uint64_t number, const step_report& step, const json_extras& extras) const {
  const auto* x = lead_detail_of(step);
  if (!x)
    return {};
  auto out = json_event("leads", extras);
  out["lap"] = number;
  out["requests"] = x->step.requests;
  out["delivered"] = x->step.delivered;
  out["leads"] = x->step.leads;
  out["prospects"] = x->step.intake.prospects;
  json intake = json::object();
  for (size_t i = 0; i < intake_verdicts; ++i)
    intake[std::string{name_of(static_cast<intake_verdict>(i))}]
      = x->step.intake.counts.by_verdict.at(i);
  out["intake"] = std::move(intake);
  out["documents"] = x->step.documents;
  out["attempt"] = x->step.attempt;
  out["trigger"] = x->step.attempt == 0 ? json(nullptr) : json(name_of(x->step.trigger));
  out["status"] = name_of(x->shares->status);
  out["shares"] = shares_of_report(*x->shares);
  return json_line(out);
}

void leads_report::add_to_summary(json& out) const {
  if (!shares_)
    return;
  out["leads"] = {{"requests", requests_},
                  {"delivered", delivered_},
                  {"leads", leads_},
                  {"shares", shares_of_report(*shares_)}};
}

} // namespace sluice::report
