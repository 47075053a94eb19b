/// A table for people that fits the terminal: what does not matter most makes space.
#pragma once

#include "io/text/charset.hpp"
#include "io/text/paint.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::report {

/// What a row without numbers may put its note across.
enum class note_place : uint8_t {
  no = 0,
  yes,
  if_needed, // right of `yes`, when the note is long
};

/// Widths count columns of a terminal.
struct table_column {
  std::string title{};
  std::string short_title = {}; // when the titles make the table too wide; "" for the same
  bool right = false;           // numbers
  uint32_t drop = 0;            // the highest is left out first; 0: never
  note_place notes = note_place::no;
  size_t shrink_to = 0;      // cells may be cut in the middle down to this; 0: never
  bool shrinks_last = false; // only when no other column can be left out any more
};

struct table_row {
  std::vector<std::string> cells; // one per column
  std::string note;
  bool has_numbers = true;
  tone how = tone::normal;
};

/// Lines that end in '\n' and are at most `width` columns of the terminal wide (cut when need be).
/// Notes have their own last column where there is space for it; else a row without numbers has its
/// note in their place, and a row with numbers on a line of its own below. For ascii titles, cells
/// and notes are shown() first. Each row has one cell per column (not checked).
std::string draw_table(std::vector<table_column> columns, std::vector<table_row> rows, size_t width,
                       bool color, charset letters);

} // namespace sluice::report
