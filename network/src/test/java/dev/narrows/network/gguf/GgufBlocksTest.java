package dev.narrows.network.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GgufBlocksTest {
  private static List<String[]> golden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            GgufBlocksTest.class.getResourceAsStream("/golden/gguf/blocks.csv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(2)
          .map(line -> line.split(",", -1))
          .toList();
    }
  }

  @Test
  void decode_goldenBlocksOfEveryType_giveTheSameBits() throws IOException {
    Set<GgufType> left = EnumSet.allOf(GgufType.class);
    for (String[] row : golden()) {
      GgufType type = GgufType.valueOf(row[0]);
      byte[] bytes = HexFormat.of().parseHex(row[1]);
      int[] expected =
          Arrays.stream(row[2].split(" "))
              .mapToInt(hex -> Integer.parseUnsignedInt(hex, 16))
              .toArray();
      int count = bytes.length / type.bytes();
      float[] out = new float[count * type.elements() + 2];
      byte[] shifted = new byte[bytes.length + 3];
      System.arraycopy(bytes, 0, shifted, 3, bytes.length);
      GgufBlocks.decode(type, shifted, 3, count, out, 1);
      int[] bits = new int[out.length - 2];
      Arrays.setAll(bits, i -> Float.floatToRawIntBits(out[i + 1]));
      assertThat(bits).as(row[0]).isEqualTo(expected);
      left.remove(type);
    }
    assertThat(left).containsExactly(GgufType.Q8_K); // the oracle does not decode it
  }

  @Test
  void decode_wideBytes_areScaledEach() {
    byte[] block = new byte[GgufType.Q8_K.bytes()];
    System.arraycopy(GgufBuilder.word(Float.floatToRawIntBits(0.5f)), 0, block, 0, 4);
    for (int i = 0; i < 256; i++) {
      block[4 + i] = (byte) i;
    }
    float[] out = new float[256];
    GgufBlocks.decode(GgufType.Q8_K, block, 0, 1, out, 0);
    for (int i = 0; i < 256; i++) {
      assertThat(out[i]).isEqualTo((byte) i * 0.5f);
    }
  }
}
