package dev.narrows.network.llama;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.hub.HubConfig;
import dev.narrows.network.hub.HubTensors;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a folder's {@code config.json} says of a model of the llama family, and the names of its
 * tensors.
 */
final class HubLayout {
  /** Values of {@code model_type}. */
  static final Set<String> FAMILIES = Set.of("llama", "qwen2");

  private static final int LARGEST = 1 << 20;

  private final HubConfig config;
  private final LlamaShape shape;
  private final float epsilon;
  private final float rotaryBase;
  private final List<Float> rotaryDivisors;
  private final boolean attentionBias;
  private final boolean outputBias;
  private final boolean feedBias;
  private String prefix = "model.";

  private HubLayout(HubConfig config) throws NetworkFileException {
    this.config = config;
    boolean qwen = family(config).equals("qwen2");
    int heads = config.whole("num_attention_heads", 1, LARGEST);
    int dim = config.whole("hidden_size", 1, LARGEST);
    try {
      this.shape =
          new LlamaShape(
              dim,
              config.whole("intermediate_size", 1, LARGEST),
              config.whole("num_hidden_layers", 1, LARGEST),
              heads,
              config.wholeIfGiven("num_key_value_heads", 1, LARGEST).orElse(heads),
              config.whole("vocab_size", 1, LARGEST),
              config.truth("tie_word_embeddings").orElse(false),
              config.whole("max_position_embeddings", 1, LARGEST));
    } catch (IllegalArgumentException e) {
      throw new NetworkFileException(config.file(), "sizes", String.valueOf(e.getMessage()), e);
    }
    this.epsilon = config.positive("rms_norm_eps");
    this.rotaryBase = rotaryBase(config);
    this.rotaryDivisors = rotaryDivisors(config, shape.headSize(), rotaryBase);
    boolean said = config.truth("attention_bias").orElse(false);
    this.attentionBias = qwen || said;
    this.outputBias = !qwen && said;
    this.feedBias = config.truth("mlp_bias").orElse(false);
    requirePlain();
  }

  static HubLayout of(HubConfig config) throws NetworkFileException {
    return new HubLayout(config);
  }

  private static String family(HubConfig config) throws NetworkFileException {
    String family = config.text("model_type").orElse("none");
    if (!FAMILIES.contains(family)) {
      throw config.bad("model_type", "expected llama or qwen2, got \"" + family + '"');
    }
    return family;
  }

  /** Where newer files have positions, {@code rope_parameters}; older ones have the base alone. */
  private static float rotaryBase(HubConfig config) throws NetworkFileException {
    Optional<HubConfig> newer = config.inside("rope_parameters");
    Optional<Float> base =
        newer.isPresent() ? newer.get().real("rope_theta") : config.real("rope_theta");
    float value = base.orElse(10_000f);
    if (!(value > 1)) {
      throw config.bad("rope_theta", "must be above 1, got " + value);
    }
    return value;
  }

