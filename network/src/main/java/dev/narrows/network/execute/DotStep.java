package dev.narrows.network.execute;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.kernels.ColumnSums;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;
import dev.narrows.network.execute.Workspace.Profiled;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** Dot products as matrix products, one per group of channels, over blocks of positions. */
final class DotStep implements SumStep {
  /** Values of a column block; its floats and it stay in a core's own cache. */
  private static final int BLOCK_VALUES = 1 << 17;

  /** Columns of a block of values in place; their sums stay in a core's own cache. */
  private static final int BLOCK_COLUMNS = 1 << 11;

  private final int index;
  private final int input;
  private final int zero;
  private final int[] bias;
  private final long[] weightSums;
  private final Requantization requantization;
  private final Convention convention;
  private final Gather gather;
  private final int positions;
  private final int terms;
  private final int groupInputs;
  private final int groupOutputs;
  private final MatrixProduct[] products;
  private final Optional<InsideMeans> means;
  private final Optional<PaddedPlanes> planes;
  private final int outputWidth;

  private DotStep(
      int index,
      int input,
      TensorType from,
      TensorType to,
      TapSources taps,
      Optional<Window> window,
      int groups,
      int[] weights,
      int[] bias,
      Requantization requantization,
      Optional<InsideMeans> means,
      LayerRegister register) {
    this.index = index;
    this.means = means;
    this.input = input;
    this.zero = from.quantization().zeroPoint();
    this.bias = bias;
    this.requantization = requantization;
    this.positions = to.positions();
    this.groupInputs = from.channels() / groups;
    this.groupOutputs = to.channels() / groups;
    this.terms = taps.count() * groupInputs;
    this.outputWidth = to.width();
    this.planes = window.flatMap(close -> PaddedPlanes.of(close, from, to, groupInputs));
    this.gather = new Gather(taps, from.height(), from.width(), groupInputs);
    this.weightSums = new long[to.channels()];
    for (int i = 0; i < weights.length; i++) {
      weightSums[i / terms] += weights[i];
    }
    this.convention = convention(register);
    this.products = new MatrixProduct[groups];
    Arrays.setAll(
        products,
        g ->
            new MatrixProduct(
                IntegerWeights.of(
                    groupOutputs,
                    terms,
                    Arrays.copyOfRange(
                        weights, g * groupOutputs * terms, (g + 1) * groupOutputs * terms))));
  }

  static DotStep of(
      int index,
      DotLayer layer,
      IntegerOperands operands,
      TensorType from,
      LayerRegister register) {
    TensorType to = layer.output();
    TapSources taps = TapSources.of(layer, from);
    return new DotStep(
        index,
        layer.input(),
        from,
        to,
        taps,
        layer instanceof Convolution conv ? Optional.of(conv.window()) : Optional.empty(),
        layer.groups(),
        operands.weights().dense(),
        operands.bias(),
        operands.requantization(),
        Optional.empty(),
        register);
  }

  /** Average pooling as dot products with weights 1: for registers that are not exact. */
  static DotStep of(int index, AveragePool pool, TensorType from, LayerRegister register) {
    TensorType to = pool.output();
    int[] ones = new int[to.channels() * pool.terms()];
    Arrays.fill(ones, 1);
    TapSources taps = TapSources.of(pool.window(), from, to);
    return new DotStep(
        index,
        pool.input(),
        from,
        to,
        taps,
        Optional.empty(),
        to.channels(),
        ones,
        new int[to.channels()],
        pool.requantization(),
        pool.inside() ? Optional.of(new InsideMeans(pool, taps)) : Optional.empty(),
        register);
  }

  /** A layer's step in another register, sharing the weights. */
  private DotStep(DotStep other, LayerRegister register) {
    this.index = other.index;
    this.input = other.input;
    this.zero = other.zero;
    this.bias = other.bias;
    this.weightSums = other.weightSums;
    this.requantization = other.requantization;
    this.gather = other.gather;
    this.positions = other.positions;
    this.terms = other.terms;
    this.groupInputs = other.groupInputs;
    this.groupOutputs = other.groupOutputs;
    this.products = other.products;
    this.means = other.means;
    this.planes = other.planes;
    this.outputWidth = other.outputWidth;
    this.convention = convention(register);
  }

  @Override
  public DotStep in(LayerRegister register) {
    return new DotStep(this, register);
  }

  @Override
  public Convention convention(LayerRegister register) {
    return Convention.of(register, zero, bias, weightSums);
  }

  @Override
  public int channels() {
    return bias.length;
  }

  /** A smaller block may take more columns at once, as it is cut at whole positions. */
  @Override
  public int columnValues(int batch) {
    long most = Math.max(BLOCK_VALUES / Math.max(1, terms), batch);
    long columns = Math.min((long) positions * batch, most);
    return Math.toIntExact(terms * (columns + 32) + 32);
  }

  private int positionsAtOnce(int batch) {
    long fitting = BLOCK_VALUES / Math.max(1, (long) terms * batch);
    return Math.clamp(fitting, 1, positions);
  }

  @Override
  public void run(Workspace workspace, int[][] tensors, int batch) {
    if (planes.isPresent() && planes.get().fits(batch)) {
      inPlace(planes.get(), workspace, tensors, batch);
      return;
    }
    int step = positionsAtOnce(batch);
    for (int group = 0; group < products.length; group++) {
      for (int first = 0; first < positions; first += step) {
        Block block = new Block(group, first, Math.min(positions, first + step), batch);
        if (classifiesApart(workspace)) {
          Profiled profiled = profiled(workspace);
          gather(workspace, tensors, block, profiled.convention());
          classify(workspace, profiled, block);
        }
        gather(workspace, tensors, block, convention);
        sum(workspace, tensors, block);
      }
    }
  }

