//: floats
#include <float.h>
#include <math.h> /* INFINITY and NAN; no function of it is called */
/* Layers of real numbers rest on IEEE 754, each operation rounded to its own type. */
#if defined(__FAST_MATH__)
#error "a network with real numbers needs IEEE 754: build without -ffast-math"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16
#error "a network with real numbers needs operations in their own type: on x86, -msse2 -mfpmath=sse"
#endif
NARROWS_ASSERT(FLT_RADIX == 2 && FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53, numbers_are_ieee_754);
//: product32 needs floats
/* A product that is rounded before anything is added, whatever -ffp-contract says. */
static inline float product32(float left, float right) {
  const volatile float product = left * right;
  return product;
}
//: held_number needs floats
/* What whole numbers of 64 bits hold; codes have at most 31. */
static inline double held_number(double number) {
  return number < -0x1p40 ? -0x1p40 : number > 0x1p40 ? 0x1p40 : number;
}
//: nearest_even needs held_number
/* The nearest whole number, halves to the even one. */
static inline int64_t nearest_even(double number) {
  const double held = held_number(number);
  const int64_t whole = (int64_t)held;
  const double rest = held - (double)whole;
  const int odd = (whole & 1) != 0;
  return whole + (rest > 0.5 || (rest == 0.5 && odd)) - (rest < -0.5 || (rest == -0.5 && odd));
}
//: nearest_away needs held_number
/* The nearest whole number, halves away from zero. */
static inline int64_t nearest_away(double number) {
  const double held = held_number(number);
  const int64_t whole = (int64_t)held;
  const double rest = held - (double)whole;
  return whole + (rest >= 0.5) - (rest <= -0.5);
}
//: nearest_towards needs held_number
/* The nearest whole number, halves towards zero. */
static inline int64_t nearest_towards(double number) {
  const double held = held_number(number);
  const int64_t whole = (int64_t)held;
  const double rest = held - (double)whole;
  return whole + (rest > 0.5) - (rest < -0.5);
}
//: ceiling needs held_number
static inline int64_t ceiling(double number) {
  const double held = held_number(number);
  const int64_t whole = (int64_t)held;
  return whole + (held > (double)whole);
}
//: floored needs held_number
static inline int64_t floored(double number) {
  const double held = held_number(number);
  const int64_t whole = (int64_t)held;
  return whole - (held < (double)whole);
}
//: away needs held_number
static inline int64_t away(double number) {
  const double held = held_number(number);
  const int64_t whole = (int64_t)held;
  return whole + (held > (double)whole) - (held < (double)whole);
}
//: cut needs held_number
static inline int64_t cut(double number) {
  return (int64_t)held_number(number);
}
//: held_float needs floats
static inline float held_float(float number, float least, float most) {
  return number < least ? least : number > most ? most : number;
}
//: absolute needs floats
static inline float absolute(float number) {
  return number < 0 ? -number : number == 0 ? 0.0f : number;
}
//: larger_float needs floats
/* The larger number, +0 of zeros that differ, none if one is none. */
static inline float larger_float(float left, float right) {
  return left > right || left != left ? left : left == right && left == 0 ? left + right : right;
}
//: smaller_float needs floats
/* The smaller number, -0 of zeros that differ, none if one is none. */
static inline float smaller_float(float left, float right) {
  return left < right || left != left ? left
         : left == right && left == 0 ? -(-left - right)
                                      : right;
}
//: number_of_bits needs floats
static inline float number_of_bits(int32_t bits) {
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}
//: fused32 needs floats
/*
 * left * right + added, rounded once to binary32. The product is exact in binary64; the sum is
 * rounded there to odd, so that what the second rounding needs to know is in its last bit.
 */
