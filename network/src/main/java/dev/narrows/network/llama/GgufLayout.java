package dev.narrows.network.llama;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.gguf.GgufFile;
import dev.narrows.network.gguf.GgufMetadata;
import dev.narrows.network.gguf.GgufTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a GGUF file's metadata and directory say of a model: its sizes, and that every tensor it
 * needs is there in its shape, and no other.
 */
final class GgufLayout {
  private static final int LARGEST = 1 << 20;

  /** What llama.cpp's converter makes of the positions of Llama 3.1. */
  private static final String DIVISORS = "rope_freqs.weight";

  private final Path path;
  private final Map<String, GgufTensor> tensors;
  private final LlamaShape shape;
  private final float epsilon;
  private final float rotaryBase;
  private final List<Float> linear;
  private final boolean halvesApart;

  private GgufLayout(
      Path path,
      Map<String, GgufTensor> tensors,
      LlamaShape shape,
      float epsilon,
      float rotaryBase,
      List<Float> linear,
      boolean halvesApart) {
    this.path = path;
    this.tensors = tensors;
    this.shape = shape;
    this.epsilon = epsilon;
    this.rotaryBase = rotaryBase;
    this.linear = linear;
    this.halvesApart = halvesApart;
  }

  static GgufLayout of(GgufFile file) throws NetworkFileException {
    GgufMetadata said = file.metadata();
    String family = said.text("general.architecture").orElse("none");
    if (!family.equals("llama") && !family.equals("qwen2")) {
      throw new NetworkFileException(
          file.path(),
          "metadata general.architecture",
          "expected llama or qwen2, got \"" + family + "\"");
    }
    GgufTensor table = file.tensors().get("token_embd.weight");
    if (table == null) {
      throw new NetworkFileException(file.path(), "tensor token_embd.weight", "missing");
    }
    String of = family + ".";
    int dim = said.whole(of + "embedding_length", 1, LARGEST);
    int heads = said.whole(of + "attention.head_count", 1, LARGEST);
    LlamaShape shape;
    try {
      shape =
          new LlamaShape(
              dim,
              said.whole(of + "feed_forward_length", 1, LARGEST),
              said.whole(of + "block_count", 1, LARGEST),
              heads,
              said.wholeIfGiven(of + "attention.head_count_kv", 1, LARGEST).orElse(heads),
              (int) Math.min(table.rows(), Integer.MAX_VALUE),
              !file.tensors().containsKey("output.weight"),
              said.whole(of + "context_length", 1, LARGEST));
    } catch (IllegalArgumentException e) {
      throw new NetworkFileException(
          file.path(), "metadata " + family, String.valueOf(e.getMessage()), e);
    }
    requirePlain(file, of, shape);
    Optional<Float> epsilon = said.real(of + "attention.layer_norm_rms_epsilon");
    if (epsilon.isEmpty() || !(epsilon.get() > 0)) {
      throw new NetworkFileException(
          file.path(),
          "metadata " + of + "attention.layer_norm_rms_epsilon",
          "must be a positive number, got " + epsilon.map(String::valueOf).orElse("none"));
    }
    float base = said.real(of + "rope.freq_base").orElse(10_000f);
    if (!(base > 1)) {
      throw new NetworkFileException(
          file.path(), "metadata " + of + "rope.freq_base", "must be above 1, got " + base);
    }
    GgufLayout layout =
        new GgufLayout(
            file.path(),
            file.tensors(),
            shape,
            epsilon.get(),
            base,
            linear(file, of, shape.headSize()),
            family.equals("qwen2"));
    layout.check();
    return layout;
  }

  /**
   * By what metadata divide the frequencies of positions; a tensor may say it instead.
   *
   * @throws NetworkFileException if they are scaled in another way
   */
  private static List<Float> linear(GgufFile file, String of, int headSize)
      throws NetworkFileException {
    String scaling = file.metadata().text(of + "rope.scaling.type").orElse("none");
    float factor = file.metadata().real(of + "rope.scaling.factor").orElse(1f);
    boolean none = scaling.equals("none") && (factor == 1 || factor == 0);
    if (!none && !(scaling.equals("linear") && factor >= 1)) {
      throw new NetworkFileException(
          file.path(),
          "metadata " + of + "rope.scaling",
          "expected positions that are linear, by a factor of at least 1, or not scaled, got %s, %s"
              .formatted(scaling, factor));
    }
    if (!none && file.tensors().containsKey(DIVISORS)) {
      throw new NetworkFileException(
          file.path(), "tensor " + DIVISORS, "positions are scaled in the metadata, too");
    }
    return none ? List.of() : RotaryScaling.linear(headSize, factor);
  }

