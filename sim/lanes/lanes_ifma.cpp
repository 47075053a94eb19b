#include "sim/lanes/lanes_kernel.hpp"

#if defined(__AVX512IFMA__) // CMakeLists.txt asks for it where the processor family has it

#include <immintrin.h>

namespace sluice {

namespace {

struct words {
  __m512i a, b;
};
struct reals {
  __m512d a, b;
};
struct choice {
  __mmask8 a, b;
};

SLUICE_LANES choice operator&(choice x, choice y) {
  return {static_cast<__mmask8>(x.a & y.a), static_cast<__mmask8>(x.b & y.b)};
}

/// Two groups of lanes, some bytes apart: one calculates while the other waits for its products.
struct registers {
  using word = words;
  using real = reals;
  using bits = choice;

  size_t apart;

  template <class T>
  SLUICE_LANES T* other(T* row) const {
    return reinterpret_cast<T*>(reinterpret_cast<uintptr_t>(row) + apart);
  }
  SLUICE_LANES word load(const lane_row& row) const {
    return {_mm512_load_si512(row), _mm512_load_si512(other(row))};
  }
  SLUICE_LANES real load(const double (&row)[lane_count]) const {
    return {_mm512_load_pd(row), _mm512_load_pd(other(row))};
  }
  SLUICE_LANES void store(lane_row& row, bits where, word x) const {
    _mm512_mask_store_epi64(row, where.a, x.a);
    _mm512_mask_store_epi64(other(row), where.b, x.b);
  }
  SLUICE_LANES static word all(uint64_t x) {
    const auto row = _mm512_set1_epi64(static_cast<long long>(x));
    return {row, row};
  }
  SLUICE_LANES static real all_real(double x) { return {_mm512_set1_pd(x), _mm512_set1_pd(x)}; }

  SLUICE_LANES static word add_low(word sum, word x, word y) {
    return {_mm512_madd52lo_epu64(sum.a, x.a, y.a), _mm512_madd52lo_epu64(sum.b, x.b, y.b)};
  }
  SLUICE_LANES static word add_high(word sum, word x, word y) {
    return {_mm512_madd52hi_epu64(sum.a, x.a, y.a), _mm512_madd52hi_epu64(sum.b, x.b, y.b)};
  }
  SLUICE_LANES static word add(word x, word y) {
    return {_mm512_add_epi64(x.a, y.a), _mm512_add_epi64(x.b, y.b)};
  }
  SLUICE_LANES static word subtract(word x, word y) {
    return {_mm512_sub_epi64(x.a, y.a), _mm512_sub_epi64(x.b, y.b)};
  }
  SLUICE_LANES static word subtract_where(word x, bits where, word y) {
    return {_mm512_mask_sub_epi64(x.a, where.a, x.a, y.a),
            _mm512_mask_sub_epi64(x.b, where.b, x.b, y.b)};
  }
  SLUICE_LANES static word above(word x) {
    return {_mm512_srai_epi64(x.a, 52), _mm512_srai_epi64(x.b, 52)};
  }
  SLUICE_LANES static word raise(word x) {
    return {_mm512_slli_epi64(x.a, 52), _mm512_slli_epi64(x.b, 52)};
  }
  SLUICE_LANES static word low_bits(word x) {
    const auto mask = all(lockstep::limb_mask);
    return {_mm512_and_si512(x.a, mask.a), _mm512_and_si512(x.b, mask.b)};
  }
  SLUICE_LANES static word magnitude(word x) {
    return {_mm512_abs_epi64(x.a), _mm512_abs_epi64(x.b)};
  }
  SLUICE_LANES static bits negative(word x) {
    return {_mm512_movepi64_mask(x.a), _mm512_movepi64_mask(x.b)};
  }
  SLUICE_LANES static bits any(word x, uint64_t bits_of_interest) {
    const auto mask = all(bits_of_interest);
    return {_mm512_test_epi64_mask(x.a, mask.a), _mm512_test_epi64_mask(x.b, mask.b)};
  }
  SLUICE_LANES static bits none(word x) {
    return {_mm512_testn_epi64_mask(x.a, x.a), _mm512_testn_epi64_mask(x.b, x.b)};
  }