static inline float fused32(float left, float right, float added) {
  const double product = (double)left * right;
  double sum = product + added;
  const double part = sum - product;
  const double missed = (product - (sum - part)) + (added - part);
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  if ((missed < 0 || missed > 0) && (bits & 1) == 0) {
    bits = (missed > 0) == (sum > 0) ? bits + 1 : bits - 1;
    memcpy(&sum, &bits, sizeof sum);
  }
  return (float)sum;
}
//: mixed_numbers needs product32
static inline float mixed_numbers(float a, float b, float c, float d, float y, float x) {
  const float across = 1 - x;
  const float down = 1 - y;
  return product32(a * down, across) + product32(b * y, across) + product32(c * down, x)
         + product32(d * y, x);
}
//: mixed_codes needs mixed_numbers
/* A mixture of codes, rounded half up, held between what it mixes. */
static inline int32_t mixed_codes(int32_t a, int32_t b, int32_t c, int32_t d, float y, float x) {
  const int32_t mixed =
      (int32_t)(mixed_numbers((float)a, (float)b, (float)c, (float)d, y, x) + 0.5f);
  const int32_t l0 = a < b ? a : b;
  const int32_t l1 = c < d ? c : d;
  const int32_t m0 = a > b ? a : b;
  const int32_t m1 = c > d ? c : d;
  const int32_t least = l0 < l1 ? l0 : l1;
  const int32_t most = m0 > m1 ? m0 : m1;
  return mixed < least ? least : mixed > most ? most : mixed;
}
//: mixed_whole
/* A mixture in 10-bit fixed point, rounded half away from zero. */
static inline int32_t mixed_whole(
    int32_t a, int32_t b, int32_t c, int32_t d, int64_t y, int64_t x) {
  const int64_t sum =
      a * (1024 - y) * (1024 - x) + b * y * (1024 - x) + c * (1024 - y) * x + d * y * x;
  const int64_t half = (int64_t)1 << 19;
  return (int32_t)((sum + (sum > 0 ? half : -half)) / ((int64_t)1 << 20));
}
//: floor_divide
static inline int64_t floor_divide(int64_t left, int64_t right) {
  const int64_t whole = left / right;
  return whole - (left % right != 0 && (left < 0) != (right < 0));
}
//: floor_remainder
static inline int64_t floor_remainder(int64_t left, int64_t right) {
  const int64_t rest = left % right;
  return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
}
//: clamp32
static inline int32_t clamp32(int32_t value, int32_t least, int32_t most) {
  return value < least ? least : value > most ? most : value;
}
//: clamp64
static inline int64_t clamp64(int64_t value, int64_t least, int64_t most) {
  return value < least ? least : value > most ? most : value;
}
//: held32
/* The sum in the 32 bits that TFLite's accumulator has. */
static inline int32_t held32(int64_t sum) {
  return sum < INT32_MIN ? INT32_MIN : sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
}
//: add_wrapping
/* Modulo 2^32: unsigned arithmetic, because signed overflow has no meaning in C. */
static inline int32_t add_wrapping(int32_t left, int32_t right) {
  return (int32_t)((uint32_t)left + (uint32_t)right);
}
//: wrap
/* The low bits of a value, read as a signed number of so many bits; 2 <= bits <= 62. */
static inline int64_t wrap(int64_t value, int bits) {
  return (int64_t)((uint64_t)value << (64 - bits)) >> (64 - bits);
}
//: high_multiply
/* left * right / 2^31 to the nearest integer, halves upwards. */
static inline int32_t high_multiply(int32_t left, int32_t right) {
  const int64_t rounded = ((int64_t)left * right + ((int64_t)1 << 30)) >> 31;
  return rounded > INT32_MAX ? INT32_MAX : (int32_t)rounded;
}
//: divide_by_power
/* value / 2^exponent to the nearest integer, halves away from zero; from 32 on as processors do. */
static inline int32_t divide_by_power(int32_t value, int exponent) {
  const int32_t mask = (int32_t)(uint32_t)(((uint64_t)1 << (exponent & 63)) - 1);
  const int32_t threshold = (mask >> 1) + (value < 0);
  return (value >> (exponent & 31)) + ((value & mask) > threshold);
}
//: fixed_multiply needs high_multiply divide_by_power
/* value * multiplier * 2^(shift - 31), rounded twice, as TFLite does it. */
static inline int32_t fixed_multiply(int32_t value, int32_t multiplier, int shift) {
  const int left = shift > 0 ? shift : 0;
  const int32_t shifted = (int32_t)((uint32_t)value << left);
  return divide_by_power(high_multiply(shifted, multiplier), left - shift);
}
//: fixed_code needs fixed_multiply add_wrapping clamp32
static inline int32_t fixed_code(
    int32_t sum, int32_t multiplier, int shift, int32_t zero, int32_t least, int32_t most) {
  return clamp32(add_wrapping(fixed_multiply(sum, multiplier, shift), zero), least, most);
}
//: fixed_code_right needs clamp32
/* fixed_code where every shift goes to the right, by 1 to 31: nothing leaves 32 bits. */
static inline int32_t fixed_code_right(
    int32_t sum, int32_t multiplier, int right, int32_t zero, int32_t least, int32_t most) {
  const int64_t high = ((int64_t)sum * multiplier + ((int64_t)1 << 30)) >> 31;
  const int64_t half = (int64_t)1 << (right - 1);
  return clamp32((int32_t)((high + half + (high >> 63)) >> right) + zero, least, most);
}
//: fixed_code_wide needs high_multiply divide_by_power held32 clamp64
/* Codes of more than 16 bits: the left shift saturates. */
static inline int32_t fixed_code_wide(
    int32_t sum, int32_t multiplier, int shift, int32_t zero, int32_t least, int32_t most) {
  const int left = shift > 0 ? shift : 0;
  const int32_t shifted = held32((int64_t)sum * ((int64_t)1 << left));
  const int64_t scaled = divide_by_power(high_multiply(shifted, multiplier), left - shift);
  return (int32_t)clamp64(scaled + zero, least, most);
}
//: short_code needs clamp64 clamp32 add_wrapping
/* A sum of 48 bits times a multiplier of 16, shifted right by 1 to 46 with one rounding. */
static inline int32_t short_code(
    int64_t sum, int32_t multiplier, int right, int32_t zero, int32_t least, int32_t most) {
  const int64_t held = clamp64(sum, -((int64_t)1 << 47), ((int64_t)1 << 47) - 1);
  const int64_t scaled = (held * multiplier + ((int64_t)1 << (right - 1))) >> right;
  return clamp32(add_wrapping((int32_t)(uint32_t)(uint64_t)scaled, zero), least, most);
}
//: bit_length
static inline int bit_length(uint64_t value) {
  int bits = 0;
  for (int step = 32; step > 0; step >>= 1) {
    if (value >> step != 0) {
      bits += step;
      value >>= step;
    }
  }
  return bits + (value != 0);
}
//: round_even
/* value / 2^bits to the nearest integer, halves to the even one; 1 <= bits <= 63. */
static inline uint64_t round_even(uint64_t value, int bits) {
  const uint64_t half = (uint64_t)1 << (bits - 1);
  const uint64_t rest = value & ((half << 1) - 1);
  const uint64_t whole = value >> bits;
  return whole + (rest > half || (rest == half && (whole & 1) != 0));
}
//= binary32_product
  uint64_t magnitude = $1 < 0 ? 0 - (uint64_t)$1 : (uint64_t)$1;
  int extra = bit_length(magnitude) - 24;
  if (extra > 0) {
    magnitude = round_even(magnitude, extra);
    exponent += extra;
  }
  magnitude *= (uint64_t)significand;
  extra = bit_length(magnitude) - 24;
  if (extra > 0) {
    magnitude = round_even(magnitude, extra);
    exponent += extra;
  }
