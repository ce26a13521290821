package dev.narrows.network.execute;

import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.kernels.ColumnSums;
import dev.narrows.kernels.ColumnWidths;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.MatrixProduct;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The buffers of one thread. */
final class Workspace {
  private static final int[] NONE = new int[0];

  private final Columns columns;
  private final Map<Integer, int[]> buffers = new HashMap<>();
  private final ColumnSums columnSums = new ColumnSums();
  private final ColumnWidths widths = new ColumnWidths();
  private int[] sums = NONE;
  private FloatColumns floats = new FloatColumns(0, 0);
  private long floatsSize;
  private float[] floatSums = new float[0];
  private float[] exactSums = new float[0];
  private float[] metered = new float[0];
  private float[] planes = new float[0];
  private float[] meteredExact = new float[0];
  private SampleBlock block = new SampleBlock(NONE, 0, new States(Map.of()));
  private Map<Integer, FloatMeter> meters = Map.of();
  private int firstImage;
  private final Map<Integer, Profiled> profiled = new HashMap<>();
  private Map<Integer, TermsProbe> probes = Map.of();
  private Optional<SpillsOfLayers> spills = Optional.empty();

  /**
   * A layer being profiled: under which convention, and what has been counted.
   *
   * @param images is told of the widths of each image
   */
  record Profiled(
      Convention convention,
      int narrowest,
      OverflowProfile.Builder[] builders,
      Optional<WidthsOfImages> images) {}

  /**
   * @param columnValues the largest K · columns of a block, padding of its rows included
   */
  Workspace(int columnValues) {
    columns = new Columns(1, columnValues);
  }

  Columns columns() {
    return columns;
  }

  /** The column block of real numbers, in this shape; its values are to be written. */
  FloatColumns floats(int terms, int columns) {
    long size = (long) terms * (columns + 32); // rows are padded by less than two cache lines
    if (size > floatsSize) {
      floats = new FloatColumns(1, Math.toIntExact(size));
      floatsSize = size;
    }
    floats.shape(terms, columns);
    return floats;
  }

  /** A buffer for real sums; what an earlier call returned is not used any more. */
  float[] floatSums(int size) {
    if (floatSums.length < size) {
      floatSums = new float[size];
    }
    return floatSums;
  }

  /** A second buffer for real sums, the exact ones. */
  float[] exactSums(int size) {
    if (exactSums.length < size) {
      exactSums = new float[size];
    }
    return exactSums;
  }

  /** A buffer for the input of a layer; what an earlier call returned is not used any more. */
  float[] planes(int size) {
    if (planes.length < size) {
      planes = new float[size];
    }
    return planes;
  }

  /** All sums of a layer that is metered. */
  float[] metered(int size) {
    if (metered.length < size) {
      metered = new float[size];
    }
    return metered;
  }

  /** All exact sums of a layer that is metered. */
  float[] meteredExact(int size) {
    if (meteredExact.length < size) {
      meteredExact = new float[size];
    }
    return meteredExact;
  }

  /** The meter of the layer that makes tensor {@code index}, if it is metered. */
  @Nullable FloatMeter meter(int index) {
    return meters.get(index);
  }

  /** Meters the layers that make these tensors; the next block begins with image {@code first}. */
  void meters(Map<Integer, FloatMeter> all, int first) {
    meters = all;
    firstImage = first;
  }

  /** What looks at the terms of the layer that makes tensor {@code index}, if anything does. */
  @Nullable TermsProbe probe(int index) {
    return probes.get(index);
  }

  /** Probes by the tensors that their layers make. */
  void probes(Map<Integer, TermsProbe> all) {
    probes = all;
  }

  /** Who is told of spills from now on. */
  void spills(Optional<SpillsOfLayers> receiver) {
    spills = receiver;
  }

  /** Counts the spills of a product in a layer's register, if it spills and somebody asks. */
  void countSpills(MatrixProduct product, LayerRegister register, Columns x, long[] preload) {
    if (register.accumulator() instanceof Spilling spilling) {
      spills.ifPresent(told ->
          told.add(register.layer(), product.countSpills(spilling, register.order(), x, preload)));
    }
  }

  /** The first image of the block. */
  int firstImage() {
    return firstImage;
  }

  /** What the steps of inputs read from now on. */
  void block(SampleBlock samples) {
    block = samples;
  }

  /** The samples being run. */
  SampleBlock block() {
    return block;
  }

  /** A buffer for sums; what an earlier call returned is not used any more. */
  int[] sums(int size) {
    if (sums.length < size) {
      sums = new int[size];
    }
    return sums;
  }

  /** A buffer for the sums of a column block; what an earlier product left is not used any more. */
  ColumnSums columnSums() {
    return columnSums;
  }

  /** The buffer of a storage slot, grown when needed; contents are left over from earlier. */
  int[] slot(int slot, int size) {
    int[] have = buffers.getOrDefault(slot, NONE);
    if (have.length >= size) {
      return have;
    }
    int[] grown = new int[size];
    buffers.put(slot, grown);
    return grown;
  }

  /** Room for the widths of so many columns, if anybody is to be told of them. */
  ColumnWidths widths(Profiled layer, int count) {
    widths.begin(layer.images().isPresent() ? count : 0);
    return widths;
  }

  /**
   * Tells of the widths of the last columns.
   *
   * @param image the first one's, within the block
   * @param count columns of so many images follow each other, again and again
   */
  void tell(Profiled layer, int image, int count) {
    layer
        .images()
        .ifPresent(told ->
            widths.show(
                count,
                (i, finalBits, pathBits) ->
                    told.note(
                        layer.convention().register().layer(),
                        firstImage + image + i,
                        finalBits,
                        pathBits)));
  }

  Map<Integer, Profiled> profiled() {
    return profiled;
  }
}
