package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which arrays of an {@code .npz} are inputs and labels: {@code x} and {@code y}, or else the only
 * ones with usual names.
 *
 * @param notes what was inferred, in lines for the user
 */
public record ArrayMembers(NpyArray inputs, Optional<NpyArray> labels, List<String> notes) {
  private static final String INPUTS = "x";
  private static final String LABELS = "y";

  /** The same thing under other names; the first of each pair holds inputs. */
  private static final List<List<String>> USUAL =
      List.of(
          List.of("x_test", "y_test"),
          List.of("X_test", "y_test"),
          List.of("X", "y"),
          List.of("images", "labels"),
          List.of("image", "label"),
          List.of("data", "labels"),
          List.of("data", "target"),
          List.of("inputs", "labels"),
          List.of("inputs", "targets"),
          List.of("input", "label"),
          List.of("features", "labels"),
          List.of("arr_0", "arr_1"));

  /** Copies the notes. */
  public ArrayMembers {
    notes = List.copyOf(notes);
  }

  /**
   * Reads a file.
   *
   * @throws DataException naming the arrays that are there, if it is not clear which holds inputs
   */
  public static ArrayMembers read(Path file) {
    TreeSet<String> names = Npz.names(file);
    List<String> chosen = chosen(file.toString(), names);
    Map<String, NpyArray> arrays = Npz.read(file, chosen);
    NpyArray x =
        Optional.ofNullable(arrays.get(chosen.getFirst()))
            .orElseThrow(() -> DataException.in(file, "expected an array x, found only " + names));
    Optional<NpyArray> y = Optional.ofNullable(arrays.get(chosen.getLast())).filter(a -> a != x);
    List<String> notes = new ArrayList<>();
    if (!chosen.getFirst().equals(INPUTS)) {
      notes.add(
          "inputs are the array \"%s\"%s"
              .formatted(
                  chosen.getFirst(),
                  y.isPresent() ? ", labels the array \"" + chosen.getLast() + "\"" : ""));
    }
    return new ArrayMembers(x, y, notes);
  }

  /**
   * The parts of a file that names them: {@code x_train} and {@code y_train}, {@code x_test} and
   * {@code y_test}, and perhaps those of {@code val} or {@code validation}; upper case is as good.
   *
   * @param part such as {@code train}
   * @return empty if there is no such part
   * @throws DataException if inputs have no targets
   */
  public static Optional<ArrayMembers> part(Path file, String part) {
    TreeSet<String> names = Npz.names(file);
    Optional<String> x = named(names, "x_" + part);
    if (x.isEmpty()) {
      return Optional.empty();
    }
    String y =
        named(names, "y_" + part)
            .orElseThrow(() ->
                DataException.in(
                    file,
                    "has an array \"%s\", expected its targets as \"y_%s\"; found only %s"
                        .formatted(x.get(), part, names)));
    Map<String, NpyArray> arrays = Npz.read(file, List.of(x.get(), y));
    NpyArray inputs = arrays.get(x.get());
    NpyArray targets = arrays.get(y);
    if (inputs == null || targets == null) {
      throw DataException.in(file, "cannot be read a second time");
    }
    return Optional.of(
        new ArrayMembers(
            inputs,
            Optional.of(targets),
            List.of(
                "inputs are the array \"%s\", targets the array \"%s\"".formatted(x.get(), y))));
  }

  /** Whether a file has inputs for a part. */
  public static boolean hasPart(Path file, String part) {
    return named(Npz.names(file), "x_" + part).isPresent();
  }

  private static Optional<String> named(TreeSet<String> names, String name) {
    return names.stream().filter(name::equalsIgnoreCase).findFirst();
  }

  /**
   * Which of a file's arrays are inputs and labels.
   *
   * @param file what errors call it
   * @param names of its arrays
   * @return the name of the inputs and that of the labels, which may be none of the names, or the
   *     same
   * @throws DataException if it is not clear
   */
  public static List<String> chosen(String file, TreeSet<String> names) {
    if (names.contains(INPUTS)) {
      return List.of(INPUTS, LABELS);
    }
    if (names.size() == 1) {
      return List.of(names.first(), names.first());
    }
    return USUAL.stream()
        .filter(pair -> names.contains(pair.getFirst()))
        .sorted((a, b) -> Boolean.compare(names.contains(b.getLast()), names.contains(a.getLast())))
        .findFirst()
        .orElseThrow(() ->
            new DataException(
                file + ": expected arrays x and (for accuracy) y, found only " + names));
  }
}