//: float_code needs bit_length round_even clamp64
/*
 * The code of (float)sum * scale, rounded half to even, plus the zero point, bit for bit what IEEE
 * 754 binary32 gives, in integers: no compiler option and no float unit can change it. The scale is
 * significand * 2^exponent. The sum and the product are rounded to 24 bits, halves to even; the
 * product is then rounded again, to an integer. Products below 2^-126, which binary32 would round
 * coarser, become 0 either way.
 */
static inline int32_t float_code(
    int64_t sum, int32_t significand, int exponent, int32_t zero, int32_t least, int32_t most) {
//+ binary32_product sum
  if (exponent < 0) {
    magnitude = exponent < -63 ? 0 : round_even(magnitude, -exponent);
  } else if (magnitude != 0) {
    magnitude = exponent > 37 ? (uint64_t)1 << 62 : magnitude << exponent;
  }
  const int64_t rounded = sum < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
  return (int32_t)clamp64(rounded + zero, least, most);
}
//= binary64_code
  if (exponent < 0) {
    magnitude = exponent < -60 ? 0 : (magnitude + ((uint64_t)1 << (-exponent - 1))) >> -exponent;
  } else if (magnitude != 0) {
    magnitude = exponent > 9 ? (uint64_t)1 << 62 : magnitude << exponent;
  }
  const int64_t rounded = sum < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
  const int32_t held =
      rounded < INT32_MIN || rounded > INT32_MAX ? INT32_MIN : (int32_t)rounded;
  return clamp32(add_wrapping(held, zero), least, most);
}
//: double_code needs bit_length add_wrapping clamp32
/*
 * The code of sum * scale in IEEE 754 binary64, rounded half away from zero, in integers. The scale
 * is significand * 2^exponent. The product, of up to 85 bits, is rounded to 53, halves to even,
 * then to an integer; one that 32 bits cannot hold becomes -2^31.
 */
