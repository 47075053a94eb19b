#include "io/trading/event_file.hpp"

#include <numeric>

namespace sluice::io {

namespace {

constexpr size_t file_reasons_max = 20;

} // namespace

uint64_t event_file_counts::rejected_rows() const {
  return std::accumulate(rejected.begin(), rejected.end(), uint64_t{0});
}

void event_file_counts::add(const stake_row& row) {
  ++rows;
  if (row.event)
    return;
  ++rejected.at(static_cast<size_t>(row.rejected));
  if (why.size() < file_reasons_max)
    why.push_back(row.why);
}

void event_file_counts::add(const event_file_counts& other) {
  rows += other.rows;
  for (size_t i = 0; i < rejected.size(); ++i)
    rejected[i] += other.rejected[i];
  for (const auto& x : other.why)
    if (why.size() < file_reasons_max)
      why.push_back(x);
}

result<event_file>
event_file::open(const std::string& path, const event_row_options& options, bool strict) {
  auto lines = line_reader::open(path, event_line_bytes_max);
  if (!lines)
    return lines.error();
  return event_file{*std::move(lines), options, strict};
}

result<bool> event_file::read(std::vector<trading_event>& out, size_t events_max) {
  for (size_t taken = 0; taken < events_max;) {
    const auto line = lines_.next();
    if (!line)
      return line.error();
    if (!*line)
      return false;
    auto row = read_event_row(**line, lines_.path(), lines_.number(), options_);
    if (!row.event && strict_)
      return fault{ec::bad_input, row.why + " (stopped by strict)"};
    counts_.add(row);
    if (!row.event)
      continue;
    out.push_back(*std::move(row.event));
    ++taken;
  }
  return true;
}

} // namespace sluice::io