  /** Refuses what would change the model's results and is not read here. */
  private static void requirePlain(GgufFile file, String of, LlamaShape shape)
      throws NetworkFileException {
    GgufMetadata said = file.metadata();
    for (String key :
        List.of("rope.dimension_count", "attention.key_length", "attention.value_length")) {
      Optional<Integer> size = said.wholeIfGiven(of + key, 0, Integer.MAX_VALUE);
      if (size.isPresent() && size.get() != shape.headSize()) {
        throw new NetworkFileException(
            file.path(),
            "metadata " + of + key,
            "expected %d, the embedding's length by the number of heads, got %d"
                .formatted(shape.headSize(), size.get()));
      }
    }
    if (said.wholeIfGiven(of + "expert_count", 0, Integer.MAX_VALUE).orElse(0) > 0) {
      throw new NetworkFileException(
          file.path(), "metadata " + of + "expert_count", "mixtures of experts are not read");
    }
    int seen = said.wholeIfGiven(of + "attention.sliding_window", 0, Integer.MAX_VALUE).orElse(0);
    if (seen > 0 && seen < shape.length()) {
      throw new NetworkFileException(
          file.path(),
          "metadata " + of + "attention.sliding_window",
          "attention to a part of the window is not read");
    }
  }

  /** Every tensor in its shape, and no other. */
  private void check() throws NetworkFileException {
    // before names are made for every layer: a file of a few bytes can state a million layers
    if (tensors.size() < 9L * shape.layers()) {
      throw new NetworkFileException(
          path,
          "directory",
          "a model of %d layers has at least 9 tensors each, the file has %d"
              .formatted(shape.layers(), tensors.size()));
    }
    Set<String> known = new HashSet<>();
    for (LlamaMatrix matrix : LlamaMatrix.values()) {
      for (int layer = 0; layer < (matrix.inLayers() ? shape.layers() : 1); layer++) {
        String name = weights(matrix, layer);
        require(name, matrix.terms(shape), matrix.rows(shape), 2);
        known.add(name);
        String bias = name(matrix, layer) + ".bias";
        if (matrix.inLayers() && tensors.containsKey(bias)) {
          require(bias, matrix.rows(shape), 1, 1);
          known.add(bias);
        }
      }
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (LlamaNorm norm : List.of(LlamaNorm.ATTENTION, LlamaNorm.FEED)) {
        require(name(norm, layer), shape.dim(), 1, 1);
        known.add(name(norm, layer));
      }
    }
    require(name(LlamaNorm.LAST, 0), shape.dim(), 1, 1);
    known.add(name(LlamaNorm.LAST, 0));
    if (tensors.containsKey(DIVISORS)) {
      require(DIVISORS, shape.headSize() / 2, 1, 1);
      known.add(DIVISORS);
    }
    List<String> others = new ArrayList<>(tensors.keySet());
    others.removeAll(known);
    if (!others.isEmpty()) {
      throw new NetworkFileException(
          path,
          "directory",
          "%d tensors are no part of the models read here: %s"
              .formatted(
                  others.size(),
                  String.join(", ", others.subList(0, Math.min(others.size(), 20)))));
    }
  }

  private void require(String name, int columns, int rows, int dimensions)
      throws NetworkFileException {
    GgufTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new NetworkFileException(path, "tensor " + name, "missing");
    }
    if (tensor.columns() != columns
        || tensor.rows() != rows
        || tensor.dimensions() != dimensions && tensor.rows() != 1) {
      throw new NetworkFileException(
          path,
          "tensor " + name,
          "expected %d rows of %d, got %d of %d in %d dimensions"
              .formatted(rows, columns, tensor.rows(), tensor.columns(), tensor.dimensions()));
    }
  }

  LlamaShape shape() {
    return shape;
  }

  float epsilon() {
    return epsilon;
  }

  float rotaryBase() {
    return rotaryBase;
  }

  /** By what metadata divide the frequencies of positions. */
  List<Float> linear() {
    return linear;
  }

  /** The tensor that says it instead, if there is one. */
  Optional<GgufTensor> divisors() {
    return Optional.ofNullable(tensors.get(DIVISORS));
  }

  /** Whether the pairs that positions turn are half a head apart in this matrix. */
  boolean halvesApart(LlamaMatrix matrix) {
    return halvesApart && (matrix == LlamaMatrix.QUERY || matrix == LlamaMatrix.KEY);
  }

  GgufTensor matrix(LlamaMatrix matrix, int layer) {
    return Objects.requireNonNull(tensors.get(weights(matrix, layer)));
  }

  GgufTensor gains(LlamaNorm norm, int layer) {
    return Objects.requireNonNull(tensors.get(name(norm, layer)));
  }

  private String weights(LlamaMatrix matrix, int layer) {
    boolean tied = matrix == LlamaMatrix.CLASSIFIER && shape.shared();
    return name(tied ? LlamaMatrix.EMBEDDING : matrix, layer) + ".weight";
  }

  /** A matrix's name in the file, without its ending. */
  static String name(LlamaMatrix matrix, int layer) {
    String block = "blk." + layer + ".";
    return switch (matrix) {
      case EMBEDDING -> "token_embd";
      case CLASSIFIER -> "output";
      case QUERY -> block + "attn_q";
      case KEY -> block + "attn_k";
      case VALUE -> block + "attn_v";
      case OUTPUT -> block + "attn_output";
      case GATE -> block + "ffn_gate";
      case UP -> block + "ffn_up";
      case DOWN -> block + "ffn_down";
    };
  }

  private static String name(LlamaNorm norm, int layer) {
    return switch (norm) {
      case ATTENTION -> "blk." + layer + ".attn_norm.weight";
      case FEED -> "blk." + layer + ".ffn_norm.weight";
      case LAST -> "output_norm.weight";
    };
  }
}
