#include "io/leads/lead_file.hpp"

#include "io/leads/document.hpp"
#include "io/leads/firestore.hpp"
#include "io/leads/json_elements.hpp"
#include "io/text/json_keys.hpp"
#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sluice::io {

namespace {

constexpr size_t lead_line_bytes_max = size_t{16} << 20;
constexpr size_t lead_text_bytes_max = size_t{64} << 20;
constexpr size_t lead_depth_max = 64;
constexpr uint64_t records_per_progress = 256;
constexpr std::string_view correct_record = "correct the record or leave it out";

/// The lines of a text, as line_reader gives those of a file.
class lead_text_lines {
public:
  lead_text_lines(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  result<std::optional<std::string_view>> next() {
    while (at_ < text_.size()) {
      const auto end = std::min(text_.find('\n', at_), text_.size());
      auto line = text_.substr(at_, end - at_);
      at_ = end + 1;
      if (++number_ == 1 && line.starts_with("\xef\xbb\xbf")) // byte order mark
        line.remove_prefix(3);
      if (line.ends_with('\r'))
        line.remove_suffix(1);
      if (line.size() > lead_line_bytes_max)
        return bad_line(name_, number_, "",
                        "at most " + std::to_string(lead_line_bytes_max) + " bytes",
                        "a longer line", "split it");
      if (!is_utf8(line))
        return bad_line(name_, number_, "", "UTF-8", "other bytes", "save it as UTF-8 text");
      if (line.find_first_not_of(" \t") != std::string_view::npos)
        return std::optional{line};
    }
    return std::optional<std::string_view>{};
  }

  uint32_t number() const { return number_; }
  const std::string& path() const { return name_; }
  uint64_t bytes_read() const { return std::min<uint64_t>(at_, text_.size()); }
  uint64_t bytes_total() const { return text_.size(); }

private:
  std::string_view text_;
  const std::string& name_;
  size_t at_ = 0;
  uint32_t number_ = 0;
};

/// The record that a plain object is; none, and what is wrong.
std::optional<lead_record> record_of(const json& x, record_fault& wrong) {
  const auto kind = x.find("kind");
  const std::string named = kind != x.end() && kind->is_string() ? kind->get<std::string>() : "";
  lead_record made;
  if (named == "settings") {
    made.what = lead_file_settings{x};
    return made;
  }
  if (named == "prospects" || (named.empty() && x.contains("prospects"))) {
    auto batch = read_prospect_batch(x, wrong);
    if (!batch)
      return std::nullopt;
    made.what = *std::move(batch);
    return made;
  }
  if (named == "curation_result" || (named.empty() && x.contains("leads"))) {
    auto document = read_curation_result(x, wrong);
    if (!document)
      return std::nullopt;
    made.what = *std::move(document);
    return made;
  }
  wrong = {{},
           "a record of kind curation_result, prospects or settings",
           kind == x.end() ? "an object without kind, leads and prospects" : shown(*kind)};
  if (kind != x.end())
    wrong.path = {std::string{"kind"}};
  return std::nullopt;
}

/// Hands on records, counts, and states what is wrong with others.
class lead_record_reader {
public:
  lead_record_reader(const std::string& name, const lead_file_options& options,
                     const take_lead_record& take, const take_bad_record& bad)
    : name_(name), options_(options), take_(take), bad_(bad) {}

  /// One record as text that begins at `at`. A fault ends the reading.
  result<nothing> read(std::string_view text, const text_place& at) {
    if (json_depth(text) > lead_depth_max)
      return refuse(at, "", "at most " + std::to_string(lead_depth_max) + " levels", "more");
    json value;
    std::optional<std::string> twice;
    try { // the only way to learn where the text breaks
      value = parse_keys_once(text, twice);
    } catch (const json::parse_error& e) {
      return refuse_broken(text, at, e.byte);
    } catch (const json::exception& e) { // a number beyond all bounds
      return refuse(at, "", "JSON", std::string{"a value that cannot be: "} + e.what());
    }
    if (twice)
      return refuse(moved(at, place_of_byte(text, text.rfind('"' + *twice + '"'))), *twice,
                    "every key once", "it twice");
    return take_value(value, text, at);
  }

  /// A record that cannot be. A fault where that ends the reading.
  result<nothing> refuse(const text_place& at, std::string_view field, std::string_view expected,
                         std::string_view got) {
    return refused(bad_line(name_ + ":" + std::to_string(at.line), at.column, field, expected, got,
                            correct_record),
                   static_cast<uint32_t>(at.line));
  }

  result<nothing> refused(fault why, uint32_t line) {
    if (options_.strict)
      return why;
    ++counts_.bad;
    if (bad_)
      bad_({line, std::move(why.what)});
    return nothing{};
  }

  const lead_file_counts& counts() const { return counts_; }

private:
  /// A place in a part of a text, as one in the whole.
  static text_place moved(const text_place& begin, const text_place& inside) {
    return {begin.line + inside.line - 1,
            inside.line == 1 ? begin.column + inside.column - 1 : inside.column};
  }

  result<nothing> refuse_broken(std::string_view text, const text_place& at, size_t byte) {
    const auto place = moved(at, place_of_byte(text, byte > 0 ? byte - 1 : 0));
    const bool cut = byte > text.size();
    return refuse(place, "", "JSON",
                  cut ? "a record that is cut off" : io::quoted(text.substr(byte - 1), 20));
  }

