package dev.narrows.network.bert;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.hub.HubConfig;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.hub.HubTensors;
import dev.narrows.network.hub.HubTokenizer;
import dev.narrows.network.layer.Activation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An encoder in a folder of the Hub's layout: sums of word, kind and position embeddings,
 * normalised; then layers of attention to all tokens and of a feed-forward part, each followed by a
 * normalisation of its sum with what it read; then a vector of the sentence.
 */
public final class BertModel {
  private static final int LARGEST = 1 << 20;

  /** Functions of the feed-forward part by their names in {@code hidden_act}. */
  private static final Map<String, Activation.Function> FUNCTIONS =
      Map.of(
          "gelu", Activation.Function.GELU_ERF,
          "gelu_new", Activation.Function.GELU_TANH,
          "gelu_pytorch_tanh", Activation.Function.GELU_TANH,
          "relu", Activation.Function.RELU);

  private final BertShape shape;
  private final float epsilon;
  private final Activation.Function function;
  private final HubTensors tensors;
  private final String prefix;
  private final HubTokenizer tokenizer;
  private final SentencePooling pooling;
  private final Map<String, float[]> read = new ConcurrentHashMap<>();

  private BertModel(
      BertShape shape,
      float epsilon,
      Activation.Function function,
      HubTensors tensors,
      HubFolder folder)
      throws IOException {
    this.shape = shape;
    this.epsilon = epsilon;
    this.function = function;
    this.tensors = tensors;
    this.prefix = tensors.has("embeddings.word_embeddings.weight") ? "" : "bert.";
    require(); // before a vocabulary of as many tokens as the configuration states
    this.tokenizer = HubTokenizer.read(folder, shape.vocabulary());
    this.pooling = SentencePooling.of(folder, shape.length());
  }

  /** Whether a configuration is that of an encoder of the family. */
  public static boolean reads(HubConfig config) throws NetworkFileException {
    return config.text("model_type").filter("bert"::equals).isPresent();
  }

  /**
   * Opens a model; the folder is not trusted.
   *
   * @throws NetworkFileException if a file is not sound, or its model is not one of the family as
   *     it is read here
   */
  public static BertModel open(HubFolder folder) throws IOException {
    HubConfig config = folder.read();
    BertShape shape = shape(config);
    HubTensors tensors = HubTensors.open(folder);
    return new BertModel(
        shape, config.positive("layer_norm_eps"), function(config), tensors, folder);
  }

  private static BertShape shape(HubConfig config) throws NetworkFileException {
    if (!reads(config)) {
      throw config.bad(
          "model_type", "expected bert, got \"" + config.text("model_type").orElse("none") + '"');
    }
    String positions = config.text("position_embedding_type").orElse("absolute");
    if (!positions.equals("absolute")) {
      throw config.bad("position_embedding_type", "expected absolute, got \"" + positions + '"');
    }
    for (String key : List.of("is_decoder", "add_cross_attention")) {
      if (config.truth(key).orElse(false)) {
        throw config.bad(key, "is not read");
      }
    }
    try {
      return new BertShape(
          config.whole("hidden_size", 1, LARGEST),
          config.whole("intermediate_size", 1, LARGEST),
          config.whole("num_hidden_layers", 1, LARGEST),
          config.whole("num_attention_heads", 1, LARGEST),
          config.whole("vocab_size", 1, LARGEST),
          config.whole("max_position_embeddings", 2, LARGEST),
          config.whole("type_vocab_size", 1, LARGEST));
    } catch (IllegalArgumentException e) {
      throw new NetworkFileException(config.file(), "sizes", String.valueOf(e.getMessage()), e);
    }
  }

  private static Activation.Function function(HubConfig config) throws NetworkFileException {
    String name = config.text("hidden_act").orElse("gelu");
    Activation.Function function = FUNCTIONS.get(name);
    if (function == null) {
      throw config.bad(
          "hidden_act",
          "expected one of %s, got \"%s\""
              .formatted(FUNCTIONS.keySet().stream().sorted().toList(), name));
    }
    return function;
  }

