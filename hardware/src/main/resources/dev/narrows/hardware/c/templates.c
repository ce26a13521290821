//: gather
      ${x} *next = window;
      for (int32_t i = 0; i < ${kh}; i++) {
        const int32_t y = ${y};
        for (int32_t j = 0; j < ${kw}; j++) {
          const int32_t x = ${xx};
          if (${inside}) {
            const ${from} *from = in + ((${iy}) * ${w} + ${ix}) * ${c};
            ${copy}
          } else {
            for (int32_t k = 0; k < ${c}; k++) {
              next[k] = ${zero};
            }
          }
          next += ${c};
        }
      }
//: gather-plain
      ${x} *next = window;
      for (int32_t i = 0; i < ${kh}; i++) {
        const ${from} *from = in + ((row * ${sh} + i * ${dh}) * ${w} + column * ${sw}) * ${c};
        for (int32_t j = 0; j < ${kw}; j++) {
          ${copy}
          from += ${dw} * ${c};
          next += ${c};
        }
      }
//: dots
      for (int32_t c = 0; c < ${oc}; c++) {
        const ${q} *weights = ${id}_weights + c * ${k};
        ${s} sum = ${start};
        for (int32_t k = 0; k < ${k}; k++) {
          sum += (${s})taps[k] * weights[k];
        }
        made[c] = (${t})${code};
      }
//: dots-grouped
      for (int32_t c = 0; c < ${oc}; c++) {
        const ${q} *weights = ${id}_weights + c * ${k};
        const ${x} *group = taps + c / ${go} * ${gi};
        ${s} sum = ${start};
        for (int32_t tap = 0; tap < ${taps}; tap++) {
          for (int32_t k = 0; k < ${gi}; k++) {
            sum += (${s})group[tap * ${c} + k] * weights[tap * ${gi} + k];
          }
        }
        made[c] = (${t})${code};
      }
//: dots-depthwise
      for (int32_t c = 0; c < ${oc}; c++) {
        const ${q} *weights = ${id}_weights + c * ${k};
        ${s} sum = ${start};
        for (int32_t k = 0; k < ${k}; k++) {
          sum += (${s})taps[k * ${c} + c / ${go}] * weights[k];
        }
        made[c] = (${t})${code};
      }
//: dots-channels
      for (int32_t first = 0; first < ${oc}; first += 16) {
        const int32_t count = ${oc} - first < 16 ? ${oc} - first : 16;
        ${s} sums[16];
        for (int32_t i = 0; i < count; i++) {
          const int32_t c = first + i;
          sums[i] = ${start};
          (void)c;
        }
        for (int32_t k = 0; k < ${k}; k++) {
          for (int32_t i = 0; i < count; i++) {
            const int32_t at = k * ${oc} + first + i;
            sums[i] += (${s})taps[at] * ${id}_weights[at];
          }
        }
        for (int32_t i = 0; i < count; i++) {
          const int32_t c = first + i;
          const ${s} sum = sums[i];
          made[c] = (${t})${code};
        }
      }
//: dots-stepwise
      for (int32_t c = 0; c < ${oc}; c++) {
        const ${q} *weights = ${id}_weights + c * ${k};
        ${s} sum = ${start};
${steps}
        made[c] = (${t})${code};
      }
