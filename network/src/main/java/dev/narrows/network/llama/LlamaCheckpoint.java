package dev.narrows.network.llama;

import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * llama2.c's legacy checkpoint: seven int32 (dim, hidden_dim, n_layers, n_heads, n_kv_heads,
 * vocab_size, negative where the classifier has weights of its own, seq_len), then the tensors in
 * float32, each for all layers together; little-endian.
 *
 * @param tensors by the names of llama2.c
 * @see <a href="https://github.com/karpathy/llama2.c">llama2.c</a>
 */
public record LlamaCheckpoint(Path file, LlamaShape shape, Map<String, float[]> tensors)
    implements LlamaModel {
  private static final int HEADER = 7 * Integer.BYTES;
  private static final int PIECE = 1 << 16;

  /**
   * Reads a checkpoint; the file is not trusted.
   *
   * @throws NetworkFileException if the header is not one or the file has not the size it states
   */
  public static LlamaCheckpoint read(Path file) throws IOException {
    GitLfsPointer.requireContent(file);
    try (FileChannel channel = FileChannel.open(file)) {
      LlamaShape shape = header(file, channel);
      long expected;
      try {
        expected = Math.addExact(HEADER, Math.multiplyExact(shape.numbers(), Float.BYTES));
      } catch (ArithmeticException e) {
        throw new NetworkFileException(file, "header", "the model it states is too large", e);
      }
      if (channel.size() != expected) {
        throw new NetworkFileException(
            file,
            "header",
            "a model of these sizes has %d bytes, the file has %d"
                .formatted(expected, channel.size()));
      }
      return new LlamaCheckpoint(file, shape, tensors(file, channel, shape));
    }
  }

  private static LlamaShape header(Path file, FileChannel channel) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    fill(file, channel, header);
    int dim = header.getInt();
    int hidden = header.getInt();
    int layers = header.getInt();
    int heads = header.getInt();
    int keyHeads = header.getInt();
    int vocabulary = header.getInt();
    int length = header.getInt();
    try {
      return new LlamaShape(
          dim,
          hidden,
          layers,
          heads,
          keyHeads,
          vocabulary < 0 ? -vocabulary : vocabulary, // −2^31 stays negative and is refused
          vocabulary > 0,
          length);
    } catch (IllegalArgumentException e) {
      throw new NetworkFileException(file, "header", String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<String, float[]> tensors(Path file, FileChannel channel, LlamaShape s)
      throws IOException {
    Map<String, Long> sizes = new LinkedHashMap<>();
    long dim = s.dim();
    long layers = s.layers();
    sizes.put("token_embedding_table", s.vocabulary() * dim);
    sizes.put("rms_att_weight", layers * dim);
    sizes.put("wq", layers * dim * dim);
    sizes.put("wk", layers * s.keyDim() * dim);
    sizes.put("wv", layers * s.keyDim() * dim);
    sizes.put("wo", layers * dim * dim);
    sizes.put("rms_ffn_weight", layers * dim);
    sizes.put("w1", layers * s.hidden() * dim);
    sizes.put("w2", layers * dim * s.hidden());
    sizes.put("w3", layers * s.hidden() * dim);
    sizes.put("rms_final_weight", dim);
    // rotations, which run.c computes anew as we do
    sizes.put("freq_cis", (long) s.length() * s.headSize());
    if (!s.shared()) {
      sizes.put("wcls", s.vocabulary() * dim);
    }
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (var entry : sizes.entrySet()) {
      tensors.put(entry.getKey(), floats(file, channel, entry.getKey(), entry.getValue()));
    }
    return tensors;
  }

  private static float[] floats(Path file, FileChannel channel, String name, long count)
      throws IOException {
    if (count > Integer.MAX_VALUE - 8) {
      throw new NetworkFileException(file, "tensor " + name, "has more than 2^31 numbers");
    }
    float[] values = new float[(int) count]; // the file's size was checked
    ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += piece.limit() / Float.BYTES) {
      piece.clear().limit(Math.min(PIECE, (values.length - at) * Float.BYTES));
      fill(file, channel, piece);
      piece.asFloatBuffer().get(values, at, piece.limit() / Float.BYTES);
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new NetworkFileException(file, "tensor " + name, "must be finite, got " + value);
      }
    }
    return values;
  }

  private static void fill(Path file, FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new NetworkFileException(file, "end", "the file ends too early");
      }
    }
    buffer.flip();
  }

  /** As llama2.c has it. */
  @Override
  public float epsilon() {
    return 1e-5f;
  }

  /** As llama2.c has it. */
  @Override
  public float rotaryBase() {
    return 10000;
  }

  @Override
  public OptionalInt begin() {
    return OptionalInt.of(Tokenizer.BEGIN);
  }

  @Override
  public float[] gains(LlamaNorm norm, int layer) {
    String name =
        switch (norm) {
          case ATTENTION -> "rms_att_weight";
          case FEED -> "rms_ffn_weight";
          case LAST -> "rms_final_weight";
        };
    return Arrays.copyOfRange(tensor(name), layer * shape.dim(), (layer + 1) * shape.dim());
  }

  @Override
  public float[] bias(LlamaMatrix matrix, int layer) {
    return new float[0];
  }

  @Override
  public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
    int terms = matrix.terms(shape);
    int from = (layer * matrix.rows(shape) + first) * terms;
    System.arraycopy(tensor(name(matrix)), from, to, 0, rows * terms);
  }

  private String name(LlamaMatrix matrix) {
    return switch (matrix) {
      case EMBEDDING -> "token_embedding_table";
      case QUERY -> "wq";
      case KEY -> "wk";
      case VALUE -> "wv";
      case OUTPUT -> "wo";
      case GATE -> "w1";
      case UP -> "w3";
      case DOWN -> "w2";
      case CLASSIFIER -> shape.shared() ? "token_embedding_table" : "wcls";
    };
  }

  /** A tensor, [layers][…]. */
  private float[] tensor(String name) {
    float[] tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("a checkpoint has no tensor " + name);
    }
    return tensor;
  }
}
