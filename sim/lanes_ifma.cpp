#include "sim/lanes_kernel.hpp"

#if defined(__AVX512IFMA__) // CMakeLists.txt asks for it where the processor family has it

#include <immintrin.h>

namespace sluice {

namespace {

/// Eight lanes in a register.
struct registers {
  using word = __m512i;
  using real = __m512d;
  using bits = __mmask8;

  SLUICE_LANES static word load(const lane_row& row) { return _mm512_load_si512(row); }
  SLUICE_LANES static real load(const double (&row)[lane_count]) { return _mm512_load_pd(row); }
  SLUICE_LANES static void store(lane_row& row, bits where, word x) {
    _mm512_mask_store_epi64(row, where, x);
  }
  SLUICE_LANES static word all(uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
  SLUICE_LANES static real all_real(double x) { return _mm512_set1_pd(x); }

  SLUICE_LANES static word add_low(word sum, word a, word b) {
    return _mm512_madd52lo_epu64(sum, a, b);
  }
  SLUICE_LANES static word add_high(word sum, word a, word b) {
    return _mm512_madd52hi_epu64(sum, a, b);
  }
  SLUICE_LANES static word add(word a, word b) { return _mm512_add_epi64(a, b); }
  SLUICE_LANES static word subtract(word a, word b) { return _mm512_sub_epi64(a, b); }
  SLUICE_LANES static word subtract_where(word a, bits where, word b) {
    return _mm512_mask_sub_epi64(a, where, a, b);
  }
  SLUICE_LANES static word above(word x) { return _mm512_srai_epi64(x, 52); }
  SLUICE_LANES static word raise(word x) { return _mm512_slli_epi64(x, 52); }
  SLUICE_LANES static word low_bits(word x) {
    return _mm512_and_si512(x, all(lockstep::limb_mask));
  }
  SLUICE_LANES static word magnitude(word x) { return _mm512_abs_epi64(x); }
  SLUICE_LANES static bits negative(word x) { return _mm512_movepi64_mask(x); }
  SLUICE_LANES static bits any(word x, uint64_t mask) {
    return _mm512_test_epi64_mask(x, all(mask));
  }
  SLUICE_LANES static bits none(word x) { return _mm512_testn_epi64_mask(x, x); }

  SLUICE_LANES static real real_of(word x) { return _mm512_cvtepi64_pd(x); }
  /// The nearest integer, in the low 52 bits; for 0 <= x < 2^52.
  SLUICE_LANES static word digit(real x) {
    return _mm512_castpd_si512(_mm512_add_pd(x, all_real(0x1p52)));
  }
  SLUICE_LANES static real plus(real a, real b) { return _mm512_add_pd(a, b); }
  SLUICE_LANES static real minus(real a, real b) { return _mm512_sub_pd(a, b); }
  SLUICE_LANES static real times(real a, real b) { return _mm512_mul_pd(a, b); }
  SLUICE_LANES static real divide(real a, real b) { return _mm512_div_pd(a, b); }
  SLUICE_LANES static real multiply_add(real a, real b, real c) { return _mm512_fmadd_pd(a, b, c); }
  SLUICE_LANES static real at_least_one(real x) { return _mm512_max_pd(x, all_real(1)); }
  SLUICE_LANES static real floor(real x) {
    return _mm512_roundscale_pd(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
  }
  SLUICE_LANES static bits below(real a, real b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
  SLUICE_LANES static bits equal(real a, real b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
};

} // namespace

void lockstep::swap_in_registers(lanes* all, size_t count, const lane_order& order,
                                 uint8_t* which) {
  for (size_t i = 0; i < count; ++i) {
    auto& group = all[i];
    lockstep::count_swap(group);
    const auto asked = static_cast<uint8_t>(which[i] & group.ready);
    which[i] = lockstep::swap(registers{}, group, order, asked, asked);
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