static inline int32_t double_code(
    int32_t sum, int64_t significand, int exponent, int32_t zero, int32_t least, int32_t most) {
  const uint64_t factor = sum < 0 ? 0 - (uint64_t)(int64_t)sum : (uint64_t)sum;
  uint64_t low = ((uint64_t)significand & 0xFFFFFFFFu) * factor;
  const uint64_t high = ((uint64_t)significand >> 32) * factor + (low >> 32);
  low &= 0xFFFFFFFFu;
  const int bits = high != 0 ? bit_length(high) + 32 : bit_length(low);
  const int extra = bits - 53;
  uint64_t magnitude;
  if (extra > 0) {
    const uint64_t half = (uint64_t)1 << (extra - 1);
    const uint64_t rest = low & ((half << 1) - 1);
    magnitude = (high << (32 - extra)) | (low >> extra);
    magnitude += rest > half || (rest == half && (magnitude & 1) != 0);
    exponent += extra;
  } else {
    magnitude = (high << 32) | low;
  }
//+ binary64_code
//= threshold_code
/* The number of thresholds that are at most the sum; they ascend. */
static inline int32_t threshold_code$1(int$1_t sum, const int$1_t *thresholds, int32_t count) {
  int32_t low = 0;
  int32_t high = count;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (thresholds[middle] <= sum) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
//: threshold_code32
//+ threshold_code 32
//: threshold_code64
//+ threshold_code 64
//: mean_code needs clamp64
/* The mean of count codes from their sum, rounded half away from zero. */
static inline int32_t mean_code(int64_t codes, int32_t count, int32_t least, int32_t most) {
  const int64_t half = count / 2;
  return (int32_t)clamp64((codes > 0 ? codes + half : codes - half) / count, least, most);
}
//: held_shift needs held32
static inline int32_t held_shift(int32_t value, int left) {
  return held32((int64_t)value * ((int64_t)1 << left));
}
//: leading_zeros
static inline int leading_zeros(uint32_t value) {
  int zeros = 32;
  while (value != 0) {
    value >>= 1;
    zeros--;
  }
  return zeros;
}
//: exponential needs high_multiply divide_by_power add_wrapping
/* e^a in Q0.31 of a <= 0 in Q5.26, as gemmlowp has it. */
static inline int32_t exponential(int32_t a) {
  static const int32_t powers[7] = {1672461947, 1302514674, 790015084, 290630308,
                                    39332535,   720401,     242};
  if (a == 0) {
    return INT32_MAX;
  }
  const int32_t quarter = (int32_t)1 << 24;
  const int32_t fraction = (a & (quarter - 1)) - quarter;
  const int32_t remainder = fraction - a;
  const int32_t x = fraction * 32 + ((int32_t)1 << 28);
  const int32_t x2 = high_multiply(x, x);
  const int32_t x3 = high_multiply(x2, x);
  const int32_t fourth = divide_by_power(high_multiply(x2, x2), 2);
  const int32_t higher = divide_by_power(high_multiply(fourth + x3, 715827883) + x2, 1);
  int32_t result = 1895147668 + high_multiply(1895147668, x + higher);
  for (int k = 0; k < 7; k++) {
    if ((remainder & ((int32_t)1 << (24 + k))) != 0) {
      result = high_multiply(result, powers[k]);
    }
  }
  return result;
}
//: reciprocal_of_one_plus needs high_multiply held_shift
/* 1 / (1 + a) in Q0.31 for a in [0, 1), Q0.31, as gemmlowp has it. */
static inline int32_t reciprocal_of_one_plus(int32_t a) {
  const int32_t half = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2);
  int32_t x = 1515870810 + high_multiply(half, -1010580540);
  for (int i = 0; i < 3; i++) {
    const int32_t rest = ((int32_t)1 << 29) - high_multiply(half, x);
    x += held_shift(high_multiply(x, rest), 2);
  }
  return held_shift(x, 1);
}
//: subtract_wrapping
static inline int32_t subtract_wrapping(int32_t left, int32_t right) {
  return (int32_t)((uint32_t)left - (uint32_t)right);
}
//: shift_wrapping
static inline int32_t shift_wrapping(int32_t value, int left) {
  return (int32_t)((uint32_t)value << left);
}
//: multiply_wrapping
static inline int32_t multiply_wrapping(int32_t left, int32_t right) {
  return (int32_t)((uint32_t)left * (uint32_t)right);
}
//: quotient_code needs reciprocal_of_one_plus leading_zeros high_multiply divide_by_power add_wrapping clamp32
/* TFLite's quotient of two codes: the left one times the reciprocal of the right one. */
static inline int32_t quotient_code(
    int32_t left, int32_t right, int32_t multiplier, int shift, int32_t zero, int32_t least, int32_t most) {
  if (right == 0) {
    return left == 0 ? clamp32(zero, least, most) : left < 0 ? least : most;
  }
  const int32_t numerator = right < 0 ? -left : left;
  const uint32_t divisor = (uint32_t)(right < 0 ? -right : right);
  const int leading = leading_zeros(divisor);
  const int32_t reciprocal = reciprocal_of_one_plus((int32_t)((divisor << leading) - 0x80000000u));
  const int room = leading_zeros((uint32_t)(numerator < 0 ? ~numerator : numerator)) - 1;
  const int32_t filled = (int32_t)((uint32_t)numerator << room);
  const int32_t product = high_multiply(high_multiply(filled, reciprocal), multiplier);
  const int32_t scaled = divide_by_power(product, 31 - leading + room - shift);
  return clamp32(add_wrapping(scaled, zero), least, most);
}
//: binary32_integer needs bit_length round_even
/* value / 2^bits as binary32, then as an integer; both roundings to nearest, halves to even. */
static inline int64_t binary32_integer(int64_t value, int bits) {
  uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  const int extra = bit_length(magnitude) - 24;
  int exponent = -bits;
  if (extra > 0) {
    magnitude = round_even(magnitude, extra);
    exponent += extra;
  }
  magnitude = exponent < 0 ? round_even(magnitude, -exponent) : magnitude << exponent;
  return value < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
}
//: float_multiply_code needs binary32_integer clamp64
/*
 * The code of (float)product * ratio + zero point, each step in IEEE 754 binary32, in integers:
 * ratio = significand * 2^exponent.
 */
static inline int32_t float_multiply_code(
    int64_t product, int32_t significand, int exponent, int32_t zero, int32_t least, int32_t most) {
//+ binary32_product product
  int64_t rounded = zero;
  if (exponent >= 0) {
    const int64_t value = (int64_t)(magnitude << (exponent > 37 ? 37 : exponent));
    rounded += product < 0 ? -value : value;
  } else if (exponent >= -38) {
    const int64_t value = product < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
    rounded = binary32_integer(value + zero * ((int64_t)1 << -exponent), -exponent);
  }
  return (int32_t)clamp64(rounded, least, most);
}
//: rows_packed
/*
 * Four dot products, two in each 32-bit multiplication. A word is q0 + q1 * 2^16, so the sum of
 * words times codes is s0 + s1 * 2^16 modulo 2^32. While s0 and s1 fit 16 bits, s0 is the low half
 * read with its sign, and s1 the high half of what is left without it.
 */
NARROWS_OWN_FUNCTION static void rows_packed(
    const int8_t *taps, const int32_t *words, int32_t terms, int32_t chain, int32_t *sums) {
  int32_t s0 = 0;
  int32_t s1 = 0;
  int32_t s2 = 0;
  int32_t s3 = 0;
  const int8_t *end = taps + terms;
  while (taps < end) {
    const int8_t *flush = end - taps > chain ? taps + chain : end;
    uint32_t low = 0;
    uint32_t high = 0;
    int32_t left = (int32_t)(flush - taps);
    uint32_t x;
    for (; left >= 4; left -= 4) {
      x = (uint32_t)(int32_t)taps[0];
      low += (uint32_t)words[0] * x;
      high += (uint32_t)words[1] * x;
      NARROWS_AS_WRITTEN(low, high);
      x = (uint32_t)(int32_t)taps[1];
      low += (uint32_t)words[2] * x;
      high += (uint32_t)words[3] * x;
      NARROWS_AS_WRITTEN(low, high);
      x = (uint32_t)(int32_t)taps[2];
      low += (uint32_t)words[4] * x;
      high += (uint32_t)words[5] * x;
      NARROWS_AS_WRITTEN(low, high);
      x = (uint32_t)(int32_t)taps[3];
      low += (uint32_t)words[6] * x;
      high += (uint32_t)words[7] * x;
      NARROWS_AS_WRITTEN(low, high);
      taps += 4;
      words += 8;
    }
    for (; left > 0; left--) {
      x = (uint32_t)(int32_t)*taps++;
      low += (uint32_t)words[0] * x;
      high += (uint32_t)words[1] * x;
      words += 2;
    }
    const int32_t low0 = (int16_t)(uint16_t)low;
    const int32_t high0 = (int16_t)(uint16_t)high;
    s0 += low0;
    s1 += (int32_t)(low - (uint32_t)low0) >> 16;
    s2 += high0;
    s3 += (int32_t)(high - (uint32_t)high0) >> 16;
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}
//: rows_smlad
#if defined(__ARM_FEATURE_SIMD32) && defined(__GNUC__)
#include <arm_acle.h>
static inline int32_t sxtb16_rotated(uint32_t x) {
  int32_t widened;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(widened) : "r"(x));
  return widened;
}
#else
/* What the instructions of Cortex-M4 do, for other processors. */
static inline int32_t __sxtb16(uint32_t x) {
  const uint32_t low = (uint32_t)(int32_t)(int8_t)(uint8_t)x & 0xFFFFu;
  return (int32_t)(low | (uint32_t)(int32_t)(int8_t)(uint8_t)(x >> 16) << 16);
}
static inline int32_t __smlad(int32_t x, int32_t y, int32_t sum) {
  const int32_t low = (int32_t)(int16_t)(uint16_t)(uint32_t)x * (int16_t)(uint16_t)(uint32_t)y;
  return sum + low + (x >> 16) * (y >> 16);
}
static inline int32_t sxtb16_rotated(uint32_t x) {
  return __sxtb16(x >> 8 | x << 24);
}
#endif
#if defined(__BYTE_ORDER__)
NARROWS_ASSERT(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, words_begin_with_their_low_byte);
#endif
/*
 * Four dot products, two terms an instruction. The codes have 16 bits; of four weights of 8 bits,
 * stored in the order 0, 2, 1, 3, SXTB16 widens the first two, and rotated by 8 the others.
 */
static inline int32_t row_smlad(int32_t sum, int32_t x01, int32_t x23, const int8_t *weights) {
  uint32_t w;
  memcpy(&w, weights, sizeof w);
  sum = __smlad(x01, __sxtb16(w), sum);
  return __smlad(x23, sxtb16_rotated(w), sum);
}
NARROWS_OWN_FUNCTION static void rows_smlad(
    const int16_t *taps, const int8_t *weights, int32_t steps, int32_t chain, int32_t *sums) {
  int32_t s0 = 0;
  int32_t s1 = 0;
  int32_t s2 = 0;
  int32_t s3 = 0;
  (void)chain;
  for (const int16_t *end = taps + 4 * steps; taps < end; taps += 4) {
    int32_t x01;
    int32_t x23;
    memcpy(&x01, taps, sizeof x01);
    memcpy(&x23, taps + 2, sizeof x23);
    s0 = row_smlad(s0, x01, x23, weights);
    s1 = row_smlad(s1, x01, x23, weights + 4);
    s2 = row_smlad(s2, x01, x23, weights + 8);
    s3 = row_smlad(s3, x01, x23, weights + 12);
    weights += 16;
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}
//: rows_plain
/* Four dot products, for processors without the instructions that this file was made for. */
NARROWS_MAYBE_UNUSED static inline void rows_plain(
    const int8_t *taps, int32_t shift, const int8_t *weights, int32_t steps, int32_t step, int32_t *sums) {
  for (int32_t row = 0; row < 4; row++) {
    sums[row] = 0;
    for (int32_t s = 0; s < steps; s++) {
      for (int32_t k = 0; k < step; k++) {
        sums[row] += (taps[s * step + k] + shift) * weights[(s * 4 + row) * step + k];
      }
    }
  }
}
//= else_rows_plain
#else
static inline void $1(
    const int8_t *taps, const int8_t *weights, int32_t steps, int32_t chain, int32_t *sums) {
  (void)chain;
  rows_plain(taps, $2, weights, steps, $3, sums);
}
#endif
//: rows_neon needs rows_plain
#if defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
/*
 * Four dot products, 16 terms a step: products of 8 bits in chains of lanes of 16, which are
 * widened to 32 bits after so many steps as are proved. With NARROWS_WIDE after each.
 */
NARROWS_OWN_FUNCTION static void rows_neon(
    const int8_t *taps, const int8_t *weights, int32_t steps, int32_t chain, int32_t *sums) {
  int32x4_t s0 = vdupq_n_s32(0);
  int32x4_t s1 = s0;
  int32x4_t s2 = s0;
  int32x4_t s3 = s0;
#if defined(NARROWS_WIDE)
  chain = 1;
#endif
  while (steps > 0) {
    int32_t left = steps < chain ? steps : chain;
    int16x8_t c0 = vdupq_n_s16(0);
    int16x8_t c1 = c0;
    int16x8_t c2 = c0;
    int16x8_t c3 = c0;
    steps -= left;
    do {
      const int8x16_t x = vld1q_s8(taps);
      const int8x16_t w0 = vld1q_s8(weights);
      const int8x16_t w1 = vld1q_s8(weights + 16);
      const int8x16_t w2 = vld1q_s8(weights + 32);
      const int8x16_t w3 = vld1q_s8(weights + 48);
      c0 = vmlal_high_s8(vmlal_s8(c0, vget_low_s8(x), vget_low_s8(w0)), x, w0);
      c1 = vmlal_high_s8(vmlal_s8(c1, vget_low_s8(x), vget_low_s8(w1)), x, w1);
      c2 = vmlal_high_s8(vmlal_s8(c2, vget_low_s8(x), vget_low_s8(w2)), x, w2);
      c3 = vmlal_high_s8(vmlal_s8(c3, vget_low_s8(x), vget_low_s8(w3)), x, w3);
      taps += 16;
      weights += 64;
    } while (--left > 0);
    s0 = vpadalq_s16(s0, c0);
    s1 = vpadalq_s16(s1, c1);
    s2 = vpadalq_s16(s2, c2);
    s3 = vpadalq_s16(s3, c3);
  }
  sums[0] = vaddvq_s32(s0);
  sums[1] = vaddvq_s32(s1);
  sums[2] = vaddvq_s32(s2);
  sums[3] = vaddvq_s32(s3);
}
//+ else_rows_plain rows_neon 0 16
//= ssse3_wide
#if defined(NARROWS_WIDE)
  (void)chain;
  for (; steps > 0; steps--) {
//...
    const __m128i w0 = _mm_loadu_si128((const __m128i *)(weights));
    const __m128i n0 = _mm_cmpgt_epi8(_mm_setzero_si128(), w0);
    s0 = _mm_add_epi32(s0, _mm_madd_epi16(low, _mm_unpacklo_epi8(w0, n0)));
    s0 = _mm_add_epi32(s0, _mm_madd_epi16(high, _mm_unpackhi_epi8(w0, n0)));
    const __m128i w1 = _mm_loadu_si128((const __m128i *)(weights + 16));
    const __m128i n1 = _mm_cmpgt_epi8(_mm_setzero_si128(), w1);
    s1 = _mm_add_epi32(s1, _mm_madd_epi16(low, _mm_unpacklo_epi8(w1, n1)));
    s1 = _mm_add_epi32(s1, _mm_madd_epi16(high, _mm_unpackhi_epi8(w1, n1)));
    const __m128i w2 = _mm_loadu_si128((const __m128i *)(weights + 32));
    const __m128i n2 = _mm_cmpgt_epi8(_mm_setzero_si128(), w2);
    s2 = _mm_add_epi32(s2, _mm_madd_epi16(low, _mm_unpacklo_epi8(w2, n2)));
    s2 = _mm_add_epi32(s2, _mm_madd_epi16(high, _mm_unpackhi_epi8(w2, n2)));
    const __m128i w3 = _mm_loadu_si128((const __m128i *)(weights + 48));
    const __m128i n3 = _mm_cmpgt_epi8(_mm_setzero_si128(), w3);
    s3 = _mm_add_epi32(s3, _mm_madd_epi16(low, _mm_unpacklo_epi8(w3, n3)));
    s3 = _mm_add_epi32(s3, _mm_madd_epi16(high, _mm_unpackhi_epi8(w3, n3)));
    taps += 16;
    weights += 64;
  }
//= ssse3_chains
#else
  const __m128i ones = _mm_set1_epi16(1);
  while (steps > 0) {
    int32_t left = steps < chain ? steps : chain;
    __m128i c0 = _mm_setzero_si128();
    __m128i c1 = _mm_setzero_si128();
    __m128i c2 = _mm_setzero_si128();
    __m128i c3 = _mm_setzero_si128();
    steps -= left;
    do {
//...
      taps += 16;
      weights += 64;
    } while (--left > 0);
    s0 = _mm_add_epi32(s0, _mm_madd_epi16(c0, ones));
    s1 = _mm_add_epi32(s1, _mm_madd_epi16(c1, ones));
    s2 = _mm_add_epi32(s2, _mm_madd_epi16(c2, ones));
    s3 = _mm_add_epi32(s3, _mm_madd_epi16(c3, ones));
  }
#endif
//= ssse3_rows
static inline int32_t total_$1(__m128i sums) {
  __m128i s = sums;
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4E));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xB1));
  return _mm_cvtsi128_si32(s);
}
NARROWS_OWN_FUNCTION static void $1(
    const int8_t *taps, const int8_t *weights, int32_t steps, int32_t chain, int32_t *sums) {
  __m128i s0 = _mm_setzero_si128();
  __m128i s1 = _mm_setzero_si128();
  __m128i s2 = _mm_setzero_si128();
  __m128i s3 = _mm_setzero_si128();
//...
  sums[0] = total_$1(s0);
  sums[1] = total_$1(s1);
  sums[2] = total_$1(s2);
  sums[3] = total_$1(s3);
}
//+ else_rows_plain $1 $2 16
//: rows_ssse3_unsigned needs rows_plain
#if defined(__SSSE3__)
#include <tmmintrin.h>
/*
 * Four dot products, 16 terms a step, of codes + 128: pairs of products in lanes of 16 bits that
 * are proved not to saturate, added in chains that are proved to fit. With NARROWS_WIDE all lanes
 * have 32 bits.
 */
