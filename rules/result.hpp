/// A value or the reason why there is none.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace sluice {

/// What can go wrong without it being a bug. Append only: the numbers travel.
enum class ec : uint8_t {
  none = 0,
  invalid_argument, // the caller asked for something that cannot be
  out_of_range,     // a number beyond its bounds
  no_such_key,      // not stored
  corrupt_data,     // bytes that cannot be what they claim
  schema_mismatch,  // a data folder of another version
  storage_full,     // disk, quota or map is full
  timeout,          // nobody answered in time
  refused,          // a guard refused, with its reason
  unreachable,      // file, folder, peer or port that cannot be reached
  chain_rejected,   // the chain's own error name is in the sentence
  bad_input,        // a file, flag or key of the user's; the sentence states where
  busy,             // held by another process
  read_only,        // may be read but not written
};

/// A code for programs and a sentence for people.
struct fault {
  ec code = ec::none;
  std::string what;
  bool operator==(const fault&) const = default;
};

template <class T>
class [[nodiscard]] result {
public:
  result(T x) : data_(std::in_place_index<0>, std::move(x)) {}
  result(fault f) : data_(std::in_place_index<1>, std::move(f)) {}

  explicit operator bool() const noexcept { return data_.index() == 0; }
  T& operator*() & { return std::get<0>(data_); }
  const T& operator*() const& { return std::get<0>(data_); }
  T&& operator*() && { return std::get<0>(std::move(data_)); }
  T* operator->() { return &std::get<0>(data_); }
  const T* operator->() const { return &std::get<0>(data_); }
  const fault& error() const { return std::get<1>(data_); }

private:
  std::variant<T, fault> data_;
};

/// Success without a value.
struct nothing {
  bool operator==(const nothing&) const = default;
};

} // namespace sluice
