package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.List;

/**
 * What a value of the graph is in the network being built: a tensor whose words are the value's
 * elements in row-major order.
 *
 * @param tensor in the network; its channels · rows · columns are the product of {@code dims}, in
 *     any factorisation
 * @param dims the value's own, each at least 1; none for a single number
 * @param type the value's element type: FLOAT (and FLOAT16, BFLOAT16 as stored formats) are tensors
 *     of numbers, integers and BOOL are codes, of scale 1 where the file gives none
 * @param dequantized whether the value is what the tensor's codes stand for, by their scale and
 *     zero point: the output of a DequantizeLinear that has not become a layer. {@code type} is
 *     FLOAT then
 */
public record LoweredValue(int tensor, List<Integer> dims, NdType type, boolean dequantized) {
  public LoweredValue {
    dims = List.copyOf(dims);
  }

  /** A value whose elements are the tensor's words. */
  public LoweredValue(int tensor, List<Integer> dims, NdType type) {
    this(tensor, dims, type, false);
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /** The number of elements. */
  public int elements() {
    return (int) NdTensor.count(dims);
  }

  /** A dimension; negative numbers count from the last. */
  public int dim(int axis) {
    return dims.get(axis < 0 ? axis + rank() : axis);
  }
}