//< ssse3_rows rows_ssse3_unsigned 128
  const __m128i flip = _mm_set1_epi8(-128);
//< ssse3_wide
    const __m128i x = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(taps)), flip);
    const __m128i low = _mm_unpacklo_epi8(x, _mm_setzero_si128());
    const __m128i high = _mm_unpackhi_epi8(x, _mm_setzero_si128());
//>
//< ssse3_chains
      const __m128i x = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(taps)), flip);
      c0 = _mm_add_epi16(c0, _mm_maddubs_epi16(x, _mm_loadu_si128((const __m128i *)(weights))));
      c1 = _mm_add_epi16(c1, _mm_maddubs_epi16(x, _mm_loadu_si128((const __m128i *)(weights + 16))));
      c2 = _mm_add_epi16(c2, _mm_maddubs_epi16(x, _mm_loadu_si128((const __m128i *)(weights + 32))));
      c3 = _mm_add_epi16(c3, _mm_maddubs_epi16(x, _mm_loadu_si128((const __m128i *)(weights + 48))));
//>
//>
//: rows_ssse3_signed needs rows_plain
#if defined(__SSSE3__)
#include <tmmintrin.h>
/*
 * Four dot products, 16 terms a step: |x| times weights with the sign of x, pairs of products in
 * lanes of 16 bits that are proved not to saturate, added in chains that are proved to fit. With
 * NARROWS_WIDE all lanes have 32 bits.
 */