  /**
   * Dot products of one group at neighbouring output positions.
   *
   * @param last after the last position
   */
  private record Block(int group, int first, int last, int batch) {
    int columns() {
      return (last - first) * batch;
    }
  }

  /** Without copies: every block is some rows of the padded input. */
  private void inPlace(PaddedPlanes input, Workspace workspace, int[][] tensors, int batch) {
    if (classifiesApart(workspace)) {
      Profiled profiled = profiled(workspace);
      place(input, workspace, tensors, batch, profiled.convention());
      turn(input, workspace, batch, block -> classify(workspace, profiled, block));
    }
    place(input, workspace, tensors, batch, convention);
    turn(input, workspace, batch, block -> sum(workspace, tensors, block));
  }

  private void place(
      PaddedPlanes planesOfInput, Workspace workspace, int[][] tensors, int batch, Convention as) {
    Columns x = workspace.columns();
    planesOfInput.fill(workspace, x, tensors[input], batch, as.subtract(), as.padding());
  }

  private void turn(
      PaddedPlanes planesOfInput, Workspace workspace, int batch, Consumer<Block> each) {
    int rows = positions / outputWidth;
    int most = planesOfInput.wholePanels(batch) ? rows : 1;
    int step = Math.clamp(BLOCK_COLUMNS / ((long) outputWidth * batch), 1, most);
    for (int group = 0; group < products.length; group++) {
      for (int first = 0; first < rows; first += step) {
        int last = Math.min(rows, first + step);
        planesOfInput.turn(workspace.columns(), batch, group * groupInputs, first, last);
        each.accept(new Block(group, first * outputWidth, last * outputWidth, batch));
      }
    }
  }

  private Profiled profiled(Workspace workspace) {
    Profiled profiled = workspace.profiled().get(index);
    if (profiled == null) {
      throw new IllegalStateException("tensor " + index + " is not profiled");
    }
    return profiled;
  }

  private boolean isProfiled(Workspace workspace) {
    return workspace.profiled().get(index) != null;
  }

  /** Whether profiles look at other values than the register, or at exact sums beside its own. */
  private boolean classifiesApart(Workspace workspace) {
    return isProfiled(workspace)
        && !(convention.register().accumulator() instanceof Exact
            && convention.seesTheSame(profiled(workspace).convention()));
  }

  /** Sums the columns at hand, counts them where that is the same, and writes their codes. */
  private void sum(Workspace workspace, int[][] tensors, Block block) {
    Columns x = workspace.columns();
    ColumnSums sums = workspace.columnSums();
    LayerRegister register = convention.register();
    int group = block.group();
    int columns = block.columns();
    TermsProbe probe = workspace.probe(index);
    if (probe != null) {
      probe.look(
          group * groupOutputs,
          groupOutputs,
          new TermsProbe.Terms(
              x.spread(),
              x.stride(),
              columns,
              convention.subtract(),
              new TermsProbe.BlockPlaces(block.first(), workspace.firstImage(), block.batch())));
    }
    if (isProfiled(workspace) && !classifiesApart(workspace)) {
      classify(workspace, profiled(workspace), block);
    } else {
      long[] preload = convention.preload(group * groupOutputs, groupOutputs);
      products[group].multiply(
          new Summation(register.accumulator(), register.order()), x, preload, sums);
      workspace.countSpills(products[group], register, x, preload);
    }
    for (int c = 0; c < groupOutputs; c++) {
      int channel = group * groupOutputs + c;
      int to = (channel * positions + block.first()) * block.batch();
      int[] out = tensors[index];
      if (means.isPresent()) {
        means
            .get()
            .finish(
                convention,
                channel,
                sums,
                c * columns,
                out,
                to,
                block.first(),
                block.batch(),
                columns);
      } else {
        finish(channel, sums, c * columns, out, to, columns);
      }
    }
  }

  private void gather(Workspace workspace, int[][] tensors, Block block, Convention as) {
    Columns x = workspace.columns();
    int padding = means.isPresent() ? 0 : as.padding(); // no term at all
    gather.fill(
        x,
        tensors[input],
        block.batch(),
        block.group() * groupInputs,
        block.first(),
        block.last(),
        as.subtract(),
        padding);
    x.sealed();
  }

  private void classify(Workspace workspace, Profiled profiled, Block block) {
    Columns x = workspace.columns();
    int group = block.group();
    Convention as = profiled.convention();
    OverflowProfile.Builder[] builders = profiled.builders();
    int first = group * groupOutputs;
    products[group].classify(
        as.register().order(),
        profiled.narrowest(),
        x,
        as.preload(first, groupOutputs),
        workspace.columnSums(),
        workspace.widths(profiled, x.columns()),
        builders.length == 1
            ? builders
            : Arrays.copyOfRange(builders, first, first + groupOutputs));
    workspace.tell(profiled, 0, block.batch());
  }

  private void finish(int channel, ColumnSums sums, int from, int[] out, int to, int count) {
    long correction = convention.corrections()[channel];
    LayerRegister register = convention.register();
    long add = convention.biases()[channel];
    if (correction != 0 && register.accumulator() instanceof Wrapping) {
      for (int i = 0; i < count; i++) {
        long sum = register.correct(sums.get(from + i), correction) + add;
        out[to + i] = requantization.apply(channel, sum);
      }
    } else {
      Requantizer.apply(requantization, channel, sums, from, add + correction, out, to, count);
    }
  }
}
