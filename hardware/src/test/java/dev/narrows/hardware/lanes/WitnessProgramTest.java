package dev.narrows.hardware.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narrows.core.lane.LaneReduction;
import dev.narrows.hardware.tools.CompiledC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Witnesses and guards, by the host's C compiler and its own instructions. */
class WitnessProgramTest {
  @TempDir private Path folder;

  @BeforeAll
  static void requireCompiler() {
    CompiledC.requireCompiler();
  }

  private static LaneAnswer answer(String reduction, String a, String b) {
    return LaneChains.answer(
        new LaneQuestion(
            LaneReduction.parse(reduction), OperandValues.parse(a), OperandValues.parse(b)),
        OptionalInt.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vpmaddubsw+paddsw+i32       | u8        | -1..1",
        "vpmaddubsw+paddsw           | u8        | s8",
        "vpmaddubsw+paddw+vpmaddwd   | 0..3      | -127..127",
        "smull+smlal+sadalp          | s8        | s8",
        "smull+smlal+sadalp          | s8        | s8 except -128",
        "umull+umlal                 | u8        | u8",
        "u16s*n/8                    | u8        | u8",
        "i16: start -1000..500, add n | 0..1     | -1000..1000",
        "pmaddwd                     | s16       | s16",
        "smlad                       | s16       | s8",
        "swar16                      | -8..7     | -8..7",
        "vpmaddubsw                  | s8+128    | s8",
        "i20*3+i23s*n/4              | s8        | s8",
      })
  void witness_compiled_endsWhereTheReferenceSays(String reduction, String a, String b)
      throws IOException {
    LaneAnswer answer = answer(reduction, a, b);
    LaneWitness witness = answer.witness().orElseThrow();
    String program = WitnessProgram.of(answer.question(), witness);
    CompiledC compiled = CompiledC.compile(folder, "witness", program);
    assertThat(compiled.exitCode()).as(compiled.output()).isZero();
    CompiledC run = CompiledC.run(folder, List.of("./witness"));
    assertThat(run.output())
        .isEqualTo("exact %d, kernel %d\n".formatted(witness.exact(), witness.ends()));
    assertThat(run.exitCode()).isZero();
    assertThat(witness.exact()).isNotEqualTo(witness.ends());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vpmaddubsw+paddsw+i32 | u8   | -1..1 | -DNARROWS_CHAIN=65",
        "vpmaddubsw+paddsw+i32 | u8   | -1..1 | -DNARROWS_B_MAX=2",
        "smull+smlal+sadalp    | s8   | s8 except -128 | -DNARROWS_CHAIN=3",
        "i32: add n products   | s16  | s8    | -DNARROWS_A_MIN=-40000",
        "i64: add n products   | s16  | s16   | -DNARROWS_CHAIN=0",
        "vpmaddubsw            | u8   | -64..64 | -DNARROWS_A_MAX=256",
      })
  void guard_compiles_andRejectsWhatIsNotProved(String reduction, String a, String b, String beyond)
      throws IOException {
    Files.writeString(folder.resolve("guard.h"), GuardHeader.of(answer(reduction, a, b)));
    String kernel =
        """
        #include "guard.h"
        #ifndef NARROWS_CHAIN
        static inline size_t narrows_chain_end(size_t k, size_t terms) { return k < terms ? terms : k; }
        #endif
        int main(void) {
          size_t steps = 0;
          for (size_t k = 0; k < 100000; k = narrows_chain_end(k, 100000)) steps++;
          return steps > 0 ? 0 : 1;
        }
        """;
    CompiledC plain = CompiledC.compile(folder, "kernel", kernel);
    assertThat(plain.exitCode()).as(plain.output()).isZero();
    assertThat(CompiledC.run(folder, List.of("./kernel")).exitCode()).isZero();
    CompiledC rejected = CompiledC.compile(folder, "kernel", kernel, beyond);
    assertThat(rejected.exitCode()).isNotZero();
    assertThat(rejected.output()).contains("static assertion failed");
  }

  /** The instructions themselves: vpmaddubsw and vpaddsw on one vector after another. */
  @Test
  void witness_ofVpmaddubsw_isWhatTheProcessorDoes() throws IOException {
    requireFlag("avx2");
    LaneAnswer answer = answer("vpmaddubsw+paddsw", "u8", "-1..1");
    LaneWitness witness = answer.witness().orElseThrow();
    String program =
        """
        #include <immintrin.h>
        #include <stdint.h>
        #include <stdio.h>
        static const uint8_t a[] = {%s};
        static const int8_t b[] = {%s};
        int main(void) {
          __m256i sum = _mm256_setzero_si256();
          for (size_t k = 0; k < sizeof a; k += 32) {
            __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(a + k));
            __m256i y = _mm256_loadu_si256((const __m256i *)(const void *)(b + k));
            sum = _mm256_adds_epi16(sum, _mm256_maddubs_epi16(x, y));
          }
          int16_t lanes[16];
          _mm256_storeu_si256((__m256i *)(void *)lanes, sum);
          int total = 0;
          for (int i = 0; i < 16; i++) total += lanes[i];
          printf("%%d\\n", total);
        }
        """
            .formatted(list(witness.a()), list(witness.b()));
    CompiledC compiled = CompiledC.compile(folder, "simd", program, "-mavx2");
    assertThat(compiled.exitCode()).as(compiled.output()).isZero();
    assertThat(CompiledC.run(folder, List.of("./simd")).output()).isEqualTo(witness.ends() + "\n");
    assertThat(witness.a().length % 32).isZero();
  }

  /** pmaddwd has one pair that wraps. */
  @Test
  void witness_ofPmaddwd_isWhatTheProcessorDoes() throws IOException {
    requireFlag("sse2");
    LaneWitness witness = answer("pmaddwd", "s16", "s16").witness().orElseThrow();
    assertThat(witness.a()).containsExactly(-32768, -32768);
    String program =
        """
        #include <emmintrin.h>
        #include <stdio.h>
        int main(void) {
          __m128i x = _mm_set1_epi16((short)%d), y = _mm_set1_epi16((short)%d);
          printf("%%d\\n", _mm_cvtsi128_si32(_mm_madd_epi16(x, y)));
        }
        """
            .formatted(witness.a()[0], witness.b()[0]);
    CompiledC compiled = CompiledC.compile(folder, "simd", program, "-msse2");
    assertThat(compiled.exitCode()).as(compiled.output()).isZero();
    assertThat(CompiledC.run(folder, List.of("./simd")).output()).isEqualTo(witness.ends() + "\n");
  }

  /** Two rows in one 32-bit word, the high one mended of the low one's borrow. */
  @Test
  void witness_ofSwar_breaksPackedRowsAndTheLargestChainDoesNot() throws IOException {
    LaneAnswer answer = answer("swar16", "-8..7", "-8..7");
    int largest = answer.largest().orElseThrow();
    String program =
        """
        #include <stdint.h>
        #include <stdio.h>
        static int wrong(int n) { /* all inputs and weights at the ends, both rows */
          int bad = 0;
          for (int x = -8; x <= 7; x += 15)
            for (int low = -8; low <= 7; low += 15)
              for (int high = -8; high <= 7; high += 15) {
                uint32_t packed = 0, word = ((uint32_t)high << 16) + (uint32_t)low;
                for (int i = 0; i < n; i++) packed += (uint32_t)x * word;
                int16_t first = (int16_t)packed;
                int16_t second = (int16_t)((packed - (uint32_t)(int32_t)first) >> 16);
                bad += first != n * x * low || second != n * x * high;
              }
          return bad;
        }
        int main(void) { printf("%%d %%d\\n", wrong(%d) > 0, wrong(%d) > 0); }
        """
            .formatted(largest, largest + 1);
    CompiledC compiled = CompiledC.compile(folder, "swar", program);
    assertThat(compiled.exitCode()).as(compiled.output()).isZero();
    assertThat(CompiledC.run(folder, List.of("./swar")).output()).isEqualTo("0 1\n");
  }

  private static void requireFlag(String flag) throws IOException {
    Path cpu = Path.of("/proc/cpuinfo");
    boolean has = Files.exists(cpu) && Files.readString(cpu).contains(" " + flag + " ");
    assumeTrue(has, "this processor has no " + flag);
  }

  private static String list(long[] values) {
    return Arrays.stream(values).mapToObj(String::valueOf).collect(Collectors.joining(","));
  }
}
