/// Declares and makes the reading and writing of one kind of row, once for the whole program.
#pragma once

#include "storage/codec.hpp"

/// Below a table: its rows are coded in another file. Inside namespace sluice::storage.
#define SLUICE_ROWS_CODED_ELSEWHERE(T)                                                             \
  extern template std::string encode(const T&);                                                    \
  extern template result<T> decode(std::string_view);

/// In that file.
#define SLUICE_ROWS_CODED_HERE(T)                                                                  \
  template std::string encode(const T&);                                                           \
  template result<T> decode(std::string_view);
