/// Random values of every stored type, built from their field lists.
#pragma once

#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"

#include <bit>
#include <random>

namespace sluice::storage::test {

/// Random, with many zeros, extremes and empty containers.
class any_value {
public:
  explicit any_value(uint64_t seed) : chance_(seed) {}

  uint64_t number() {
    switch (chance_() % 6) {
    case 0:
      return 0;
    case 1:
      return ~uint64_t{0};
    case 2:
      return chance_() % 256;
    default:
      return chance_();
    }
  }
  uint64_t below(uint64_t n) { return chance_() % n; }

  template <class T>
  T make() {
    T x{};
    fill(x);
    return x;
  }

  template <has_fields T>
  void fill(T& x) {
    std::apply([this](auto&... parts) { (this->fill(parts), ...); }, x.fields());
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void fill(T& x) {
    if constexpr (std::is_same_v<T, bool>)
      x = below(2) == 1;
    else if constexpr (std::is_same_v<T, double>)
      x = below(4) == 0 ? 0.0 : std::ldexp(static_cast<double>(number()), -32) - 1e6;
    else
      x = static_cast<T>(number());
  }
  template <class T>
  requires std::is_enum_v<T>
  void fill(T& x) {
    do
      x = static_cast<T>(below(8));
    while (!known(x));
  }
  void fill(u128& x) { x = u128{number()} << 64 | number(); }
  void fill(i128& x) { x = static_cast<i128>(make<u128>()); }
  void fill(u256& x) { x = u256::from_limbs({number(), number(), number(), number()}); }
  void fill(i256& x) { x = i256::from_u256(make<u256>()); }
  void fill(std::string& x) {
    x.clear();
    for (auto n = below(12); n > 0; --n)
      x.push_back(static_cast<char>(below(3) ? 'a' + below(4) : below(256)));
  }
  template <class T>
  void fill(std::optional<T>& x) {
    if (below(2))
      fill(x.emplace());
  }
  template <class T>
  void fill(std::vector<T>& x) {
    x.resize(below(4));
    for (auto& item : x)
      fill(item);
  }
  template <class T, size_t N>
  void fill(std::array<T, N>& x) {
    for (auto& item : x)
      fill(item);
  }
  template <class A, class B>
  void fill(std::pair<A, B>& x) {
    fill(x.first);
    fill(x.second);
  }
  template <class T>
  void fill(std::set<T>& x) {
    for (auto n = below(4); n > 0; --n)
      x.insert(make<T>());
  }
  template <class K, class V>
  void fill(std::map<K, V>& x) {
    for (auto n = below(4); n > 0; --n)
      x.emplace(make<K>(), make<V>());
  }

private:
  std::mt19937_64 chance_;
};

/// Calls `f.template operator()<T>()` for every type that a table holds.
template <class F>
void for_each_stored_type(F f) {
  f.template operator()<job_record>();
  f.template operator()<round_record>();
  f.template operator()<prediction>();
  f.template operator()<miner_score>();
  f.template operator()<participation_day>();
  f.template operator()<live_execution>();
  f.template operator()<mechanism_scores>();
  f.template operator()<publish_record>();
  f.template operator()<uint32_t>();
  f.template operator()<uint64_t>();
  f.template operator()<journal_entry>();
  f.template operator()<feed_block>();
  f.template operator()<checkpoint>();
  f.template operator()<dev_chain>();
  f.template operator()<inclusion>();
}

} // namespace sluice::storage::test
