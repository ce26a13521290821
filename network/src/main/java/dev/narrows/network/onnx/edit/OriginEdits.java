package dev.narrows.network.onnx.edit;

import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.ModelProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Constants of layers as constants of the file. */
final class OriginEdits {
  private final Network network;
  private final ProtoEdits edits;
  private final Map<String, NdTensor> zeros;
  private final Set<Float> alphas = new LinkedHashSet<>(Set.of(1f));
  private final Map<ConstantSlot, SlotValues> values = new LinkedHashMap<>();

  OriginEdits(OnnxModel model, Network network) {
    this.network = network;
    this.edits = new ProtoEdits(model.proto());
    this.zeros = model.graph().initializers();
    for (OnnxNode node : model.graph().nodes()) {
      alphas.add(node.attributes().number("alpha", 1));
    }
  }

  /** The values that a slot is to have; several layers may have parts of one. */
  private static final class SlotValues {
    private final int[] codes;
    private final boolean[] set;
    private final float[] scales;
    private int grown = -1; // the axis along which one scale became several

    SlotValues(ConstantSlot slot) {
      codes = slot.values();
      set = new boolean[codes.length];
      scales = slot.elementScales();
    }
  }

  void add(String layer, LayerOrigin origin, LayerConstants wanted) {
    ConstantSlot slot = origin.weights();
    if (wanted.weights().length != origin.elements().length
        || wanted.scales().length != origin.channels()
        || wanted.bias().length != origin.channels()) {
      throw bad(
          layer,
          "has %d weights and %d channels".formatted(origin.elements().length, origin.channels()));
    }
    float[] scales = scales(layer, origin, wanted);
    SlotValues to = values.computeIfAbsent(slot, SlotValues::new);
    for (int i = 0; i < origin.elements().length; i++) {
      int channel = i / origin.terms();
      int value = origin.negated()[channel] ? -wanted.weights()[i] : wanted.weights()[i];
      int element = origin.elements()[i];
      if (!slot.range().contains(value)) {
        throw bad(layer, "holds weights in %s, not %d".formatted(slot.range(), value));
      }
      if (to.set[element]
          && (to.codes[element] != value || to.scales[element] != scales[channel])) {
        throw bad(layer, "has one constant of the file in two places that are to differ");
      }
      to.set[element] = true;
      to.codes[element] = value;
      to.scales[element] = scales[channel];
    }
    boolean one = slot.scale().isPresent() && slot.scale().get().elements() == 1;
    if (one && Arrays.stream(wanted.scales()).distinct().count() > 1) {
      to.grown = origin.channelAxis();
      if (to.grown < 0
          || !ConstantRole.saysAxis(slot.proto()) && !slot.isQuant() && to.grown != slot.axis()) {
        throw bad(layer, "has one scale for all channels in its file");
      }
    }
    bias(layer, origin, wanted, scales);
  }

  private void bias(String layer, LayerOrigin origin, LayerConstants wanted, float[] scales) {
    if (origin.bias().isEmpty()) {
      DotLayer own = (DotLayer) network.layer(layer);
      if (!Arrays.equals(own.integers().bias(), wanted.bias())) {
        throw bad(layer, "has no integer bias in its file");
      }
      return;
    }
    ConstantSlot slot = origin.bias().get();
    SlotValues to = values.computeIfAbsent(slot, SlotValues::new);
    float[] before = origin.weights().scales();
    for (int c = 0; c < origin.channels(); c++) {
      int element = origin.biasElements()[c];
      int value = origin.negated()[c] ? -wanted.bias()[c] : wanted.bias()[c];
      float old = before.length == 0 ? 1 : before[weightPlace(origin, c)];
      float scale = to.scales[element];
      float next =
          before.length == 0 || scales[c] == old
              ? scale
              : to.set[element] ? scale : (float) ((double) scale * scales[c] / old);
      if (to.set[element] && (to.codes[element] != value || scale != next)) {
        throw bad(layer, "has one constant of the file in two places that are to differ");
      }
      to.set[element] = true;
      to.codes[element] = value;
      to.scales[element] = next;
    }
    boolean one = slot.scale().isPresent() && slot.scale().get().elements() == 1;
    if (one && Arrays.stream(wanted.scales()).distinct().count() > 1) {
      to.grown = 0;
    }
  }

  private static int weightPlace(LayerOrigin origin, int channel) {
    return origin.weights().scalePlace(origin.elements()[channel * origin.terms()]);
  }

