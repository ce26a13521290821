package dev.narrows.network.gguf;

import dev.narrows.network.NetworkFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a file says of its model, by dotted keys; every reader refuses a value of another kind. */
public final class GgufMetadata {
  private final Path file;
  private final Map<String, GgufValue> values;

  GgufMetadata(Path file, Map<String, GgufValue> values) {
    this.file = file;
    this.values = values;
  }

  /** The keys. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** A text, if the key is there. */
  public Optional<String> text(String key) throws NetworkFileException {
    Optional<GgufValue> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof GgufValue.SingleText(String text)) {
      return Optional.of(text);
    }
    throw other(key, "a text", value.get());
  }

  /**
   * A whole number.
   *
   * @throws NetworkFileException if the key is missing, or the number is beyond the limits
   */
  public int whole(String key, int least, int most) throws NetworkFileException {
    Optional<Integer> whole = wholeIfGiven(key, least, most);
    if (whole.isEmpty()) {
      throw new NetworkFileException(file, place(key), "missing");
    }
    return whole.get();
  }

  /** {@link #whole}, if the key is there. */
  public Optional<Integer> wholeIfGiven(String key, int least, int most)
      throws NetworkFileException {
    Optional<GgufValue> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof GgufValue.SingleWhole(long whole))) {
      throw other(key, "a whole number", value.get());
    }
    if (whole < least || whole > most) {
      throw new NetworkFileException(
          file, place(key), "must be in [%d, %d], got %d".formatted(least, most, whole));
    }
    return Optional.of((int) whole);
  }

  /** A finite number as binary32, if the key is there. */
  public Optional<Float> real(String key) throws NetworkFileException {
    Optional<GgufValue> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof GgufValue.SingleNumber(double real))) {
      throw other(key, "a number", value.get());
    }
    if (!Float.isFinite((float) real)) {
      throw new NetworkFileException(file, place(key), "must be finite, got " + real);
    }
    return Optional.of((float) real);
  }

  /** True or false, if the key is there. */
  public Optional<Boolean> truth(String key) throws NetworkFileException {
    Optional<GgufValue> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof GgufValue.SingleTruth(boolean truth)) {
      return Optional.of(truth);
    }
    throw other(key, "true or false", value.get());
  }

  /** A list of texts, if the key is there. */
  public Optional<List<String>> texts(String key) throws NetworkFileException {
    Optional<GgufValue> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof GgufValue.TextList(List<String> texts)) {
      return Optional.of(texts);
    }
    throw other(key, "a list of texts", value.get());
  }

  /** A list of whole numbers, if the key is there. */
  public Optional<long[]> wholes(String key) throws NetworkFileException {
    Optional<GgufValue> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof GgufValue.WholeList(long[] wholes)) {
      return Optional.of(wholes);
    }
    throw other(key, "a list of whole numbers", value.get());
  }

  /** A list of numbers, if the key is there. */
  public Optional<double[]> reals(String key) throws NetworkFileException {
    Optional<GgufValue> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof GgufValue.NumberList(double[] reals)) {
      return Optional.of(reals);
    }
    throw other(key, "a list of numbers", value.get());
  }

  private Optional<GgufValue> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  private NetworkFileException other(String key, String expected, GgufValue found) {
    return new NetworkFileException(
        file, place(key), "expected " + expected + ", got " + found.kind());
  }

  private static String place(String key) {
    return "metadata " + key;
  }
}
