package dev.narrows.network.llama;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.hub.HubConfig;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.hub.HubTensors;
import dev.narrows.network.hub.HubTokenizer;
import dev.narrows.network.text.TextTokenizer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model of the llama family in a folder of the Hugging Face Hub's layout, whose weights stay in
 * their files: those that are asked for are decoded. Positions turn channels half a head apart
 * there; the rows of queries and keys are brought together here.
 */
public final class HubLlama implements LlamaModel, TokenizedModel {
  private final HubLayout layout;
  private final HubTensors tensors;
  private final HubTokenizer tokenizer;
  private final OptionalInt end;

  private HubLlama(HubLayout layout, HubTensors tensors, HubTokenizer tokenizer, OptionalInt end) {
    this.layout = layout;
    this.tensors = tensors;
    this.tokenizer = tokenizer;
    this.end = end;
  }

  /** Whether a configuration is that of a model of the family. */
  public static boolean reads(HubConfig config) throws NetworkFileException {
    return config.text("model_type").filter(HubLayout.FAMILIES::contains).isPresent();
  }

  /**
   * Opens a model; the folder is not trusted.
   *
   * @throws NetworkFileException if a file is not sound, or its model is not one of the family as
   *     it is read here
   */
  public static HubLlama open(HubFolder folder) throws IOException {
    HubConfig config = folder.read();
    HubLayout layout = HubLayout.of(config);
    HubTensors tensors = HubTensors.open(folder);
    layout.require(tensors);
    HubTokenizer tokenizer = HubTokenizer.read(folder, layout.shape().vocabulary());
    return of(config, layout, tensors, tokenizer);
  }

  static HubLlama of(HubConfig config, HubLayout layout, HubTensors tensors, HubTokenizer tokenizer)
      throws NetworkFileException {
    Optional<Integer> end = config.firstWhole("eos_token_id", 0, layout.shape().vocabulary() - 1);
    if (tokenizer.before().length > 1 || tokenizer.after().length > 0) {
      throw config.bad(
          "model_type", "a model that goes on with texts has at most one mark before each of them");
    }
    return new HubLlama(
        layout,
        tensors,
        tokenizer,
        end.isPresent() ? OptionalInt.of(end.get()) : OptionalInt.empty());
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
  public LlamaShape shape() {
    return layout.shape();
  }

  @Override
  public float epsilon() {
    return layout.epsilon();
  }

  @Override
  public float rotaryBase() {
    return layout.rotaryBase();
  }

  @Override
  public List<Float> rotaryDivisors() {
    return layout.rotaryDivisors();
  }

  @Override
  public float[] gains(LlamaNorm norm, int layer) {
    return tensors.all(layout.name(norm, layer));
  }

  @Override
  public float[] bias(LlamaMatrix matrix, int layer) {
    if (!layout.biased(matrix)) {
      return new float[0];
    }
    float[] bias = tensors.all(layout.name(matrix, layer) + ".bias");
    return halvesApart(matrix) ? new HalvesApart(shape()).bias(bias) : bias;
  }

  @Override
  public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
    String name = layout.weights(matrix, layer);
    if (!halvesApart(matrix)) {
      tensors.rows(name, first, rows, to);
      return;
    }
    new HalvesApart(shape())
        .rows(
            first,
            rows,
            matrix.terms(shape()),
            to,
            (from, some, row) -> tensors.rows(name, from, some, row));
  }

  private static boolean halvesApart(LlamaMatrix matrix) {
    return matrix == LlamaMatrix.QUERY || matrix == LlamaMatrix.KEY;
  }
}
