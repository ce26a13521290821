package dev.narrows.network.onnx.read;

import dev.narrows.network.layer.TableSoftmax;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Softmax of codes by ONNX Runtime's table: QLinearSoftmax, and Softmax between quantisers. */
record CodeSoftmax(LoweringNode node, NodeLowering plain) implements Deferred {
  /** The operator on codes with its scales and zero points as inputs. */
  static void lower(LoweringNode node) throws NotNativeException {
    LoweredValue in = IntegerOperators.codes(node, 0, 1, 2);
    CodeTarget to = IntegerOperators.target(node, 3, 4);
    node.put(0, softmax(node, in, to, node.attributes().int32("opset", 13)));
  }

  /** A softmax of a value of bytes waits for its QuantizeLinear: the runtime makes one operator. */
  static Optional<Deferred> of(LoweringNode node, NodeLowering plain) throws NotNativeException {
    return FusedCodes.isBytes(node, 0)
        ? Optional.of(new CodeSoftmax(node, plain))
        : Optional.empty();
  }

  @Override
  public Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps)
      throws NotNativeException {
    Optional<FusedCodes> fused = FusedCodes.of(node, to, steps);
    return fused.isEmpty()
        ? Optional.empty()
        : Optional.of(
            fused.get().finished(softmax(node, node.value(0), fused.get().made(), node.opset())));
  }

  @Override
  public int rank() throws NotNativeException {
    return node.value(0).rank();
  }

  @Override
  public void settle() throws NotNativeException {
    plain.lower(node);
  }

  /** Before version 13 over all axes from the given one on. */
  private static LoweredValue softmax(
      LoweringNode node, LoweredValue in, CodeTarget to, int version) throws NotNativeException {
    if (node.type(in.tensor()).quantization().format().bits() != 8) {
      throw new NotNativeException("codes of other than 8 bits");
    }
    boolean flattens = version < 13;
    int axis = Axes.of(node.attributes().integer("axis", flattens ? 1 : -1), in.rank());
    int outer = Axes.product(in.dims().subList(0, axis));
    int width = flattens ? in.elements() / outer : in.dims().get(axis);
    int inner = in.elements() / (outer * width);
    List<Integer> parts = List.of(outer, width, inner);
    LoweredValue turned = MoveLayers.transposed(node, MoveLayers.shaped(in, parts), 1, 0, 2);
    int from = node.shaped(turned.tensor(), width, outer, inner);
    TensorType made = new TensorType(width, outer, inner, to.quantization());
    int tensor = node.add(TableSoftmax.of(node.unique(), from, node.type(from), made));
    LoweredValue shares = to.value(tensor, List.of(width, outer, inner));
    return MoveLayers.shaped(MoveLayers.transposed(node, shares, 1, 0, 2), in.dims());
  }
}
