#include "storage/tables.hpp"

namespace sluice::storage {

#define SLUICE_CODED_HERE(T)                                                                       \
  template std::string encode(const T&);                                                           \
  template result<T> decode(std::string_view);
SLUICE_ROWS_CODED(SLUICE_CODED_HERE)

} // namespace sluice::storage