//< ssse3_rows rows_ssse3_signed 0
//< ssse3_wide
    const __m128i x = _mm_loadu_si128((const __m128i *)(taps));
    const __m128i xs = _mm_cmpgt_epi8(_mm_setzero_si128(), x);
    const __m128i low = _mm_unpacklo_epi8(x, xs);
    const __m128i high = _mm_unpackhi_epi8(x, xs);
//>
//< ssse3_chains
      const __m128i x = _mm_loadu_si128((const __m128i *)(taps));
      const __m128i size = _mm_abs_epi8(x);
      const __m128i w0 = _mm_sign_epi8(_mm_loadu_si128((const __m128i *)(weights)), x);
      c0 = _mm_add_epi16(c0, _mm_maddubs_epi16(size, w0));
      const __m128i w1 = _mm_sign_epi8(_mm_loadu_si128((const __m128i *)(weights + 16)), x);
      c1 = _mm_add_epi16(c1, _mm_maddubs_epi16(size, w1));
      const __m128i w2 = _mm_sign_epi8(_mm_loadu_si128((const __m128i *)(weights + 32)), x);
      c2 = _mm_add_epi16(c2, _mm_maddubs_epi16(size, w2));
      const __m128i w3 = _mm_sign_epi8(_mm_loadu_si128((const __m128i *)(weights + 48)), x);
      c3 = _mm_add_epi16(c3, _mm_maddubs_epi16(size, w3));
