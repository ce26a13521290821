//: header
/*
 * Network "${network}" as C, made by Narrows. Static buffers take ${buffers} bytes, constants
 * ${constants} bytes. One run at a time: the buffers are the file's own.
 */
#ifndef ${upper}_H
#define ${upper}_H

#include <stdint.h>
${defines}
#define ${upper}_BUFFER_BYTES ${buffers}
#define ${upper}_CONSTANT_BYTES ${constants}

#ifdef __cplusplus
extern "C" {
#endif

/* Reads inputs, writes the output; nothing else is kept. */
${signature};

#ifdef __cplusplus
}
#endif

#endif
//: source
/*
 * Network "${network}" as C99, made by Narrows for ${target}: no allocation, no library but string.h.
 *
 * Each layer's comment names the register that it sums in, and the certificate: an interval that
 * holds every partial sum of every input, in any order. Assertions hold what the code rests on.
 */
#include "${name}.h"

#include <string.h>

#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define NARROWS_ASSERT(condition, name) _Static_assert(condition, #name)
#else
#define NARROWS_ASSERT(condition, name) typedef char name[(condition) ? 1 : -1]
#endif

#if defined(__GNUC__)
#define NARROWS_ALIGNED __attribute__((aligned(16)))
#define NARROWS_MAYBE_UNUSED __attribute__((unused))
/* Kernels have all registers to themselves: a call costs little beside their loops. */
#define NARROWS_OWN_FUNCTION __attribute__((noinline))
/* Keeps additions in the order that needs the fewest instructions. */
#define NARROWS_AS_WRITTEN(a, b) __asm__("" : "+r"(a), "+r"(b))
#else
#define NARROWS_ALIGNED
#define NARROWS_MAYBE_UNUSED
#define NARROWS_OWN_FUNCTION
#define NARROWS_AS_WRITTEN(a, b)
#endif

NARROWS_ASSERT(sizeof(int) >= 4, int_has_32_bits);
NARROWS_ASSERT((-1 & 3) == 3, negative_numbers_are_in_twos_complement);
NARROWS_ASSERT((-3 >> 1) == -2, shifts_of_negative_numbers_keep_the_sign);
NARROWS_ASSERT((int32_t)0xFFFFFFFFu == -1, conversions_are_modulo_a_power_of_two);

${pieces}
${buffers}${layers}
${signature} {
${calls}}
//: vectors
/*
 * Test vectors of network "${network}": inputs are made by ${name}_make_input, ${what} of
 * Narrows' executor in the same registers.
 */
#ifndef ${upper}_VECTORS_H
#define ${upper}_VECTORS_H

#include <stdint.h>

#define ${upper}_VECTORS ${count}

${makers}
${expected}
#endif
//: generator
static uint32_t ${name}_random(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

/* An even number in [least, most]. */
static int32_t ${name}_between(uint32_t *state, int32_t least, int32_t most) {
  const uint64_t span = (uint64_t)((int64_t)most - least + 1);
  return (int32_t)(least + (int64_t)((${name}_random(state) * span) >> 32));
}

/*
 * Code i of a vector: by its number uniform, at the ends of the range, a slow walk, or near one
 * level.
 */
static int32_t ${name}_code(
    uint32_t *state, uint32_t vector, int32_t before, int32_t least, int32_t most) {
  switch (vector & 3u) {
    case 0:
      return ${name}_between(state, least, most);
    case 1:
      return (${name}_random(state) & 0x10000u) != 0 ? most : least;
    case 2: {
      const int64_t step = (int64_t)before + ${name}_between(state, -3, 3);
      return (int32_t)(step < least ? least : step > most ? most : step);
    }
    default:
      return (${name}_random(state) & 0xF0000u) != 0 ? before : ${name}_between(state, least, most);
  }
}
//: maker
static void ${name}_make_${what}(uint32_t vector, ${type} *codes) {
  uint32_t state = (vector + ${seed}u) * 0x9E3779B9u | 1u;
  int32_t code = ${name}_between(&state, ${least}, ${most});
  for (int32_t i = 0; i < ${size}; i++) {
    code = ${name}_code(&state, vector, code, ${least}, ${most});
    codes[i] = (${type})code${step};
  }
}
//: main
/* Runs the test vectors of network "${network}"; the exit code is 0 if every output is equal. */
#include "${name}.h"
#include "${name}_vectors.h"

#include <stdio.h>

${buffers}
int main(void) {
  long differing = 0;
  for (uint32_t v = 0; v < ${upper}_VECTORS; v++) {
${makes}    ${name}_run(${arguments});
    for (int32_t i = 0; i < ${size}; i++) {
      const int32_t expected = ${name}_expected[v * ${size}u + (uint32_t)i];
      if (${name}_output[i] != expected) {
        if (differing++ == 0) {
          printf("vector %lu, output %ld: got %ld, expected %ld\n", (unsigned long)v, (long)i,
                 (long)${name}_output[i], (long)expected);
        }
      }
    }
  }
  printf("${name}: %ld of %ld outputs differ\n", differing, (long)${upper}_VECTORS * ${size});
  return differing != 0;
}
//: number-bits

/* The bits of a number; those of every number that is none are the same. */
static uint32_t ${name}_number_bits(float number) {
  uint32_t bits = 0x7FC00000u;
  if (number == number) {
    memcpy(&bits, &number, sizeof bits);
  }
  return bits;
}
//: main-numbers
/* Runs the test vectors of network "${network}"; the exit code is 0 if every output is equal. */
#include "${name}.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "${name}_vectors.h"

${buffers}${numbers}
int main(void) {
  long differing = 0;
  for (uint32_t v = 0; v < ${upper}_VECTORS; v++) {
${makes}    ${name}_run(${arguments});
    for (int32_t i = 0; i < ${size}; i++) {
      const float expected = ${name}_expected[v * ${size}u + (uint32_t)i];
      if (${bits} != ${name}_number_bits(expected)) {
        if (differing++ == 0) {
          printf("vector %lu, output %ld: got %a, expected %a\n", (unsigned long)v, (long)i,
                 (double)${name}_output[i], (double)expected);
        }
      }
    }
  }
  printf("${name}: %ld of %ld outputs differ\n", differing, (long)${upper}_VECTORS * ${size});
  return differing != 0;
}
//: main-checksums
/*
 * Runs the test vectors of network "${network}" and compares the CRC-32 sum of each one's outputs;
 * the exit code is 0 if all are equal.
 */
#include "${name}.h"
#include "${name}_vectors.h"

#include <stdio.h>
#include <string.h>

${buffers}${numbers}
int main(void) {
  long differing = 0;
  for (uint32_t v = 0; v < ${upper}_VECTORS; v++) {
    uint32_t sum = 0xFFFFFFFFu;
${makes}    ${name}_run(${arguments});
    for (int32_t i = 0; i < ${size}; i++) {
      sum ^= ${bits};
      for (int bit = 0; bit < 32; bit++) {
        sum = (sum >> 1) ^ (0xEDB88320u & (0u - (sum & 1u)));
      }
    }
    if (~sum != ${name}_expected[v]) {
      if (differing++ == 0) {
        printf("vector %lu: its outputs have another checksum\n", (unsigned long)v);
      }
    }
  }
  printf("${name}: %ld of %ld vectors of %ld outputs differ\n", differing, (long)${upper}_VECTORS,
         (long)${size});
  return differing != 0;
}