  /** Every tensor in its shape; heads of other tasks may be there and are not read. */
  private void require() throws NetworkFileException {
    // before names are made for every layer: a file of a few bytes can state a million layers
    if (tensors.count() < 16L * shape.layers()) {
      throw new NetworkFileException(
          tensors.place(),
          "directory",
          "a model of %d layers has at least 16 tensors each, the file has %d"
              .formatted(shape.layers(), tensors.count()));
    }
    String embeddings = prefix + "embeddings.";
    tensors.require(embeddings + "word_embeddings.weight", shape.vocabulary(), shape.dim());
    tensors.require(embeddings + "position_embeddings.weight", shape.length(), shape.dim());
    tensors.require(embeddings + "token_type_embeddings.weight", shape.kinds(), shape.dim());
    requireNorm(embeddings + "LayerNorm");
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (BertMatrix matrix : BertMatrix.values()) {
        String name = prefix + matrix.tensor(layer);
        tensors.require(name + ".weight", matrix.rows(shape), matrix.terms(shape));
        tensors.require(name + ".bias", matrix.rows(shape));
      }
      requireNorm(norm(layer, true));
      requireNorm(norm(layer, false));
    }
    tensors.refuseOthers(name ->
        name.equals(embeddings + "position_ids")
            || name.startsWith(prefix + "pooler.")
            || name.startsWith("cls."));
  }

  private void requireNorm(String name) throws NetworkFileException {
    tensors.require(name + ".weight", shape.dim());
    tensors.require(name + ".bias", shape.dim());
  }

  /** The normalisation behind attention, or behind the feed-forward part. */
  private String norm(int layer, boolean attention) {
    return prefix
        + "encoder.layer."
        + layer
        + (attention ? ".attention.output.LayerNorm" : ".output.LayerNorm");
  }

  /** The sizes of the model. */
  public BertShape shape() {
    return shape;
  }

  /** What cuts texts into the model's tokens, with the marks around them. */
  public HubTokenizer tokenizer() {
    return tokenizer;
  }

  /** Tokens of a sentence with its marks; what is longer loses its end. */
  public int longest() {
    return pooling.longest();
  }

  /** Whether vectors of sentences are divided by their lengths. */
  public boolean unitLength() {
    return pooling.unitLength();
  }

  boolean poolsFirst() {
    return pooling.first();
  }

  float epsilon() {
    return epsilon;
  }

  Activation.Function function() {
    return function;
  }

  float[] words() {
    return all(prefix + "embeddings.word_embeddings.weight");
  }

  /** The row that is added to every token, [dim]. */
  float[] firstKind() {
    return Arrays.copyOf(all(prefix + "embeddings.token_type_embeddings.weight"), shape.dim());
  }

  /** [length][dim]. */
  float[] positions() {
    return all(prefix + "embeddings.position_embeddings.weight");
  }

  /** Gains and shifts of the normalisation of embeddings. */
  float[][] norm() {
    return norm(prefix + "embeddings.LayerNorm");
  }

  /** Gains and shifts behind attention, or behind the feed-forward part. */
  float[][] normOf(int layer, boolean attention) {
    return norm(norm(layer, attention));
  }

  private float[][] norm(String name) {
    return new float[][] {all(name + ".weight"), all(name + ".bias")};
  }

  float[] weights(BertMatrix matrix, int layer) {
    return all(prefix + matrix.tensor(layer) + ".weight");
  }

  float[] bias(BertMatrix matrix, int layer) {
    return all(prefix + matrix.tensor(layer) + ".bias");
  }

  /** Networks of all lengths share what they hold. */
  private float[] all(String name) {
    return read.computeIfAbsent(name, tensors::all);
  }

  /**
   * The encoder on sentences of {@code tokens} tokens: ids [1][T][1] to the sentence's vector
   * [dim][1][1], not yet divided by its length. There is no padding, as every sentence is run at
   * its own length: a padded token would have the weight 0 everywhere.
   *
   * @param tokens T, from 1 to {@link BertShape#length}
   * @throws UncheckedIOException if the file holds numbers that are not finite
   */
  public Network network(int tokens) {
    return BertNetwork.of(this, tokens);
  }
}
