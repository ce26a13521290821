package dev.narrows.network.onnx.graph;

import dev.narrows.network.array.NdType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What a file says of a value.
 *
 * @param kind tensor, sequence, optional, map or sparse tensor
 * @param type of a tensor's elements, if said
 * @param dims of a tensor; empty if the file does not even say how many
 */
public record OnnxValueInfo(
    String name, Kind kind, Optional<NdType> type, Optional<List<Dim>> dims) {
  /** What a value is. */
  public enum Kind {
    TENSOR,
    SEQUENCE,
    OPTIONAL,
    MAP,
    SPARSE_TENSOR
  }

  /**
   * A dimension.
   *
   * @param size if it is fixed
   * @param symbol its name if it is not fixed; blank if it has none
   */
  public record Dim(OptionalInt size, String symbol) {}

  /** The dimensions, if every one is fixed. */
  public Optional<List<Integer>> fixed() {
    return dims.filter(all -> all.stream().allMatch(dim -> dim.size().isPresent()))
        .map(all -> all.stream().map(dim -> dim.size().orElseThrow()).toList());
  }

  /** "FLOAT [batch, 3, 32, 32]", where ? is a dimension without a name. */
  public String describe() {
    String shape =
        dims.map(all ->
                all.stream()
                    .map(dim -> dim.size().isPresent() ? "" + dim.size().getAsInt() : symbol(dim))
                    .collect(Collectors.joining(", ", " [", "]")))
            .orElse(" of unknown shape");
    return (kind == Kind.TENSOR ? type.map(NdType::name).orElse("tensor") : kind.name()) + shape;
  }

  private static String symbol(Dim dim) {
    return dim.symbol().isBlank() ? "?" : dim.symbol();
  }
}
