#include "actors/report/weights_text.hpp"

#include "io/text/numbers.hpp"
#include "io/text/text.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::report {

namespace {

/// One digit after the point, more of what is less than half of that.
std::string percent_text(double percent) {
  const bool small = percent > 0 && percent < 0.05;
  return fixed(percent, small ? static_cast<int>(std::ceil(-std::log10(percent))) : 1) + " %";
}

} // namespace

std::vector<std::pair<uint16_t, double>> shares_of(const weight_row& row) {
  double sum = 0;
  for (const auto& [uid, value] : row)
    sum += value;
  std::vector<std::pair<uint16_t, double>> shares;
  for (const auto& [uid, value] : row)
    shares.emplace_back(uid, sum > 0 ? 100 * value / sum : 0);
  std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return shares;
}

std::string share_text(const weight_row& row, std::optional<miner_uid> burn) {
  std::string text;
  std::string burned;
  for (const auto& [uid, percent] : shares_of(row)) {
    const auto name = "uid " + std::to_string(uid);
    const auto share = ": " + percent_text(percent);
    if (burn && burn->value == uid)
      burned = "burn (" + name + ")" + share;
    else
      text += (text.empty() ? "" : ", ") + name + share;
  }
  if (!burned.empty())
    text += (text.empty() ? "" : ", ") + burned;
  return text.empty() ? "nobody" : text;
}

std::string fate_text(const publish_record& record) {
  const auto reason = record.reason.empty() ? "no reason given" : plain(record.reason);
  switch (record.status) {
  case publish_status::skipped:
    return "not published: " + reason;
  case publish_status::failed:
    return "failed: " + reason;
  case publish_status::intended:
    return "not sent yet";
  case publish_status::sent:
    return "sent, not read back yet";
  case publish_status::confirmed:
    break;
  }
  const auto block = ", block " + std::to_string(record.read_back_block);
  return record.read_back == record.row
           ? "read back: same" + block
           : "read back: different" + block + ": " + share_text(record.read_back, std::nullopt);
}

std::string read_back_text(const publish_record& record) {
  if (record.status != publish_status::confirmed)
    return "-";
  return record.read_back == record.row ? "same" : "different";
}

std::string parts_text(const weight_parts& parts) {
  if (parts.size() < 2)
    return {};
  std::string text;
  for (const auto& x : parts) {
    text += (text.empty() ? "" : ", ") + x.mechanism + ' ' + percent_text(100 * x.share);
    if (x.state == part_state::kept)
      text += " by its scores of " + std::to_string(x.age) + (x.age == 1 ? " epoch" : " epochs")
              + " ago";
    if (x.state == part_state::burned)
      text += " burned: " + plain(x.why);
  }
  return text;
}

std::string_view name_of(part_state x) {
  switch (x) {
  case part_state::fresh:
    return "fresh";
  case part_state::kept:
    return "kept";
  case part_state::burned:
    return "burned";
  }
  return "unknown";
}

std::string_view name_of(publish_status x) {
  switch (x) {
  case publish_status::intended:
    return "intended";
  case publish_status::sent:
    return "sent";
  case publish_status::confirmed:
    return "confirmed";
  case publish_status::failed:
    return "failed";
  case publish_status::skipped:
    return "skipped";
  }
  return "unknown";
}

} // namespace sluice::report