//>
//>
//= avx2_wide
#if defined(NARROWS_WIDE)
  (void)chain;
  for (; steps > 0; steps--) {
//...
    s0 = _mm256_add_epi32(s0, _mm256_madd_epi16(low, _mm256_cvtepi8_epi16(
        _mm_loadu_si128((const __m128i *)(weights)))));
    s0 = _mm256_add_epi32(s0, _mm256_madd_epi16(high, _mm256_cvtepi8_epi16(
        _mm_loadu_si128((const __m128i *)(weights + 16)))));
    s1 = _mm256_add_epi32(s1, _mm256_madd_epi16(low, _mm256_cvtepi8_epi16(
        _mm_loadu_si128((const __m128i *)(weights + 32)))));
    s1 = _mm256_add_epi32(s1, _mm256_madd_epi16(high, _mm256_cvtepi8_epi16(
        _mm_loadu_si128((const __m128i *)(weights + 48)))));
    s2 = _mm256_add_epi32(s2, _mm256_madd_epi16(low, _mm256_cvtepi8_epi16(
        _mm_loadu_si128((const __m128i *)(weights + 64)))));
    s2 = _mm256_add_epi32(s2, _mm256_madd_epi16(high, _mm256_cvtepi8_epi16(
        _mm_loadu_si128((const __m128i *)(weights + 80)))));
    s3 = _mm256_add_epi32(s3, _mm256_madd_epi16(low, _mm256_cvtepi8_epi16(
        _mm_loadu_si128((const __m128i *)(weights + 96)))));
    s3 = _mm256_add_epi32(s3, _mm256_madd_epi16(high, _mm256_cvtepi8_epi16(
        _mm_loadu_si128((const __m128i *)(weights + 112)))));
    taps += 32;
    weights += 128;
  }
//= avx2_chains
#else
  const __m256i ones = _mm256_set1_epi16(1);
  while (steps > 0) {
    int32_t left = steps < chain ? steps : chain;
    __m256i c0 = _mm256_setzero_si256();
    __m256i c1 = _mm256_setzero_si256();
    __m256i c2 = _mm256_setzero_si256();
    __m256i c3 = _mm256_setzero_si256();
    steps -= left;
    do {
//...
      taps += 32;
      weights += 128;
    } while (--left > 0);
    s0 = _mm256_add_epi32(s0, _mm256_madd_epi16(c0, ones));
    s1 = _mm256_add_epi32(s1, _mm256_madd_epi16(c1, ones));
    s2 = _mm256_add_epi32(s2, _mm256_madd_epi16(c2, ones));
    s3 = _mm256_add_epi32(s3, _mm256_madd_epi16(c3, ones));
  }
#endif
//= avx2_rows
static inline int32_t total_$1(__m256i sums) {
  __m128i s = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4E));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xB1));
  return _mm_cvtsi128_si32(s);
}
NARROWS_OWN_FUNCTION static void $1(
    const int8_t *taps, const int8_t *weights, int32_t steps, int32_t chain, int32_t *sums) {
  __m256i s0 = _mm256_setzero_si256();
  __m256i s1 = _mm256_setzero_si256();
  __m256i s2 = _mm256_setzero_si256();
  __m256i s3 = _mm256_setzero_si256();
//...
  sums[0] = total_$1(s0);
  sums[1] = total_$1(s1);
  sums[2] = total_$1(s2);
  sums[3] = total_$1(s3);
}
//+ else_rows_plain $1 $2 32
//: rows_avx2_unsigned needs rows_plain
#if defined(__AVX2__)
#include <immintrin.h>
/*
 * Four dot products, 32 terms a step, of codes + 128: pairs of products in lanes of 16 bits that
 * are proved not to saturate, added in chains that are proved to fit. With NARROWS_WIDE all lanes
 * have 32 bits.
 */
//< avx2_rows rows_avx2_unsigned 128
  const __m256i flip = _mm256_set1_epi8(-128);
//< avx2_wide
    const __m256i x = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(taps)), flip);
    const __m256i low = _mm256_cvtepu8_epi16(_mm256_castsi256_si128(x));
    const __m256i high = _mm256_cvtepu8_epi16(_mm256_extracti128_si256(x, 1));
//>
//< avx2_chains
      const __m256i x = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(taps)), flip);
      c0 = _mm256_add_epi16(c0, _mm256_maddubs_epi16(x, _mm256_loadu_si256((const __m256i *)(weights))));
      c1 = _mm256_add_epi16(c1, _mm256_maddubs_epi16(x, _mm256_loadu_si256((const __m256i *)(weights + 32))));
      c2 = _mm256_add_epi16(c2, _mm256_maddubs_epi16(x, _mm256_loadu_si256((const __m256i *)(weights + 64))));
      c3 = _mm256_add_epi16(c3, _mm256_maddubs_epi16(x, _mm256_loadu_si256((const __m256i *)(weights + 96))));
//>
//>
//: rows_avx2_signed needs rows_plain
#if defined(__AVX2__)
#include <immintrin.h>
/*
 * Four dot products, 32 terms a step: |x| times weights with the sign of x, pairs of products in
 * lanes of 16 bits that are proved not to saturate, added in chains that are proved to fit. With
 * NARROWS_WIDE all lanes have 32 bits.
 */
//< avx2_rows rows_avx2_signed 0
//< avx2_wide
    const __m256i x = _mm256_loadu_si256((const __m256i *)(taps));
    const __m256i low = _mm256_cvtepi8_epi16(_mm256_castsi256_si128(x));
    const __m256i high = _mm256_cvtepi8_epi16(_mm256_extracti128_si256(x, 1));
