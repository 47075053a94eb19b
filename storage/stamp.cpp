#include "storage/stamp.hpp"

#include <algorithm>

namespace sluice::storage {

namespace {

fault wrong_store(const std::string& where, const std::string& what) {
  return {ec::corrupt_data, where + ": " + what + advice_to_restore(where)};
}

} // namespace

std::string advice_to_restore(const std::string& folder) {
  return ". Nothing was changed. Put back the stores that belong together, or restore a backup of "
         "the whole set (what is here is kept beside it): sluice db restore BACKUP --force --data "
         + folder;
}

uint64_t last_commit_of(std::span<const store_stamp> stamps) {
  uint64_t last = 0;
  for (const auto& one : stamps)
    last = std::max(last, one.commit);
  return last;
}

std::map<std::string, uint64_t>
known_to_others(std::span<const store_stamp> stamps, std::map<std::string, uint64_t> at_least) {
  for (const auto& one : stamps)
    for (const auto& [store, number] : one.known)
      at_least[store] = std::max(at_least[store], number);
  return at_least;
}

result<nothing> check_age(std::span<const store_stamp> stamps,
                          const std::map<std::string, uint64_t>& known, const std::string& where) {
  for (const auto& one : stamps)
    if (const auto i = known.find(one.store); i != known.end() && one.commit < i->second)
      return wrong_store(where, "the store " + one.store
                                  + " is older than the others: it ends with commit "
                                  + std::to_string(one.commit) + ", and they know of its commit "
                                  + std::to_string(i->second));
  return nothing{};
}

result<nothing>
check_identity(std::span<const store_stamp> stamps, std::span<const std::string> places,
               const std::string& id, const std::string& where) {
  for (size_t i = 0; i < stamps.size(); ++i) {
    const auto& one = stamps[i];
    const auto& expected = id.empty() ? stamps[0].folder : id;
    if (one.folder != expected)
      return wrong_store(where, "the store " + places[i]
                                  + " belongs to another data folder: it has the id " + one.folder
                                  + ", this folder " + expected);
    if (one.store != places[i])
      return wrong_store(where, "in the place of the store " + places[i] + " lies the store "
                                  + one.store + ": they were swapped");
    if (one.format != row_format)
      return fault{ec::schema_mismatch, where + ": the store " + places[i] + " has rows of form "
                                          + std::to_string(one.format) + ", this version reads "
                                          + std::to_string(row_format) + "; use a newer sluice"};
  }
  return nothing{};
}

result<nothing> check_set(std::span<const store_stamp> stamps, std::span<const std::string> places,
                          const std::string& id, const std::string& where) {
  if (auto same = check_identity(stamps, places, id, where); !same)
    return same;
  return check_age(stamps, known_to_others(stamps), where);
}

} // namespace sluice::storage
