package dev.narrows.network.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.safetensors.MappedSafetensors;
import dev.narrows.network.safetensors.SafetensorsBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codes with scales, as the package compressed-tensors stores them. */
class QuantizedTensorsTest {
  @TempDir private Path folder;

  private static HubTensors open(SafetensorsBuilder file) throws NetworkFileException {
    return HubTensors.of(
        MappedSafetensors.of(Path.of("x.safetensors"), MemorySegment.ofArray(file.bytes())));
  }

  private static SafetensorsBuilder bytes(String type, byte[] codes, float[] scales, int... shape) {
    return new SafetensorsBuilder()
        .raw("a.weight", type, codes, 4, codes.length / 4)
        .floats("a.weight_scale", "F32", scales, shape);
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  @Test
  void int8_scalesOfAMatrixRowsOrParts_areMultipliedInBinary32() throws IOException {
    byte[] codes = random(24);
    for (int groups : new int[] {0, 1, 2, 3}) { // 0: one scale for all
      float[] scales = new float[Math.max(1, 4 * groups)];
      for (int i = 0; i < scales.length; i++) {
        scales[i] = 0.1f * (i + 1);
      }
      int[] shape = groups == 0 ? new int[] {1} : new int[] {4, groups};
      SafetensorsBuilder file = bytes("I8", codes, scales, shape);
      HubTensors tensors = open(file);
      tensors.require("a.weight", 4, 6);
      tensors.refuseOthers(name -> false);
      float[] zeroed = new float[24];
      HubTensors shifted = open(file.raw("a.weight_zero_point", "I8", new byte[] {-5}, 1));
      shifted.require("a.weight", 4, 6);
      shifted.rows("a.weight", 0, 4, zeroed);
      float[] all = tensors.all("a.weight");
      float[] row = new float[6];
      for (int r = 0; r < 4; r++) {
        tensors.rows("a.weight", r, 1, row);
        for (int c = 0; c < 6; c++) {
          float scale = groups == 0 ? scales[0] : scales[r * groups + c / (6 / groups)];
          assertThat(all[r * 6 + c]).isEqualTo(codes[r * 6 + c] * scale).isEqualTo(row[c]);
          assertThat(zeroed[r * 6 + c]).isEqualTo((codes[r * 6 + c] + 5) * scale);
        }
      }
    }
  }

  @Test
  void int4_eightCodesOfAWord_countFromMinusEight() throws IOException {
    int columns = 11;
    int[][] codes = new int[4][columns];
    ByteBuffer words = ByteBuffer.allocate(4 * 2 * 4).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(8);
    for (int r = 0; r < 4; r++) {
      int[] packed = new int[2];
      for (int c = 0; c < columns; c++) {
        codes[r][c] = random.nextInt(-8, 8);
        packed[c / 8] |= codes[r][c] + 8 << 4 * (c % 8);
      }
      words.putInt(packed[0]).putInt(packed[1]);
    }
    byte[] shape =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(4).putLong(columns).array();
    SafetensorsBuilder file =
        new SafetensorsBuilder()
            .raw("a.weight_packed", "I32", words.array(), 4, 2)
            .raw("a.weight_shape", "I64", shape, 2)
            .floats("a.weight_scale", "BF16", new float[] {1, 2, 0.5f, -3}, 4, 1);
    HubTensors tensors = open(file);
    tensors.require("a.weight", 4, columns);
    tensors.refuseOthers(name -> false);
    float[] row = new float[columns];
    float[] scales = {1, 2, 0.5f, -3};
    for (int r = 0; r < 4; r++) {
      tensors.rows("a.weight", r, 1, row);
      for (int c = 0; c < columns; c++) {
        assertThat(row[c]).isEqualTo(codes[r][c] * scales[r]);
      }
    }
    assertThatThrownBy(() -> open(file).require("a.weight", 4, 10))
        .hasMessageContaining("tensor \"a.weight_shape\": expected [4, 10] in I64");
    assertThatThrownBy(() -> open(file).require("a.weight", 4, 17))
        .hasMessageContaining("tensor \"a.weight_packed\": expected the shape [4, 3]");
  }

  /** All 256 codes by the definition: ±2^(e − 7)·(1 + m/8), and ±2^−6·m/8 where e is 0. */
  @Test
  void fp8_everyCode_isItsNumber() throws IOException {
    byte[] codes = new byte[256];
    for (int i = 0; i < 256; i++) {
      codes[i] = (byte) (i % 128 == 127 ? 0 : i); // without those that are not numbers
    }
    HubTensors tensors = open(bytes("F8_E4M3", codes, new float[] {2}, 1));
    tensors.require("a.weight", 4, 64);
    float[] all = tensors.all("a.weight");
    for (int i = 0; i < 256; i++) {
      int code = codes[i] & 255;
      int exponent = code >> 3 & 15;
      double size =
          exponent == 0
              ? (code & 7) / 8.0 * Math.pow(2, -6)
              : (1 + (code & 7) / 8.0) * Math.pow(2, exponent - 7);
      assertThat((double) all[i]).isEqualTo(2 * (code > 127 ? -size : size));
    }
    assertThat(all[126]).isEqualTo(2 * 448f);
    codes[70] = 127;
    HubTensors bad = open(bytes("F8_E4M3", codes, new float[] {2}, 1));
    bad.require("a.weight", 4, 64);
    assertThatThrownBy(() -> bad.all("a.weight"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("tensor \"a.weight\": row 1, column 6: must be finite, got NaN");
  }

  private static void assertRefused(SafetensorsBuilder file, String message) {
    assertThatThrownBy(
            () -> {
              HubTensors tensors = open(file);
              tensors.require("a.weight", 4, 6);
              tensors.refuseOthers(name -> false);
            })
        .isInstanceOf(NetworkFileException.class)
        .hasMessageStartingWith("x.safetensors: ")
        .hasMessageContaining(message);
  }

  @Test
  void parts_thatDoNotFit_areRefusedByName() {
    byte[] codes = random(24);
    float[] four = {1, 2, 3, 4};
    assertRefused(bytes("I8", codes, four, 2, 2), "expected a scale for 4 rows of 6");
    assertRefused(bytes("I8", codes, new float[16], 4, 4), "expected a scale for 4 rows of 6");
    assertRefused(bytes("I8", codes, new float[0], 4, 0), "expected a scale for 4 rows of 6");
    assertRefused(bytes("U8", codes, four, 4, 1), "got U8 [4, 6]");
    assertRefused(bytes("I8", random(20), four, 4, 1), "expected the shape [4, 6] by config.json");
    assertRefused(
        bytes("I8", codes, new float[] {1, 2, Float.NaN, 4}, 4, 1), "element 2: must be finite");
    assertRefused(
        bytes("I8", codes, four, 4, 1).raw("a.weight_zero_point", "I8", new byte[3], 3, 1),
        "expected a zero point in I8 for each scale of 4 rows, got I8 [3, 1]");
    assertRefused(
        bytes("I8", codes, four, 4, 1).raw("a.weight_g_idx", "I8", new byte[6], 6),
        "1 tensors are no part of the models read here: a.weight_g_idx");
    assertRefused(
        new SafetensorsBuilder().raw("a.weight", "I8", codes, 4, 6),
        "tensor \"a.weight\": expected F32, F16 or BF16, got I8 [4, 6]");
    assertRefused(
        new SafetensorsBuilder().floats("a.weight_scale", "F32", four, 4, 1),
        "\"a.weight\": missing");
  }

  @Test
  void config_ofAnotherMethod_isRefused() throws IOException {
    String[][] bad = {
      {"{\"quant_method\":\"gptq\"}", "expected compressed-tensors, got \"gptq\""},
      {"7", "key \"quantization_config\": expected an object"},
      {"{\"quant_method\":\"compressed-tensors\",\"format\":\"marlin-24\"}", "got \"marlin-24\""},
      {
        "{\"quant_method\":\"compressed-tensors\",\"format\":\"int-quantized\","
            + "\"kv_cache_scheme\":{}}",
        "quantised keys and values are not read"
      },
      {
        "{\"quant_method\":\"compressed-tensors\",\"format\":\"dense\","
            + "\"sparsity_config\":{\"format\":\"sparse-bitmask\"}}",
        "sparse weights are not read"
      },
    };
    for (String[] one : bad) {
      Files.writeString(folder.resolve("config.json"), "{\"quantization_config\":" + one[0] + "}");
      assertThatThrownBy(() -> HubTensors.open(HubFolder.of(folder).orElseThrow()))
          .isInstanceOf(NetworkFileException.class)
          .hasMessageContaining(one[1]);
    }
  }
}