  /** The file's scale of each channel. */
  private float[] scales(String layer, LayerOrigin origin, LayerConstants wanted) {
    DotLayer own = (DotLayer) network.layer(layer);
    double[] given = own.integers().weights().scales();
    float[] held = origin.weights().scales();
    float[] scales = new float[origin.channels()];
    double input = network.first(own).quantization().scale();
    float factor = factor(origin, given, input);
    for (int c = 0; c < scales.length; c++) {
      if (held.length == 0) {
        if (wanted.scales()[c] != given[c]) {
          throw bad(layer, "has scales that cannot be replaced");
        }
        continue;
      }
      float old = held[weightPlace(origin, c)];
      scales[c] =
          wanted.scales()[c] == given[c]
              ? old
              : scale(wanted.scales()[c], input, factor, old / given[c]);
    }
    return scales;
  }

  /**
   * What the reader multiplies the file's scales by, in binary32: the input's scale, and an
   * operator's alpha; 0 if that does not give the scales that it read.
   */
  private float factor(LayerOrigin origin, double[] given, double input) {
    float[] held = origin.weights().scales();
    for (float alpha : alphas) {
      float factor = alpha * (float) input;
      boolean all = held.length > 0;
      for (int c = 0; c < given.length; c++) {
        all = all && held[weightPlace(origin, c)] * factor == (float) (given[c] * input);
      }
      if (all) {
        return factor;
      }
    }
    return 0;
  }

  /** A scale that the reader makes the wanted one of, or the nearest to it. */
  private static float scale(double wanted, double input, float factor, double ratio) {
    if (factor == 0) {
      return (float) (wanted * ratio);
    }
    float product = (float) (wanted * input);
    float scale = product / factor;
    float[] near = {scale, Math.nextUp(scale), Math.nextDown(scale)};
    for (float candidate : near) {
      if (candidate * factor == product) {
        return candidate;
      }
    }
    return scale;
  }

  ModelProto model() {
    values.forEach(this::put);
    return edits.model();
  }

  private void put(ConstantSlot slot, SlotValues to) {
    float[] scales = slot.scales();
    List<Integer> dims = slot.scale().map(NdTensor::dims).orElse(List.of());
    if (to.grown >= 0) {
      int channels = slot.codes().dims().get(to.grown);
      scales = new float[channels];
      for (int i = 0; i < to.scales.length; i++) {
        scales[slot.index(i, to.grown)] = to.scales[i];
      }
      dims = grownDims(slot, to.grown, channels);
    } else {
      for (int i = 0; i < to.scales.length && scales.length > 0; i++) {
        int place = slot.scalePlace(i);
        if (to.set[i]) {
          scales[place] = to.scales[i];
        }
      }
    }
    if (!Arrays.equals(scales, slot.scales())) {
      NdTensor tensor = NdTensor.of(scales, scales.length).shaped(dims);
      edits.put(slot.node(), slot.role().scale(), tensor);
      if (to.grown >= 0) {
        zeros(slot, tensor, to.grown);
      }
    }
    NdTensor codes = slot.holding(to.codes, to.scales);
    boolean stays = Arrays.equals(to.codes, slot.values()) && Arrays.equals(scales, slot.scales());
    if (!stays && !codes.equals(slot.codes())) {
      edits.put(slot.node(), slot.role().codes(), codes);
    }
  }

  private static List<Integer> grownDims(ConstantSlot slot, int axis, int channels) {
    if (!slot.isQuant()) {
      return List.of(channels);
    }
    List<Integer> dims = new ArrayList<>(Collections.nCopies(slot.codes().rank(), 1));
    dims.set(axis, channels);
    return dims;
  }

  /**
   * A zero point of one scale becomes as many, where the node has one; and the node has an axis.
   */
  private void zeros(ConstantSlot slot, NdTensor scales, int axis) {
    if (ConstantRole.saysAxis(slot.proto())) {
      edits.setAxis(slot.node(), axis);
    }
    String name = ConstantSlot.input(slot.proto(), slot.role().zero());
    if (!name.isEmpty() && !slot.isQuant()) {
      NdTensor zero = zeros.get(name);
      NdType type = zero == null ? slot.codes().type() : zero.type();
      long[] points = new long[scales.elements()];
      Arrays.fill(points, slot.zero());
      edits.put(slot.node(), slot.role().zero(), NdTensor.ofIntegers(type, points, scales.dims()));
    }
  }

  private static IllegalArgumentException bad(String layer, String problem) {
    return new IllegalArgumentException("layer \"" + layer + "\" " + problem);
  }
}