  /** What either of the two keys says of scaled positions, if one does. */
  private static List<Float> rotaryDivisors(HubConfig config, int headSize, float base)
      throws NetworkFileException {
    List<Float> divisors = List.of();
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      Optional<HubConfig> rope = config.inside(key);
      if (rope.isPresent()) {
        List<Float> said = divisors(rope.get(), headSize, base);
        if (!divisors.isEmpty() && !said.isEmpty() && !said.equals(divisors)) {
          throw config.bad(key, "says other positions than rope_scaling");
        }
        divisors = said.isEmpty() ? divisors : said;
      }
    }
    return divisors;
  }

  private static List<Float> divisors(HubConfig rope, int headSize, float base)
      throws NetworkFileException {
    String newer = rope.text("rope_type").orElse("default");
    String kind = newer.equals("default") ? rope.text("type").orElse("default") : newer;
    return switch (kind) {
      case "default" -> List.of();
      case "linear" -> RotaryScaling.linear(headSize, factor(rope));
      case "llama3" -> {
        float low = rope.positive("low_freq_factor");
        float high = rope.positive("high_freq_factor");
        if (!(high > low)) {
          throw rope.bad(
              "high_freq_factor", "must be above low_freq_factor, %s, got %s".formatted(low, high));
        }
        int original = rope.whole("original_max_position_embeddings", 1, LARGEST);
        yield RotaryScaling.llama3(headSize, base, factor(rope), low, high, original);
      }
      default ->
          throw rope.bad(
              "rope_type", "expected default, linear or llama3 positions, got \"" + kind + '"');
    };
  }

  private static float factor(HubConfig rope) throws NetworkFileException {
    float factor = rope.positive("factor");
    if (factor < 1) {
      throw rope.bad("factor", "must be at least 1, got " + factor);
    }
    return factor;
  }

  /** Refuses what would change the model's results and is not read here. */
  private void requirePlain() throws NetworkFileException {
    Optional<Integer> head = config.wholeIfGiven("head_dim", 1, LARGEST);
    if (head.isPresent() && head.get() != shape.headSize()) {
      throw config.bad(
          "head_dim",
          "expected %d, hidden_size by num_attention_heads, got %d"
              .formatted(shape.headSize(), head.get()));
    }
    String function = config.text("hidden_act").orElse("silu");
    if (!function.equals("silu")) {
      throw config.bad("hidden_act", "expected silu, got \"" + function + '"');
    }
    if (config.real("partial_rotary_factor").orElse(1f) != 1) {
      throw config.bad(
          "partial_rotary_factor", "positions that turn a part of a head are not read");
    }
    if (config.truth("use_sliding_window").orElse(false)
        && config.wholeIfGiven("sliding_window", 0, Integer.MAX_VALUE).orElse(0) < shape.length()) {
      throw config.bad("sliding_window", "attention to a part of the window is not read");
    }
  }

  /** Every tensor in its shape, and no other. */
  void require(HubTensors tensors) throws NetworkFileException {
    // before names are made for every layer: a file of a few bytes can state a million layers
    if (tensors.count() < 9L * shape.layers()) {
      throw new NetworkFileException(
          tensors.place(),
          "directory",
          "a model of %d layers has at least 9 tensors each, the file has %d"
              .formatted(shape.layers(), tensors.count()));
    }
    prefix = tensors.has("embed_tokens.weight") ? "" : "model.";
    for (LlamaMatrix matrix : LlamaMatrix.values()) {
      for (int layer = 0; layer < (matrix.inLayers() ? shape.layers() : 1); layer++) {
        tensors.require(weights(matrix, layer), matrix.rows(shape), matrix.terms(shape));
        if (biased(matrix)) {
          tensors.require(name(matrix, layer) + ".bias", matrix.rows(shape));
        }
      }
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      tensors.require(name(LlamaNorm.ATTENTION, layer), shape.dim());
      tensors.require(name(LlamaNorm.FEED, layer), shape.dim());
    }
    tensors.require(name(LlamaNorm.LAST, 0), shape.dim());
    // a table of turns that older files hold, and a copy of the embedding
    tensors.refuseOthers(name ->
        name.endsWith(".rotary_emb.inv_freq") || shape.shared() && name.equals("lm_head.weight"));
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

  List<Float> rotaryDivisors() {
    return rotaryDivisors;
  }

  /** Whether something is added to the sums of a matrix. */
  boolean biased(LlamaMatrix matrix) {
    return switch (matrix) {
      case QUERY, KEY, VALUE -> attentionBias;
      case OUTPUT -> outputBias;
      case GATE, UP, DOWN -> feedBias;
      case EMBEDDING, CLASSIFIER -> false;
    };
  }

  /** The tensor that holds a matrix. */
  String weights(LlamaMatrix matrix, int layer) {
    boolean tied = matrix == LlamaMatrix.CLASSIFIER && shape.shared();
    return name(tied ? LlamaMatrix.EMBEDDING : matrix, layer) + ".weight";
  }

  /** A matrix's name in the file, without its ending. */
  String name(LlamaMatrix matrix, int layer) {
    String block = prefix + "layers." + layer + '.';
    return switch (matrix) {
      case EMBEDDING -> prefix + "embed_tokens";
      case CLASSIFIER -> "lm_head";
      case QUERY -> block + "self_attn.q_proj";
      case KEY -> block + "self_attn.k_proj";
      case VALUE -> block + "self_attn.v_proj";
      case OUTPUT -> block + "self_attn.o_proj";
      case GATE -> block + "mlp.gate_proj";
      case UP -> block + "mlp.up_proj";
      case DOWN -> block + "mlp.down_proj";
    };
  }

  /** A normalisation's tensor. */
  String name(LlamaNorm norm, int layer) {
    return switch (norm) {
      case ATTENTION -> prefix + "layers." + layer + ".input_layernorm.weight";
      case FEED -> prefix + "layers." + layer + ".post_attention_layernorm.weight";
      case LAST -> prefix + "norm.weight";
    };
  }
}
