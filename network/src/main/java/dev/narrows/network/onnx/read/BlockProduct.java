package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * A matrix product whose left operand is quantised to 8 bits, each block of each row by its largest
 * number: codes are multiplied with the codes of the weights, block by block, and the blocks' sums,
 * scaled, are added in binary32.
 *
 * @param weights codes less zero points, [blocks · block][columns]
 * @param scales [columns][blocks]
 */
record BlockProduct(
    LoweringNode node, int[] weights, float[] scales, int blocks, int block, int columns) {
  private static final int MOST = 127;
  private static final Quantization CODES = new Quantization(IntegerFormat.signed(8), 1, 0);

  void lower() throws NotNativeException {
    LoweredValue given = node.floats(0);
    int rows = given.elements() / given.dim(-1);
    LoweredValue x = blocked(given, rows);
    LoweredValue sizes = NumberLayers.function(node, node.unique("size"), x, Function.ABSOLUTE);
    LoweredValue most = SpanLayers.extremum(node, node.unique("most"), sizes, new int[] {2}, false);
    LoweredValue limit = NumberLayers.constant(node, "limit", MOST);
    LoweredValue scale = SumLayers.pair(node, "scale", Operation.DIVIDE, most, limit);
    LoweredValue codes = codes(x, scale);
    QuantizedConstant constant =
        new QuantizedConstant(
            List.of(blocks, block, columns), weights, new float[] {1}, new int[] {0});
    DotShape shape = DotShape.matMul(codes.dims(), constant.dims());
    LoweredValue sums =
        IntegerDot.of(node, shape, codes, constant, 1)
            .orElseThrow(() -> new NotNativeException("weights of many bits"))
            .numbers();
    float[] turned = new float[scales.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = scales[i % columns * blocks + i / columns];
    }
    LoweredValue each =
        NumberLayers.constant(node, "weightScale", turned, List.of(blocks, 1, columns));
    LoweredValue both = SumLayers.pair(node, "both", Operation.MULTIPLY, scale, each);
    LoweredValue scaled = SumLayers.pair(node, "parts", Operation.MULTIPLY, sums, both);
    LoweredValue all =
        SpanLayers.reduced(node, node.unique("sum"), scaled, new int[] {0}, Reduce.Reduction.SUM);
    LoweredValue made = MoveLayers.shaped(all, Axes.with(given.dims(), given.rank() - 1, columns));
    node.put(0, node.has(5) ? SumLayers.plus(node, made, node.floats(5)) : made);
  }

  /** [blocks][rows][block], zeros behind the last column. */
  private LoweredValue blocked(LoweredValue in, int rows) {
    int terms = in.dim(-1);
    int[] all = Axes.range(0, blocks * block, 1);
    Arrays.fill(all, terms, all.length, Places.NONE);
    Places places =
        Places.of(in.dims())
            .shaped(rows, terms)
            .taken(1, all)
            .shaped(rows, blocks, block)
            .transposed(1, 0, 2);
    return MoveLayers.add(node, "blocks", in, places);
  }

  /** Numbers over their block's scale, rounded half to even; 0 in a block of zeros. */
  private LoweredValue codes(LoweredValue x, LoweredValue scale) {
    LoweredValue none = NumberLayers.constant(node, "none", 0);
    LoweredValue unit = NumberLayers.constant(node, "unit", 1);
    LoweredValue flat = SumLayers.pair(node, "flat", Operation.EQUAL, scale, none);
    TensorType to = TensorType.floats(scale.elements(), 1, 1);
    int chosen =
        node.add(
            new Choose(
                node.unique("divisor"),
                SumLayers.flat(node, flat),
                SumLayers.flat(node, MoveLayers.expanded(node, unit, scale.dims())),
                SumLayers.flat(node, scale),
                to));
    LoweredValue divisor = new LoweredValue(chosen, scale.dims(), NdType.FLOAT);
    LoweredValue inverse = SumLayers.pair(node, "inverse", Operation.DIVIDE, unit, divisor);
    LoweredValue steps = SumLayers.pair(node, "inSteps", Operation.MULTIPLY, x, inverse);
    TensorType from = node.type(steps.tensor());
    TensorType made = new TensorType(from.channels(), from.height(), from.width(), CODES);
    int tensor =
        node.add(
            new RoundedQuantize(
                node.unique("codes"),
                steps.tensor(),
                made,
                Rounding.HALF_EVEN,
                false,
                -MOST - 1,
                MOST));
    return new LoweredValue(tensor, x.dims(), NdType.INT8);
  }
}