//>
//< avx2_chains
      const __m256i x = _mm256_loadu_si256((const __m256i *)(taps));
      const __m256i size = _mm256_abs_epi8(x);
      const __m256i w0 = _mm256_sign_epi8(_mm256_loadu_si256((const __m256i *)(weights)), x);
      c0 = _mm256_add_epi16(c0, _mm256_maddubs_epi16(size, w0));
      const __m256i w1 = _mm256_sign_epi8(_mm256_loadu_si256((const __m256i *)(weights + 32)), x);
      c1 = _mm256_add_epi16(c1, _mm256_maddubs_epi16(size, w1));
      const __m256i w2 = _mm256_sign_epi8(_mm256_loadu_si256((const __m256i *)(weights + 64)), x);
      c2 = _mm256_add_epi16(c2, _mm256_maddubs_epi16(size, w2));
      const __m256i w3 = _mm256_sign_epi8(_mm256_loadu_si256((const __m256i *)(weights + 96)), x);
      c3 = _mm256_add_epi16(c3, _mm256_maddubs_epi16(size, w3));
//>
//>
//: held16
static inline int32_t held16(int64_t value) {
  return value < INT16_MIN ? INT16_MIN : value > INT16_MAX ? INT16_MAX : (int32_t)value;
}
//: line_between_knots
/* A line between two of 513 knots, at a place of 16 bits. */
static inline int32_t line_between_knots(const int16_t *knots, int32_t place) {
  const int16_t *knot = knots + 256 + (place >> 7);
  return knot[0] + (((knot[1] - knot[0]) * (place & 0x7F) + 64) >> 7);
}
//: fixed_logarithm needs leading_zeros high_multiply held_shift held32 divide_by_power reciprocal_of_one_plus
/* ln x in Q5.26 of x >= 1 in Q12.19, as gemmlowp has it. */
static inline int32_t fixed_logarithm(int32_t x) {
  const int32_t quarter = divide_by_power(536870912, 6);
  const int leading = leading_zeros((uint32_t)x);
  const int32_t near_a = held_shift(high_multiply(held_shift(x, leading - 1), 1518500250), 1);
  const int32_t power_a = held32((int64_t)held_shift(12 - leading, 25) + quarter);
  const int leading_b = leading_zeros((uint32_t)high_multiply(x, 1518500250)) - 1;
  const int32_t near_b = held_shift(x, leading_b);
  const int32_t power_b = held32((int64_t)held_shift(12 - leading_b, 25) - quarter);
  const int32_t r = near_a < near_b ? near_a : near_b;
  const int32_t power = power_a > power_b ? power_a : power_b;
  const int64_t both = (int64_t)r + 1805811301;
  const int32_t p = (int32_t)((both + (both >= 0 ? 1 : -1)) / 2);
  const int32_t q = (r - 1805811301) * 2;
  const int32_t square = high_multiply(q, q);
  const int32_t numerator =
      high_multiply(q, r) + high_multiply(high_multiply(q, square), 117049297);
  const int32_t denominator =
      high_multiply(p, 1057819769 + q + high_multiply(127690142, square))
      + high_multiply(638450708, q);
  const int32_t scaled =
      high_multiply(divide_by_power(numerator, 6), reciprocal_of_one_plus(denominator));
  return held_shift(high_multiply(power, 1488522236) + scaled, 1);
}
//: inverse_root needs leading_zeros high_multiply divide_by_power held_shift shift_wrapping
/* 1 / sqrt(value) = what is returned * 2^(shift - 31), as TFLite has it. */
static inline int32_t inverse_root(int32_t value, int *shift) {
  int right = 11;
  int pairs;
  int32_t half;
  int32_t x = (int32_t)1 << 28;
  *shift = 0;
  if (value <= 1) {
    return INT32_MAX;
  }
  for (; value >= (int32_t)1 << 29; value /= 4) {
    right++;
  }
  pairs = (leading_zeros((uint32_t)value) - 1) / 2 - 1;
  right -= pairs;
  value = shift_wrapping(value, 2 * pairs);
  half = divide_by_power(value >> 1, 1);
  for (int i = 0; i < 5; i++) {
    const int32_t cube = held_shift(high_multiply(high_multiply(x, x), x), 6);
    x = held_shift(high_multiply(402653184, x) - high_multiply(half, cube), 3);
  }
  x = high_multiply(x, 1518500250);
  if (right < 0) {
    return shift_wrapping(x, -right);
  }
  *shift = -right;
  return x;
}
//: double_code_wide needs bit_length add_wrapping clamp32
/* double_code of a sum of up to 53 bits, whose product has up to 106. */
static inline int32_t double_code_wide(
    int64_t sum, int64_t significand, int exponent, int32_t zero, int32_t least, int32_t most) {
  const uint64_t factor = sum < 0 ? 0 - (uint64_t)sum : (uint64_t)sum;
  const uint64_t word = 0xFFFFFFFFu;
  const uint64_t scale = (uint64_t)significand;
  const uint64_t left = (factor >> 32) * (scale & word);
  const uint64_t right = (factor & word) * (scale >> 32);
  uint64_t low = (factor & word) * (scale & word);
  const uint64_t middle = (low >> 32) + (left & word) + (right & word);
  const uint64_t high =
      (factor >> 32) * (scale >> 32) + (left >> 32) + (right >> 32) + (middle >> 32);
  low = (middle << 32) | (low & word);
  const int extra = (high != 0 ? 64 + bit_length(high) : bit_length(low)) - 53;
  uint64_t magnitude = low;
  if (extra > 0) {
    const uint64_t half = (uint64_t)1 << (extra - 1);
    const uint64_t rest = low & ((half << 1) - 1);
    magnitude = (high << (64 - extra)) | (low >> extra);
    magnitude += rest > half || (rest == half && (magnitude & 1) != 0);
    exponent += extra;
  }
//+ binary64_code
