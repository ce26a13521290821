package dev.narrows.network.onnx.read;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.PrintableName;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.graph.OnnxValueInfo.Dim;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a caller gives: the graph's inputs without those whose values the options fix. */
final class GraphInputs {
  /** A tensor as the file describes it. */
  record Described(TensorType type, List<Integer> dims, NdType element) {}

  private final OnnxModel model;
  private final Map<String, Integer> shapes;
  private final GraphLowering lowering;
  private final List<OnnxValueInfo> given = new ArrayList<>();
  private final Map<String, Integer> sizes = new HashMap<>(); // of named dimensions

  /**
   * Puts the inputs whose values are fixed into the lowering.
   *
   * @throws NetworkFileException if an option concerns nothing of the file, or does not fit it
   */
  GraphInputs(OnnxModel model, ReadOptions options, GraphLowering lowering)
      throws NetworkFileException {
    this.model = model;
    this.shapes = options.shapes();
    this.lowering = lowering;
    for (OnnxValueInfo input : model.graph().required()) {
      if (isEmpty(input)) { // what it holds is known
        lowering.putConstant(input.name(), none(input));
      } else if (!options.values().containsKey(input.name())) {
        given.add(input);
      }
    }
    sizes.putAll(shapes);
    given.forEach(this::nameSizes);
    for (OnnxValueInfo input : given) { // a name in front of one input is 1 wherever it stands
      input
          .dims()
          .filter(dims -> !dims.isEmpty())
          .ifPresent(dims -> {
            if (dims.getFirst().size().isEmpty() && !dims.getFirst().symbol().isBlank()) {
              sizes.putIfAbsent(dims.getFirst().symbol(), 1);
            }
          });
    }
    refuseWithoutEffect(options);
    for (OnnxValueInfo input : model.graph().inputs()) {
      String text = options.values().get(input.name());
      if (text != null) {
        lowering.putConstant(input.name(), fixed(input, text));
      }
    }
  }

  /** A size that is said of one input's dimension is that of others with the same name. */
  private void nameSizes(OnnxValueInfo input) {
    List<Dim> dims = input.dims().orElse(List.of());
    for (int axis = 0; axis < dims.size(); axis++) {
      Integer size = shapes.get(input.name() + "." + axis);
      if (size != null && !dims.get(axis).symbol().isBlank()) {
        sizes.putIfAbsent(dims.get(axis).symbol(), size);
      }
    }
  }