  SLUICE_LANES static real real_of(word x) {
    return {_mm512_cvtepi64_pd(x.a), _mm512_cvtepi64_pd(x.b)};
  }
  /// The nearest integer, in the low 52 bits; for 0 <= x < 2^52.
  SLUICE_LANES static word digit(real x) {
    const auto sum = plus(x, all_real(0x1p52));
    return {_mm512_castpd_si512(sum.a), _mm512_castpd_si512(sum.b)};
  }
  SLUICE_LANES static real plus(real x, real y) {
    return {_mm512_add_pd(x.a, y.a), _mm512_add_pd(x.b, y.b)};
  }
  SLUICE_LANES static real minus(real x, real y) {
    return {_mm512_sub_pd(x.a, y.a), _mm512_sub_pd(x.b, y.b)};
  }
  SLUICE_LANES static real times(real x, real y) {
    return {_mm512_mul_pd(x.a, y.a), _mm512_mul_pd(x.b, y.b)};
  }
  SLUICE_LANES static real divide(real x, real y) {
    return {_mm512_div_pd(x.a, y.a), _mm512_div_pd(x.b, y.b)};
  }
  SLUICE_LANES static real multiply_add(real x, real y, real sum) {
    return {_mm512_fmadd_pd(x.a, y.a, sum.a), _mm512_fmadd_pd(x.b, y.b, sum.b)};
  }
  SLUICE_LANES static real at_least_one(real x) {
    const auto one = all_real(1);
    return {_mm512_max_pd(x.a, one.a), _mm512_max_pd(x.b, one.b)};
  }
  SLUICE_LANES static real floor(real x) {
    constexpr int down = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
    return {_mm512_roundscale_pd(x.a, down), _mm512_roundscale_pd(x.b, down)};
  }
  SLUICE_LANES static bits less(word x, word y) {
    return {_mm512_cmplt_epi64_mask(x.a, y.a), _mm512_cmplt_epi64_mask(x.b, y.b)};
  }
  SLUICE_LANES static bits below(real x, real y) {
    return {_mm512_cmp_pd_mask(x.a, y.a, _CMP_LT_OQ), _mm512_cmp_pd_mask(x.b, y.b, _CMP_LT_OQ)};
  }
  SLUICE_LANES static bits equal(real x, real y) {
    return {_mm512_cmp_pd_mask(x.a, y.a, _CMP_EQ_OQ), _mm512_cmp_pd_mask(x.b, y.b, _CMP_EQ_OQ)};
  }
};

} // namespace

void lockstep::swap_in_registers(lanes* all, size_t count, const lane_order& order,
                                 uint8_t* which) {
  for (size_t i = 0; i < count; i += 2) {
    const size_t next = i + 1 < count ? 1 : 0; // a group without another is its own, idle
    auto& first = all[i];
    auto& second = all[i + next];
    count_swap(first);
    if (next != 0)
      count_swap(second);
    choice asked{static_cast<__mmask8>(which[i] & first.ready), 0};
    if (next != 0)
      asked.b = static_cast<__mmask8>(which[i + 1] & second.ready);
    const auto needs = needs_of(first, order, asked.a) | needs_of(second, order, asked.b);
    const auto took = swap(registers{next * sizeof(lanes)}, first, order, needs, asked);
    which[i] = took.a;
    if (next != 0)
      which[i + 1] = took.b;
  }
}

} // namespace sluice

#else

namespace sluice {

void lockstep::swap_in_registers(lanes* all, size_t count, const lane_order& order,
                                 uint8_t* which) {
  swap_in_turns(all, count, order, which);
}

} // namespace sluice

#endif
