package dev.narrows.network.llama;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Files of a very small model and its tokenizer. */
final class TinyLlama {
  static final int VOCABULARY = 264;
  static final int LENGTH = 8;
  private static final int[] HEADER = {8, 12, 2, 4, 2, VOCABULARY, LENGTH};

  private TinyLlama() {}

  static int[] header() {
    return HEADER.clone();
  }

  /** The bytes of a checkpoint with this header and as many random numbers. */
  static byte[] checkpoint(int[] header, long numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(28 + 4 * numbers)).order(ByteOrder.LITTLE_ENDIAN);
    for (int size : header) {
      bytes.putInt(size);
    }
    Random random = new Random(9);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) random.nextGaussian() / 3);
    }
    return bytes.array();
  }

  static LlamaCheckpoint open(Path folder, boolean shared) throws IOException {
    return open(folder, shared, 4, 2);
  }

  static LlamaCheckpoint open(Path folder, boolean shared, int heads, int keyHeads)
      throws IOException {
    int[] header = header();
    header[3] = heads;
    header[4] = keyHeads;
    header[5] = shared ? VOCABULARY : -VOCABULARY;
    LlamaShape shape = new LlamaShape(8, 12, 2, heads, keyHeads, VOCABULARY, shared, LENGTH);
    Path file = folder.resolve("tiny.bin");
    Files.write(file, checkpoint(header, shape.numbers()));
    return LlamaCheckpoint.read(file);
  }

  /** Three marks, 256 bytes, then a few pieces; the longer, the better its score. */
  static byte[] tokenizer() {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      pieces.add("<0x%02X>".formatted(b));
    }
    pieces.addAll(List.of(" ", "a", "b", "ab", "aa"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(word(6));
    for (int i = 0; i < pieces.size(); i++) {
      byte[] piece = pieces.get(i).getBytes(StandardCharsets.ISO_8859_1);
      out.writeBytes(word(Float.floatToRawIntBits(i == 262 ? 2 : 1)));
      out.writeBytes(word(piece.length));
      out.writeBytes(piece);
    }
    return out.toByteArray();
  }

  private static byte[] word(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