  private NdTensor none(OnnxValueInfo input) throws NetworkFileException {
    try {
      return new NdTensor(
          input.type().orElseThrow(), input.fixed().orElseThrow(), new byte[0], List.of());
    } catch (IllegalArgumentException e) {
      throw bad(input, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isEmpty(OnnxValueInfo input) {
    return input.kind() == OnnxValueInfo.Kind.TENSOR
        && input.type().isPresent()
        && input.fixed().filter(dims -> dims.contains(0)).isPresent();
  }

  /** The inputs that a caller gives: none of those that have no elements. */
  List<OnnxValueInfo> given() {
    return given;
  }

  private void refuseWithoutEffect(ReadOptions options) throws NetworkFileException {
    Set<String> names = new HashSet<>();
    Set<String> dims = new HashSet<>();
    for (OnnxValueInfo input : model.graph().inputs()) {
      names.add(input.name());
      List<Dim> all = input.dims().orElse(List.of());
      for (int axis = 0; axis < all.size(); axis++) {
        if (all.get(axis).size().isEmpty()) {
          dims.add(all.get(axis).symbol());
          dims.add(input.name() + "." + axis);
        }
      }
    }
    for (String name : options.values().keySet()) {
      if (!names.contains(name)) {
        throw bad("inputs", "none is called \"%s\"; they are %s".formatted(name, names));
      }
    }
    for (String name : options.shapes().keySet()) {
      if (!dims.contains(name)) {
        dims.remove("");
        throw bad(
            "inputs", "no free dimension is called \"%s\"; they are %s".formatted(name, dims));
      }
      int size = Optional.ofNullable(options.shapes().get(name)).orElse(0);
      if (size < 1) {
        throw bad("inputs", "dimension \"%s\" must be at least 1, got %d".formatted(name, size));
      }
    }
  }

  /**
   * The tensor that an input becomes.
   *
   * @param further whether the network has its first input already
   * @throws NotNativeException if no layer holds such a tensor
   */
  LoweredValue value(OnnxValueInfo input, boolean further)
      throws NetworkFileException, NotNativeException {
    if (input.kind() != OnnxValueInfo.Kind.TENSOR) {
      throw new NotNativeException("is a " + input.kind());
    }
    NdType element =
        input.type().orElseThrow(() -> bad(input, "the file does not say its element type"));
    List<Integer> dims = dims(input);
    if (dims.contains(0)) {
      throw new NotNativeException("has no elements");
    }
    TensorType type;
    try {
      type = FileShape.kept(dims).type(InputQuantization.kind(input.name(), element, lowering));
    } catch (IllegalArgumentException e) {
      throw bad(input, String.valueOf(e.getMessage()));
    }
    int tensor =
        further
            ? lowering.add(InputLayer.given(lowering.unique(input.name()), type))
            : lowering.input(type);
    return new LoweredValue(tensor, dims, element);
  }

  /** The sizes of an input's dimensions. */
  List<Integer> dims(OnnxValueInfo input) throws NetworkFileException {
    List<Dim> all =
        input.dims().orElseThrow(() -> bad(input, "the file does not say its dimensions"));
    List<Integer> dims = new ArrayList<>();
    for (int axis = 0; axis < all.size(); axis++) {
      Dim dim = all.get(axis);
      Optional<Integer> size = size(input.name(), axis, dim);
      if (size.isEmpty()) {
        throw bad(
            input,
            "dimension %d of %s is free; say sizes by %s"
                .formatted(axis, input.describe(), String.join(" ", free())));
      }
      dims.add(size.get());
    }
    return dims;
  }

  /** The options that would give every dimension a size. */
  private Set<String> free() {
    Set<String> options = new LinkedHashSet<>();
    for (OnnxValueInfo input : given) {
      List<Dim> all = input.dims().orElse(List.of());
      for (int axis = 0; axis < all.size(); axis++) {
        Dim dim = all.get(axis);
        if (size(input.name(), axis, dim).isEmpty()) {
          String name = dim.symbol().isBlank() ? input.name() + "." + axis : dim.symbol();
          options.add("--shape " + name + "=N");
        }
      }
    }
    return options;
  }

  private Optional<Integer> size(String name, int axis, Dim dim) {
    Integer own = dim.size().isPresent() ? null : shapes.get(name + "." + axis);
    return Optional.ofNullable(own)
        .or(() -> named(dim))
        .or(() -> axis == 0 ? Optional.of(1) : Optional.empty());
  }

  private Optional<Integer> named(Dim dim) {
    if (dim.size().isPresent()) {
      return Optional.of(dim.size().getAsInt());
    }
    return Optional.of(dim.symbol())
        .filter(symbol -> !symbol.isBlank())
        .flatMap(symbol -> Optional.ofNullable(sizes.get(symbol)));
  }

  /**
   * What the file says of a value that nothing makes; empty if that is not enough. Its free
   * dimensions are those of inputs: another in front may be a product, such as batch · length.
   */
  Optional<Described> standing(OnnxValueInfo info) {
    if (info.kind() != OnnxValueInfo.Kind.TENSOR
        || info.type().isEmpty()
        || info.dims().isEmpty()) {
      return Optional.empty();
    }
    List<Integer> dims = new ArrayList<>();
    for (Dim dim : info.dims().get()) {
      Optional<Integer> size = named(dim);
      if (size.isEmpty()) {
        return Optional.empty();
      }
      dims.add(size.get());
    }
    try {
      ElementKind kind = GraphLowering.kind(info.type().get());
      return Optional.of(new Described(FileShape.kept(dims).type(kind), dims, info.type().get()));
    } catch (NotNativeException e) {
      return Optional.empty();
    }
  }

  private NdTensor fixed(OnnxValueInfo input, String text) throws NetworkFileException {
    try {
      return FixedValue.of(input, text);
    } catch (IllegalArgumentException e) {
      throw bad(input, String.valueOf(e.getMessage()));
    }
  }

  private NetworkFileException bad(OnnxValueInfo input, String problem) {
    return bad("input \"" + PrintableName.of(input.name()) + '"', problem);
  }

  private NetworkFileException bad(String place, String problem) {
    return new NetworkFileException(model.file(), place, problem);
  }
}
