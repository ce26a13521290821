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
//= cells
  for (int32_t row = 0; row < ${oh}; row++) {
    for (int32_t column = 0; column < ${ow}; column++) {
      for (int32_t c = 0; c < ${c}; c++) {
//...
      }
    }
  }
//= window
        for (int32_t i = 0; i < ${kh}; i++) {
          const int32_t y = ${y};
          for (int32_t j = 0; j < ${kw}; j++) {
            const int32_t x = ${xx};
            if (${inside}) {
//...
            }
          }
        }
//: average
static void ${id}(const ${x} *in, ${t} *out) {
//< cells
        ${s} sum = 0;${count}
//< window
              sum += (${s})in[(y * ${w} + x) * ${c} + c] - ${zero};${counted}
//>
        out[(row * ${ow} + column) * ${c} + c] = (${t})${code};
//>
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
//< cells
        int32_t most = ${least};
//< window
              const int32_t code = in[(y * ${w} + x) * ${c} + c];
              most = code > most ? code : most;
//>
        out[(row * ${ow} + column) * ${c} + c] = (${x})most;
//>
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
//= largest_code
    int32_t most = codes[0];
    for (int32_t c = 1; c < ${c}; c++) {
      most = codes[c] > most ? codes[c] : most;
    }
//: softmax
static void ${id}(const ${x} *in, ${t} *out, int32_t *shares) {
  for (int32_t i = 0; i < ${p}; i++) {
    const ${x} *codes = in + i * ${c};
//+ largest_code
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
//: elements
static void ${id}(${params}${t} *out) {
  for (int32_t i = 0; i < ${n}; i++) {
${body}    out[i] = (${t})(${code});
  }
}
//: mean-rows
static void ${id}(${params}float *out) {
//< cells
        ${s} sum = 0;
        int32_t count = 0;
//< window
              sum += ${value};
              count++;
//>
        out[(row * ${ow} + column) * ${c} + c] = (float)(sum / (${s})count);
//>
}
//: mean-columns
static void ${id}(${params}float *out) {
//< cells
        float sum = 0;
        int32_t count = 0;
        for (int32_t j = 0; j < ${kw}; j++) {
          const int32_t x = ${xx};
          float part = 0;
          for (int32_t i = 0; i < ${kh}; i++) {
            const int32_t y = ${y};
            if (${inside}) {
              part += ${value};
              count++;
            }
          }
          sum += part;
        }
        out[(row * ${ow} + column) * ${c} + c] = sum / (float)count;
//>
}
//: mean-fours
static void ${id}(${params}float *out) {
//< cells
        float lanes[4] = {0, 0, 0, 0};
        float sum = 0;
        int32_t count = 0;
        for (int32_t tap = 0; tap < ${taps}; tap++) {
          const int32_t i = tap / ${kw};
          const int32_t j = tap % ${kw};
          const int32_t y = ${y};
          const int32_t x = ${xx};
          if (tap == ${taps} / 4 * 4) {
            sum = lanes[0] + lanes[2] + (lanes[1] + lanes[3]);
          }
          if (${inside}) {
            const float value = ${value};
            if (tap < ${taps} / 4 * 4) {
              lanes[tap % 4] += value;
            } else {
              sum += value;
            }
            count++;
          }
        }
        if (${taps} % 4 == 0) {
          sum = lanes[0] + lanes[2] + (lanes[1] + lanes[3]);
        }
        out[(row * ${ow} + column) * ${c} + c] = sum / (float)count;
//>
}
//: largest-number
static void ${id}(${params}float *out) {
//< cells
        float most = -INFINITY;
//< window
              most = larger_float(most, ${value});
//>
        out[(row * ${ow} + column) * ${c} + c] = most;
//>
}
//: span
static void ${id}(${params}${t} *out) {
//< cells
        ${begin}
        for (${ys}) {
          for (${xs}) {
            for (${ks}) {
              ${step}
            }
          }
        }
        out[(row * ${ow} + column) * ${c} + c] = (${t})(${code});
//>
}
//: softmax-table
static void ${id}(${params}${t} *out) {
  for (int32_t i = 0; i < ${p}; i++) {
    const ${x} *codes = ${in} + i * ${c};
//+ largest_code
    float sum = 0;
    for (int32_t c = 0; c < ${c}; c++) {
      sum += ${exponentials}[most - codes[c]];
    }
    for (int32_t c = 0; c < ${c}; c++) {
      const float share = product32(${exponentials}[most - codes[c]], ${steps}) / sum;
      /* neither infinite nor none */
      const int64_t code = (share - share == 0 ? nearest_even(share) : 0) + ${zero};
      out[i * ${c} + c] = (${byte})(code < 255 ? code : 255);
    }
  }
}
//: softmax-numbers
static void ${id}(${params}float *out, float *shares) {
  for (int32_t row = 0; row < ${h}; row++) {
    for (int32_t c = 0; c < ${c}; c++) {
      const int32_t seen = ${seen};
      int32_t most = 0;
      double sum = 0;
      for (int32_t k = 0; k < seen; k++) {
        const int32_t code = ${code};
        most = code > most ? code : most;
      }
      for (int32_t k = 0; k < seen; k++) {
        const int32_t code = ${code};
        shares[k] = number_of_bits(${exponentials}[most - code]${correction});
        sum += shares[k];
      }
      for (int32_t k = 0; k < ${w}; k++) {
        out[(row * ${w} + k) * ${c} + c] = k < seen ? (float)(shares[k] / sum) : 0.0f;
      }
    }
  }
}
//: resize
static void ${id}(${params}${t} *out) {
  for (int32_t row = 0; row < ${oh}; row++) {
    const int32_t y0 = ${y0};
    const int32_t y1 = ${y1};
    const ${part} y = ${y};
    for (int32_t column = 0; column < ${ow}; column++) {
      const int32_t x0 = ${x0};
      const int32_t x1 = ${x1};
      const ${part} x = ${x};
      for (int32_t c = 0; c < ${c}; c++) {
        const ${s} a = ${y0x0};
        const ${s} b = ${y1x0};
        const ${s} c_ = ${y0x1};
        const ${s} d = ${y1x1};
        out[(row * ${ow} + column) * ${c} + c] = (${t})${code};
      }
    }
  }
}
//: blend
static void ${id}(${params}float *out) {
//< cells
        ${s} sum = 0;
        for (int32_t at = row * ${taps}; at < (row + 1) * ${taps}; at++) {
          const int32_t y = ${rows}[at];
          const ${s} product = ${product};
          sum = at == row * ${taps} ? product : sum + product;
        }
        out[(row * ${ow} + column) * ${c} + c] = (float)sum;
//>
}
//: softmax-wide
static void ${id}(const ${x} *in, ${t} *out, int32_t *shares) {
  for (int32_t i = 0; i < ${p}; i++) {
    const ${x} *codes = in + i * ${c};
//+ largest_code
    int32_t sum = 0;
    for (int32_t c = 0; c < ${c}; c++) {
      const int64_t place =
          (int64_t)fixed_multiply(codes[c] - most, ${multiplier}, ${shift}) + INT16_MAX;
      shares[c] = line_between_knots(${exponentials}, held16(place));
      sum += shares[c];
    }
    const int leading = leading_zeros((uint32_t)sum);
    const int64_t shifted = (((int64_t)sum << (leading - 1)) + 8192) >> 14;
    const int32_t reciprocal = line_between_knots(${reciprocals}, held16(shifted - 98304));
    const int64_t half = (int64_t)1 << (30 - leading);
    for (int32_t c = 0; c < ${c}; c++) {
      const int64_t share = ((int64_t)shares[c] * reciprocal + half) >> (31 - leading);
      out[i * ${c} + c] = (${t})clamp64(share, 0, INT16_MAX);
    }
  }
}
//: softmax-logarithm
static void ${id}(const ${x} *in, ${t} *out) {
  for (int32_t i = 0; i < ${p}; i++) {
    const ${x} *codes = in + i * ${c};
//+ largest_code
    int32_t sum = 0;
    for (int32_t c = 0; c < ${c}; c++) {
      if (codes[c] - most >= ${floor}) {
        const int32_t power =
            exponential(fixed_multiply(codes[c] - most, ${multiplier}, ${shift}));
        sum = add_wrapping(sum, divide_by_power(power, 12));
      }
    }
    const int32_t logarithm = fixed_logarithm(sum);
    const int32_t below =
        fixed_multiply(add_wrapping(logarithm, INT32_MIN), ${inverse}, ${back});
    const int32_t smallest = below > ${floor} - 1 ? below : ${floor} - 1;
    for (int32_t c = 0; c < ${c}; c++) {
      const int32_t difference = codes[c] - most;
      const int32_t scaled = divide_by_power(
          subtract_wrapping(fixed_multiply(difference, ${multiplier}, ${shift}), logarithm), 22);
      out[i * ${c} + c] = (${t})(
          difference > smallest ? clamp64((int64_t)scaled + ${most}, ${least}, ${most}) : ${least});
    }
  }
}
//: unit-length
static void ${id}(const ${x} *in, ${t} *out) {
  for (int32_t i = 0; i < ${p}; i++) {
    const ${x} *codes = in + i * ${c};
    int32_t squares = 0;
    for (int32_t c = 0; c < ${c}; c++) {
      squares += (codes[c] - ${zero}) * (codes[c] - ${zero});
    }
    int shift;
    const int32_t root = inverse_root(squares, &shift);
    for (int32_t c = 0; c < ${c}; c++) {
      const int32_t scaled =
          fixed_multiply((codes[c] - ${zero}) * ${before}, root, shift + ${behind});
      out[i * ${c} + c] = (${t})clamp32(scaled + ${to}, ${least}, ${most});
    }
  }
}
