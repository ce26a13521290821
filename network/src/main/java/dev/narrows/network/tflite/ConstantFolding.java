package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Computes while a file is read what operators make of small constants and of shapes: converters
 * write the target of a reshape as a shape that is cut, joined and multiplied. What cannot be
 * computed here is left to become layers.
 */
final class ConstantFolding {
  private final FlatModel model;
  private final Constants constants;
  private final Map<Integer, FoldedTensor> folded = new HashMap<>();

  ConstantFolding(FlatModel model, Constants constants) {
    this.model = model;
    this.constants = constants;
  }

  /** Whether a tensor is known by folding. */
  boolean has(int tensor) {
    return folded.containsKey(tensor);
  }

  /** A folded tensor as if the file held it; empty if it is none, or has no elements. */
  Optional<TfliteTensorEntry> entry(int tensor) throws NetworkFileException {
    FoldedTensor known = folded.get(tensor);
    return known == null || known.values().length == 0
        ? Optional.empty()
        : Optional.of(entry(known, tensor));
  }

  /** Whether a tensor is known to have no elements. */
  boolean isEmpty(int tensor) {
    FoldedTensor known = folded.get(tensor);
    return known != null && known.values().length == 0;
  }

  /** Lets a tensor be known; whether it was already. */
  boolean put(int tensor, FoldedTensor known) {
    return folded.put(tensor, known) != null;
  }

  /** A folded tensor, which has elements, as if the file held it. */
  TfliteTensorEntry entry(FoldedTensor known, int tensor) throws NetworkFileException {
    int size = known.type().bytes();
    ByteBuffer bytes = ByteBuffer.allocate(known.values().length * size);
    FlatBytes data = FlatBytes.of(model.bytes().file(), bytes); // sets the order
    for (long value : known.values()) {
      switch (size) {
        case 1 -> bytes.put((byte) value);
        case 4 -> bytes.putInt((int) value);
        default -> bytes.putLong(value);
      }
    }
    String place = "tensor " + tensor;
    FlatVector none = new FlatVector(data, place, 0, 0, 1);
    return new TfliteTensorEntry(
        place,
        tensor,
        place,
        known.type(),
        FileShape.of(known.dims()),
        new FlatVector(data, place, 0, bytes.limit(), 1),
        none,
        none,
        0);
  }

  /**
   * Computes an operator of known tensors.
   *
   * @param made whether an earlier operator, or the network's input, is a tensor
   * @param shapes the shape of a tensor that is not known itself
   * @return whether its outputs are now known
   */
  boolean fold(FileOperator file, Operator kind, IntPredicate made, Shapes shapes)
      throws NetworkFileException {
    Optional<List<FoldedTensor>> results = results(file, kind, made, shapes);
    if (results.isEmpty() || results.get().size() != file.outputs().length) {
      return false;
    }
    for (int i = 0; i < file.outputs().length; i++) {
      FoldedTensor result = results.get().get(i);
      if (made.test(file.outputs()[i])) {
        throw model.bytes().bad(file.place(), "makes tensor %d again".formatted(file.outputs()[i]));
      }
      constants.take(file.place(), model.bytes(), 8L * result.values().length);
      folded.put(file.outputs()[i], result);
    }
    return true;
  }

  /** What is known of tensors that are not. */
  interface Shapes {
    /** The shape of a tensor; empty if nothing makes it. */
    Optional<FileShape> of(int tensor) throws NetworkFileException;
  }

  private Optional<List<FoldedTensor>> results(
      FileOperator file, Operator kind, IntPredicate made, Shapes shapes)
      throws NetworkFileException {
    if (file.inputs().length == 0) {
      return Optional.empty();
    }
    switch (kind) {
      case SHAPE, RANK, ZEROS_LIKE -> {
        return ofShape(file, kind, shapes).map(List::of);
      }
      default -> {}
    }
    List<FoldedTensor> in = new ArrayList<>();
    for (int tensor : file.inputs()) {
      Optional<FoldedTensor> known = known(tensor, made);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      in.add(known.get());
    }
    return FoldedOperators.of(file, kind, in, model);
  }

  private Optional<FoldedTensor> ofShape(FileOperator file, Operator kind, Shapes shapes)
      throws NetworkFileException {
    int tensor = file.input(0);
    int[] dims;
    if (folded.containsKey(tensor)) {
      dims = folded.get(tensor).dims();
    } else {
      Optional<FileShape> shape = shapes.of(tensor);
      if (shape.isEmpty()) {
        return Optional.empty();
      }
      dims = shape.get().dims().stream().mapToInt(Integer::intValue).toArray();
    }
    return switch (kind) {
      case RANK ->
          Optional.of(
              new FoldedTensor(FileElementType.INT32, new int[0], new long[] {dims.length}));
      case SHAPE -> {
        FileElementType type =
            file.options().i8(0, 0, "out_type") == FileElementType.INT64.ordinal()
                ? FileElementType.INT64
                : FileElementType.INT32;
        long[] values = Arrays.stream(dims).asLongStream().toArray();
        yield Optional.of(new FoldedTensor(type, new int[] {dims.length}, values));
      }
      default -> {
        FileElementType type = model.type(file.outputs()[0]);
        yield FoldedArithmetic.foldable(type)
            ? FoldedTensor.count(dims).map(count -> new FoldedTensor(type, dims, new long[count]))
            : Optional.empty();
      }
    };
  }

  /** A constant of the file, or one that was folded. */
  Optional<FoldedTensor> known(int tensor, IntPredicate made) throws NetworkFileException {
    if (tensor < 0 || made.test(tensor)) {
      return Optional.empty();
    }
    if (folded.containsKey(tensor)) {
      return Optional.of(folded.get(tensor));
    }
    if (!FoldedArithmetic.foldable(model.type(tensor))) {
      return Optional.empty();
    }
    TfliteTensorEntry entry = model.tensor(tensor);
    int[] dims = entry.shape().dims().stream().mapToInt(Integer::intValue).toArray();
    if (!entry.constant()
        || FoldedTensor.count(dims).isEmpty()
        || entry.data().count() != (long) entry.shape().elements() * entry.type().bytes()) {
      return Optional.empty();
    }
    long[] values = new long[entry.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      int at = i * entry.type().bytes();
      values[i] =
          switch (entry.type().bytes()) {
            case 1 -> entry.data().i8(at) == 0 ? 0 : 1;
            case 4 -> entry.data().bytes().i32(entry.data().at() + at);
            default -> entry.data().bytes().i64(entry.data().at() + at);
          };
    }
    return Optional.of(new FoldedTensor(entry.type(), dims, values));
  }
}