  result<nothing> take_value(const json& value, std::string_view text, const text_place& at) {
    if (!value.is_object())
      return refuse(at, "", "an object", shown(value));
    const auto inside = value.find("document");
    const json* document = &value;
    if (inside != value.end() && !value.contains("leads"))
      document = &*inside;
    else if (value.contains("readTime") && !value.contains("fields"))
      return nothing{}; // runQuery's answer that nothing was found
    record_fault wrong;
    json plain;
    if (is_firestore_document(*document)) {
      auto made = plain_of_firestore(*document, wrong);
      if (!made)
        return refuse(at, to_text(wrong.path), wrong.expected, wrong.got);
      plain = *std::move(made);
      document = &plain;
    }
    if (!document->is_object())
      return refuse(at, "document", "an object", shown(*document));
    auto record = record_of(*document, wrong);
    if (!record)
      return refuse(document == &value ? moved(at, place_of(text, wrong.path)) : at,
                    to_text(wrong.path), wrong.expected, wrong.got);
    record->line = static_cast<uint32_t>(at.line);
    ++counts_.records;
    return take_(*record);
  }

  const std::string& name_;
  const lead_file_options& options_;
  const take_lead_record& take_;
  const take_bad_record& bad_;
  lead_file_counts counts_;
};

/// A JSON text over any lines: one record, or a list of them.
result<nothing>
read_lead_json(std::string_view text, const std::string& name, lead_record_reader& reader) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  std::optional<size_t> list;
  if (text[begin] == '[')
    list = begin;
  else if (!json_member(text, begin, "leads") && !json_member(text, begin, "fields"))
    list = json_member(text, begin, "documents");
  if (!list || text[*list] != '[')
    return reader.read(text.substr(begin), place_of_byte(text, begin));
  const auto parts = json_elements(text, *list);
  if (!parts)
    return bad_line(name, 0, "", "a whole JSON text", "one that is cut off",
                    "fetch or export it again");
  size_t line_begin = 0;
  size_t line = 1;
  size_t passed = 0;
  for (const auto& [from, to] : *parts) {
    for (; passed < from; ++passed)
      if (text[passed] == '\n') {
        ++line;
        line_begin = passed + 1;
      }
    if (auto read = reader.read(text.substr(from, to - from), {line, from - line_begin + 1}); !read)
      return read;
  }
  return nothing{};
}

/// Does the first line begin a JSON text that goes on, instead of being a record itself?
bool is_part_of_text(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t");
  if (line[begin] == '[')
    return true;
  if (line[begin] != '{' || json_depth(line) > lead_depth_max)
    return false;
  const auto list = json_member(line, begin, "documents");
  if (list && line[*list] == '[' && !json_member(line, begin, "leads")
      && !json_member(line, begin, "kind"))
    return true;
  if (json_elements(line, begin)) // the bracket closes here
    return false;
  const char last = line[line.find_last_not_of(" \t")];
  return last == '{' || last == '[' || last == ',' || last == ':'; // or else it is cut off
}

/// All lines from `first` on as one text, with the blank ones in between.
template <class Lines>
result<std::string> rest_as_text(Lines& lines, std::string text) {
  for (uint32_t passed = lines.number();; ++passed) {
    const auto line = lines.next();
    if (!line)
      return line.error();
    if (!line->has_value())
      return text;
    for (; passed < lines.number(); ++passed)
      text += '\n';
    text.append(**line);
    --passed;
    if (text.size() > lead_text_bytes_max)
      return bad_line(lines.path(), lines.number(), "", "at most 64 MiB in one JSON text", "more",
                      "export it in parts, or as JSON lines");
  }
}

template <class Lines>
result<lead_file_counts> read_leads_from(Lines& lines, const lead_file_options& options,
                                         const take_lead_record& take, const take_bad_record& bad) {
  lead_record_reader reader{lines.path(), options, take, bad};
  uint64_t records = 0;
  for (bool first = true;; first = false) {
    const auto before = lines.bytes_read();
    const auto line = lines.next();
    result<nothing> read = nothing{};
    if (!line && (line.error().code != ec::bad_input || lines.bytes_read() == before))
      return line.error(); // the disk, or a line without an end
    if (!line) {
      read = reader.refused(line.error(), lines.number());
    } else if (!line->has_value()) {
      break;
    } else if (first && is_part_of_text(**line)) {
      std::string text(lines.number() - 1, '\n');
      auto whole = rest_as_text(lines, text + std::string{**line});
      if (!whole)
        return whole.error();
      read = read_lead_json(*whole, lines.path(), reader);
      if (!read)
        return read.error();
      break;
    } else {
      read = reader.read(**line, {lines.number(), 1});
    }
    if (!read)
      return read.error();
    if (options.progress && ++records % records_per_progress == 0)
      options.progress(lines.bytes_read(), lines.bytes_total());
  }
  if (options.progress)
    options.progress(lines.bytes_read(), lines.bytes_total());
  return reader.counts();
}

} // namespace

result<lead_file_counts> read_lead_file(const std::string& path, const lead_file_options& options,
                                        const take_lead_record& take, const take_bad_record& bad) {
  auto lines = line_reader::open(path, lead_line_bytes_max);
  if (!lines)
    return lines.error();
  return read_leads_from(*lines, options, take, bad);
}

result<lead_file_counts>
read_lead_text(std::string_view text, const std::string& name, const lead_file_options& options,
               const take_lead_record& take, const take_bad_record& bad) {
  lead_text_lines lines{text, name};
  return read_leads_from(lines, options, take, bad);
}

} // namespace sluice::io
