package dev.narrows.network.llama;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.gguf.GgufFile;
import dev.narrows.network.gguf.GgufTensor;
import dev.narrows.network.text.TextTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model of the llama family in a GGUF file, whose weights stay there: those that are asked for
 * are decoded. Files of the architecture {@code llama} hold queries and keys so that positions turn
 * neighbouring channels; those of {@code qwen2} hold the two channels of a pair half a head apart,
 * and their rows are brought together here.
 */
public final class GgufLlama implements LlamaModel, TokenizedModel {
  private final GgufFile file;
  private final GgufLayout layout;
  private final GgufVocabulary vocabulary;
  private final List<Float> divisors;

  private GgufLlama(
      GgufFile file, GgufLayout layout, GgufVocabulary vocabulary, List<Float> divisors) {
    this.file = file;
    this.layout = layout;
    this.vocabulary = vocabulary;
    this.divisors = List.copyOf(divisors);
  }

  /**
   * Opens a model; the file is not trusted.
   *
   * @throws NetworkFileException if the file is not sound, or its model is not one of the family as
   *     it is read here
   */
  public static GgufLlama open(Path path) throws IOException {
    return of(GgufFile.open(path));
  }

  static GgufLlama of(GgufFile file) throws NetworkFileException {
    GgufLayout layout = GgufLayout.of(file);
    return new GgufLlama(
        file, layout, GgufVocabulary.of(file, layout.shape().vocabulary()), divisors(file, layout));
  }

  private static List<Float> divisors(GgufFile file, GgufLayout layout)
      throws NetworkFileException {
    Optional<GgufTensor> tensor = layout.divisors();
    if (tensor.isEmpty()) {
      return layout.linear();
    }
    float[] read = new float[layout.shape().headSize() / 2];
    file.rows(tensor.get(), 0, 1, read);
    List<Float> divisors = new ArrayList<>();
    for (float one : read) {
      if (!(one > 0 && Float.isFinite(one))) {
        throw new NetworkFileException(
            file.path(), "tensor " + tensor.get().name(), "must be positive numbers, got " + one);
      }
      divisors.add(one);
    }
    return divisors;
  }

  @Override
  public TextTokenizer tokenizer() {
    return vocabulary.tokenizer();
  }

  @Override
  public OptionalInt end() {
    return vocabulary.end();
  }

  @Override
  public OptionalInt begin() {
    return vocabulary.begin();
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
    return divisors;
  }

  @Override
  public float[] gains(LlamaNorm norm, int layer) {
    float[] gains = new float[shape().dim()];
    read(layout.gains(norm, layer), 0, 1, gains);
    return gains;
  }

  @Override
  public float[] bias(LlamaMatrix matrix, int layer) {
    GgufTensor tensor = file.tensors().get(GgufLayout.name(matrix, layer) + ".bias");
    if (tensor == null) {
      return new float[0];
    }
    float[] bias = new float[matrix.rows(shape())];
    read(tensor, 0, 1, bias);
    return layout.halvesApart(matrix) ? new HalvesApart(shape()).bias(bias) : bias;
  }

  @Override
  public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
    GgufTensor tensor = layout.matrix(matrix, layer);
    if (!layout.halvesApart(matrix)) {
      read(tensor, first, rows, to);
      return;
    }
    new HalvesApart(shape())
        .rows(
            first,
            rows,
            matrix.terms(shape()),
            to,
            (from, some, row) -> read(tensor, from, some, row));
  }

  private void read(GgufTensor tensor, int first, int rows, float[] to) {
    try {
      file.rows(tensor, first, rows, to);
    } catch (NetworkFileException e) {
      throw new UncheckedIOException(e);
    }
  }
}
