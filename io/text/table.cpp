#include "io/text/table.hpp"

#include "io/text/text.hpp"

#include <algorithm>
#include <numeric>

namespace sluice::report {

namespace {

constexpr size_t gap = 2;             // between columns
constexpr size_t note_width_min = 36; // of a column for notes
constexpr size_t indent_max = 8;
constexpr size_t span_width_min = 12; // of the place for a note among the numbers

/// Which columns are shown, and how wide.
struct layout {
  std::vector<size_t> shown;  // indices, in order
  std::vector<size_t> widths; // of the shown
  size_t note = 0;            // width of the column for notes; 0: there is none

  size_t total() const {
    return std::accumulate(widths.begin(), widths.end(), size_t{0})
           + gap * (shown.empty() ? 0 : shown.size() - 1);
  }
};

layout lay_out(const std::vector<table_column>& columns, const std::vector<table_row>& rows,
               std::vector<size_t> shown) {
  layout plan{std::move(shown), {}, 0};
  for (auto i : plan.shown) {
    auto width = shown_width(columns[i].title);
    for (const auto& row : rows)
      if (row.has_numbers || columns[i].notes != note_place::yes)
        width = std::max(width, shown_width(row.cells[i]));
    plan.widths.push_back(width);
  }
  return plan;
}

/// Those that shrink last, or the others.
void shrink(layout& plan, const std::vector<table_column>& columns, size_t width, bool last) {
  for (size_t k = 0; k < plan.shown.size() && plan.total() > width; ++k)
    if (const auto& column = columns[plan.shown[k]];
        column.shrinks_last == last && column.shrink_to != 0 && plan.widths[k] > column.shrink_to)
      plan.widths[k] -= std::min(plan.widths[k] - column.shrink_to, plan.total() - width);
}

/// Short titles first, then narrower columns, then fewer, then those that shrink last.
layout fit(std::vector<table_column>& columns, const std::vector<table_row>& rows, size_t width) {
  std::vector<size_t> shown(columns.size());
  std::iota(shown.begin(), shown.end(), 0);
  auto plan = lay_out(columns, rows, shown);
  if (plan.total() > width) {
    for (auto& column : columns)
      if (!column.short_title.empty())
        column.title = column.short_title;
    plan = lay_out(columns, rows, shown);
  }
  for (;;) {
    shrink(plan, columns, width, false);
    const auto least = std::max_element(shown.begin(), shown.end(), [&](size_t a, size_t b) {
      return columns[a].drop < columns[b].drop;
    });
    if (plan.total() <= width)
      return plan;
    if (columns[*least].drop == 0) {
      shrink(plan, columns, width, true);
      return plan;
    }
    shown.erase(least);
    plan = lay_out(columns, rows, shown);
  }
}

/// Width of the neighbours that a note may go across, and the last of them; none: shown.size().
std::pair<size_t, size_t> note_span(const layout& plan, const std::vector<table_column>& columns) {
  size_t width = 0;
  auto last = plan.shown.size();
  for (size_t k = 0; k < plan.shown.size(); ++k)
    if (columns[plan.shown[k]].notes == note_place::yes) {
      width += plan.widths[k] + (width ? gap : 0);
      last = k;
    }
  return {width, last};
}

/// Space for notes: a column of their own, or what is left over goes to the numbers they replace.
void place_notes(layout& plan, const std::vector<table_column>& columns,
                 const std::vector<table_row>& rows, size_t width) {
  size_t longest = 0;
  size_t longest_alone = 0;
  for (const auto& row : rows) {
    longest = std::max(longest, shown_width(row.note));
    if (!row.has_numbers)
      longest_alone = std::max(longest_alone, shown_width(row.note));
  }
  if (longest == 0 || plan.total() > width)
    return;
  const auto left = width - plan.total();
  if (left >= gap + std::min(longest, note_width_min)) {
    plan.note = std::min(longest, left - gap);
    return;
  }
  const auto [span, last] = note_span(plan, columns);
  if (last == plan.shown.size() || longest_alone <= span)
    return;
  plan.widths[last] += std::min(width - plan.total(), longest_alone - span);
}

class painter {
public:
  painter(const std::vector<table_column>& columns, layout plan, size_t width, bool color,
          charset letters)
    : columns_(columns), plan_(std::move(plan)), width_(width), color_(color), letters_(letters) {}