//: average
static void ${id}(const ${x} *in, ${t} *out) {
  for (int32_t row = 0; row < ${oh}; row++) {
    for (int32_t column = 0; column < ${ow}; column++) {
      for (int32_t c = 0; c < ${c}; c++) {
        ${s} sum = 0;${count}
        for (int32_t i = 0; i < ${kh}; i++) {
          const int32_t y = ${y};
          for (int32_t j = 0; j < ${kw}; j++) {
            const int32_t x = ${xx};
            if (${inside}) {
              sum += (${s})in[(y * ${w} + x) * ${c} + c] - ${zero};${counted}
            }
          }
        }
        out[(row * ${ow} + column) * ${c} + c] = (${t})${code};
      }
    }
  }
}
//: average-stepwise
static void ${id}(const ${x} *in, ${t} *out, ${x} *window) {
  for (int32_t row = 0; row < ${oh}; row++) {
    for (int32_t column = 0; column < ${ow}; column++) {
${gather}      for (int32_t c = 0; c < ${c}; c++) {
        ${s} sum = ${start};
${steps}
        out[(row * ${ow} + column) * ${c} + c] = (${t})${code};
      }
    }
  }
}
//: largest
static void ${id}(const ${x} *in, ${x} *out) {
  for (int32_t row = 0; row < ${oh}; row++) {
    for (int32_t column = 0; column < ${ow}; column++) {
      for (int32_t c = 0; c < ${c}; c++) {
        int32_t most = ${least};
        for (int32_t i = 0; i < ${kh}; i++) {
          const int32_t y = ${y};
          for (int32_t j = 0; j < ${kw}; j++) {
            const int32_t x = ${xx};
            if (${inside}) {
              const int32_t code = in[(y * ${w} + x) * ${c} + c];
              most = code > most ? code : most;
            }
          }
        }
        out[(row * ${ow} + column) * ${c} + c] = (${x})most;
      }
    }
  }
}
//: products
static void ${id}(const ${x} *left, const ${q} *right, ${t} *out) {
  for (int32_t row = 0; row < ${oh}; row++) {
    for (int32_t column = 0; column < ${ow}; column++) {
      for (int32_t c = 0; c < ${heads}; c++) {
        const ${x} *a = left + row * ${c} + c * ${k};
        const ${q} *b = right + column * ${c} + c * ${k};
        ${s} sum = 0;
${steps}        out[(row * ${ow} + column) * ${heads} + c] = (${t})${code};
      }
    }
  }
}
//: pair
static void ${id}(const ${x} *left, const ${q} *right, ${t} *out) {
  for (int32_t i = 0; i < ${n}; i++) {
    const int32_t a = (int32_t)left[i]${lz};
    const int32_t b = (int32_t)right[i]${rz};
${body}    out[i] = (${t})${code};
  }
}
//: point
static void ${id}(const ${x} *in, ${t} *out) {
  for (int32_t i = 0; i < ${n}; i++) {
    out[i] = (${t})${code};
  }
}
//: point-channels
static void ${id}(const ${x} *in, ${t} *out) {
  for (int32_t i = 0; i < ${p}; i++) {
    for (int32_t c = 0; c < ${c}; c++) {
      out[i * ${c} + c] = (${t})${code};
    }
  }
}
//: softmax
static void ${id}(const ${x} *in, ${t} *out, int32_t *shares) {
  for (int32_t i = 0; i < ${p}; i++) {
    const ${x} *codes = in + i * ${c};
    int32_t most = codes[0];
    for (int32_t c = 1; c < ${c}; c++) {
      most = codes[c] > most ? codes[c] : most;
    }
    int32_t sum = 0;
    for (int32_t c = 0; c < ${c}; c++) {
      const int32_t difference = codes[c] - most;
      shares[c] = -1; /* too small to count */
      if (difference >= ${floor}) {
        shares[c] = exponential(
            high_multiply((int32_t)((uint32_t)difference << ${shift}), ${multiplier}));
        sum = add_wrapping(sum, divide_by_power(shares[c], 12));
      }
    }
    const int leading = leading_zeros((uint32_t)sum);
    const int32_t reciprocal =
        reciprocal_of_one_plus((int32_t)(((uint32_t)sum << leading) - 0x80000000u));
    for (int32_t c = 0; c < ${c}; c++) {
      const int32_t share =
          shares[c] < 0 ? 0 : divide_by_power(high_multiply(reciprocal, shares[c]), 35 - leading);
      out[i * ${c} + c] = (${t})clamp32(share + ${least}, ${least}, ${most});
    }
  }
}
//: dots-rows
      for (int32_t block = 0; block < ${blocks}; block++) {
        int32_t rows[4];
        ${piece}(taps, ${id}_weights + block * ${size}, ${steps}, ${chain}, rows);
        for (int32_t r = 0; r < 4 && block * 4 + r < ${oc}; r++) {
          const int32_t c = block * 4 + r;
          const int32_t sum = ${start} + rows[r];
          made[c] = (${t})${code};
        }
      }
