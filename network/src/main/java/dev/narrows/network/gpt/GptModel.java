package dev.narrows.network.gpt;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.hub.HubConfig;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.hub.HubTensors;
import dev.narrows.network.hub.HubTokenizer;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.llama.TokenizedModel;
import dev.narrows.network.text.TextTokenizer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A decoder in a folder of the Hub's layout: word and position embeddings; layers of attention to
 * earlier tokens and of a feed-forward part, each behind a normalisation and added to what it read;
 * a last normalisation, and scores of all tokens by the embedding. Matrices lie transposed in the
 * file.
 */
public final class GptModel implements TokenizedModel {
  private static final int LARGEST = 1 << 20;

  private final GptShape shape;
  private final float epsilon;
  private final HubTensors tensors;
  private final String prefix;
  private final HubTokenizer tokenizer;
  private final OptionalInt end;
  private final Map<String, float[]> read = new ConcurrentHashMap<>();

  private GptModel(GptShape shape, HubConfig config, HubFolder folder) throws IOException {
    this.shape = shape;
    this.epsilon = config.positive("layer_norm_epsilon");
    this.tensors = HubTensors.open(folder);
    this.prefix = tensors.has("wte.weight") ? "" : "transformer.";
    require(); // before a vocabulary of as many tokens as the configuration states
    this.tokenizer = HubTokenizer.read(folder, shape.vocabulary());
    if (tokenizer.before().length > 1 || tokenizer.after().length > 0) {
      throw config.bad(
          "model_type", "a model that goes on with texts has at most one mark before each of them");
    }
    Optional<Integer> last = config.firstWhole("eos_token_id", 0, shape.vocabulary() - 1);
    this.end = last.isPresent() ? OptionalInt.of(last.get()) : OptionalInt.empty();
  }

  /** Whether a configuration is that of a decoder of this form. */
  public static boolean reads(HubConfig config) throws NetworkFileException {
    return config.text("model_type").filter("gpt2"::equals).isPresent();
  }

  /**
   * Opens a model; the folder is not trusted.
   *
   * @throws NetworkFileException if a file is not sound, or its model is not of the form as it is
   *     read here
   */
  public static GptModel open(HubFolder folder) throws IOException {
    HubConfig config = folder.read();
    return new GptModel(shape(config), config, folder);
  }

  private static GptShape shape(HubConfig config) throws NetworkFileException {
    if (!reads(config)) {
      throw config.bad(
          "model_type", "expected gpt2, got \"" + config.text("model_type").orElse("none") + '"');
    }
    String function = config.text("activation_function").orElse("gelu_new");
    if (!function.equals("gelu_new") && !function.equals("gelu_pytorch_tanh")) {
      throw config.bad("activation_function", "expected gelu_new, got \"" + function + '"');
    }
    if (!config.truth("scale_attn_weights").orElse(true)
        || config.truth("scale_attn_by_inverse_layer_idx").orElse(false)
        || config.truth("add_cross_attention").orElse(false)
        || !config.truth("tie_word_embeddings").orElse(true)) {
      throw config.bad(
          "scale_attn_weights",
          "other scales of scores, attention to another text and an own matrix of scores of tokens"
              + " are not read");
    }
    int dim = config.whole("n_embd", 1, LARGEST);
    int heads = config.whole("n_head", 1, LARGEST);
    if (dim % heads != 0) {
      throw config.bad("n_head", "must divide n_embd, got %d and %d".formatted(heads, dim));
    }
    return new GptShape(
        dim,
        config.wholeIfGiven("n_inner", 1, LARGEST).orElse(4 * dim),
        config.whole("n_layer", 1, LARGEST),
        heads,
        config.whole("vocab_size", 1, LARGEST),
        config.whole("n_positions", 1, LARGEST));
  }

  /** Every tensor in its shape, and no other. */
  private void require() throws NetworkFileException {
    // before names are made for every layer: a file of a few bytes can state a million layers
    if (tensors.count() < 12L * shape.layers()) {
      throw new NetworkFileException(
          tensors.place(),
          "directory",
          "a model of %d layers has at least 12 tensors each, the file has %d"
              .formatted(shape.layers(), tensors.count()));
    }
    tensors.require(prefix + "wte.weight", shape.vocabulary(), shape.dim());
    tensors.require(prefix + "wpe.weight", shape.length(), shape.dim());
    requireNorm("ln_f");
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (GptMatrix matrix : GptMatrix.values()) {
        String name = prefix + matrix.tensor(layer);
        tensors.require(name + ".weight", matrix.terms(shape), matrix.columns(shape));
        tensors.require(name + ".bias", matrix.columns(shape));
      }
      requireNorm("h." + layer + ".ln_1");
      requireNorm("h." + layer + ".ln_2");
    }
    // masks that older files hold, and a copy of the embedding
    tensors.refuseOthers(name ->
        name.startsWith(prefix + "h.")
                && (name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias"))
            || name.equals("lm_head.weight"));
  }

  private void requireNorm(String name) throws NetworkFileException {
    tensors.require(prefix + name + ".weight", shape.dim());
    tensors.require(prefix + name + ".bias", shape.dim());
  }

  @Override
  public TextTokenizer tokenizer() {
    return tokenizer.tokenizer();
  }

  @Override
  public OptionalInt end() {
    return end;
  }

  @Override
  public OptionalInt begin() {
    return tokenizer.begin();
  }

  @Override
  public int longest() {
    return shape.length();
  }

  @Override
  public int vocabulary() {
    return shape.vocabulary();
  }

  GptShape shape() {
    return shape;
  }

  float epsilon() {
    return epsilon;
  }

  Activation.Function function() {
    return Activation.Function.GELU_TANH;
  }

  /** [vocabulary][dim]. */
  float[] words() {
    return all("wte.weight");
  }

  /** [length][dim]. */
  float[] positions() {
    return all("wpe.weight");
  }

  float[] gains(String norm) {
    return all(norm + ".weight");
  }

  float[] shifts(String norm) {
    return all(norm + ".bias");
  }

  /** [rows][terms]. */
  float[] weights(GptMatrix matrix, int layer) {
    return read.computeIfAbsent(
        matrix.name(layer),
        _ -> {
          float[] stored = tensors.all(prefix + matrix.tensor(layer) + ".weight");
          int rows = matrix.rows(shape);
          int terms = matrix.terms(shape);
          int columns = matrix.columns(shape);
          float[] weights = new float[rows * terms];
          for (int r = 0; r < rows; r++) {
            for (int k = 0; k < terms; k++) {
              weights[r * terms + k] = stored[k * columns + matrix.part() * rows + r];
            }
          }
          return weights;
        });
  }

  float[] bias(GptMatrix matrix, int layer) {
    int rows = matrix.rows(shape);
    float[] stored = all(matrix.tensor(layer) + ".bias");
    return Arrays.copyOfRange(stored, matrix.part() * rows, (matrix.part() + 1) * rows);
  }

  /** Networks of all lengths share what they hold. */
  private float[] all(String name) {
    return read.computeIfAbsent(name, _ -> tensors.all(prefix + name));
  }

  @Override
  public Network sums() {
    return network(1);
  }

  @Override
  public Network network(int length) {
    return GptNetwork.of(this, length);
  }
}