  std::string titles() const {
    std::vector<std::string> cells;
    for (const auto& column : columns_)
      cells.push_back(column.title);
    return line(cells, plan_.note ? "note" : "", tone::faint);
  }

  std::string row(const table_row& x) const {
    if (plan_.note || x.note.empty())
      return line(x.cells, x.note, x.how);
    if (!x.has_numbers && note_span(plan_, columns_).first >= span_width_min)
      return noted(x);
    const auto how = x.how == tone::normal || x.how == tone::winner ? tone::faint : x.how;
    return line(x.cells, "", x.how) + finished(std::string(indent(), ' ') + x.note, how);
  }

private:
  std::string cell(size_t k, const std::string& text) const {
    const auto fits = cut_middle(text, plan_.widths[k], letters_);
    return columns_[plan_.shown[k]].right ? pad_left(fits, plan_.widths[k], letters_)
                                          : pad_right(fits, plan_.widths[k], letters_);
  }

  std::string line(const std::vector<std::string>& cells, const std::string& note, tone how) const {
    std::string text;
    for (size_t k = 0; k < plan_.shown.size(); ++k)
      text += (k ? std::string(gap, ' ') : "") + cell(k, cells[plan_.shown[k]]);
    if (plan_.note && !note.empty())
      text += std::string(gap, ' ') + cut(note, plan_.note, letters_);
    return finished(text, how);
  }

  /// A row whose numbers make way for its note.
  std::string noted(const table_row& x) const {
    auto [span, last] = note_span(plan_, columns_);
    while (shown_width(x.note) > span && last + 1 < plan_.shown.size()
           && columns_[plan_.shown[last + 1]].notes == note_place::if_needed)
      span += gap + plan_.widths[++last];
    std::string text;
    bool note_shown = false;
    for (size_t k = 0; k < plan_.shown.size(); ++k) {
      const bool covered = columns_[plan_.shown[k]].notes != note_place::no && k <= last;
      if (covered && note_shown)
        continue;
      text += k ? std::string(gap, ' ') : "";
      text += covered ? pad_right(x.note, span, letters_) : cell(k, x.cells[plan_.shown[k]]);
      note_shown = note_shown || covered;
    }
    return finished(text, x.how);
  }

  /// Where the first cells are.
  size_t indent() const {
    size_t at = 0;
    for (size_t k = 0; k < plan_.shown.size(); ++k) {
      if (!columns_[plan_.shown[k]].right)
        return std::min(at, indent_max);
      at += plan_.widths[k] + gap;
    }
    return gap;
  }

  std::string finished(const std::string& text, tone how) const {
    auto whole = cut(text, width_, letters_);
    whole.erase(whole.find_last_not_of(' ') + 1);
    return paint(whole, how, color_) + '\n';
  }

  const std::vector<table_column>& columns_;
  layout plan_;
  size_t width_;
  bool color_;
  charset letters_;
};

void show_in(charset letters, std::vector<table_column>& columns, std::vector<table_row>& rows) {
  if (letters == charset::utf8)
    return;
  for (auto& column : columns) {
    column.title = shown(column.title, letters);
    column.short_title = shown(column.short_title, letters);
  }
  for (auto& row : rows) {
    for (auto& cell : row.cells)
      cell = shown(cell, letters);
    row.note = shown(row.note, letters);
  }
}

} // namespace

std::string draw_table(std::vector<table_column> columns, std::vector<table_row> rows, size_t width,
                       bool color, charset letters) {
  if (columns.empty())
    return {};
  show_in(letters, columns, rows);
  auto plan = fit(columns, rows, width);
  place_notes(plan, columns, rows, width);
  const painter paints{columns, std::move(plan), width, color, letters};
  auto text = paints.titles();
  for (const auto& x : rows)
    text += paints.row(x);
  return text;
}

} // namespace sluice::report
