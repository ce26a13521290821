package dev.narrows.training.torch;

import dev.narrows.network.layer.Window;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.ParameterSpec;
import dev.narrows.training.model.ParameterSpec.ParameterRole;
import dev.narrows.training.optimize.Slot;
import dev.narrows.training.qat.TrainingPlan;
import dev.narrows.training.qat.TrainingPlan.PlanArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * All arrays of a model in three flat tensors: trained values, their gradients, batch-norm
 * statistics. Single arrays are views, so optimiser and checkpoint see plain arrays and autograd
 * sees parameters.
 */
final class ParameterStore {
  /** Arrays start on 64-byte boundaries, which suit oneDNN. */
  private static final int ALIGNMENT = 16;

  /** Where an array lies: in the trained values, or in the statistics. */
  private record Place(boolean trained, int offset, int length) {}

  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<String, Tensor> views = new HashMap<>();
  private final List<Slot> slots = new ArrayList<>();
  private final Map<String, boolean[]> masks = new HashMap<>();
  private final Tensor values;
  private final Tensor gradients;
  private final Tensor statistics;

  ParameterStore(TrainingPlan plan) {
    int trained = 0;
    int followed = 0;
    for (ParameterSpec spec : plan.model().parameters()) {
      if (spec.role().trained()) {
        places.put(spec.name(), new Place(true, trained, spec.size()));
        Slot.ParameterKind kind =
            spec.role() == ParameterRole.WEIGHT
                ? Slot.ParameterKind.WEIGHT
                : Slot.ParameterKind.OTHER;
        slots.add(new Slot(trained, spec.size(), kind));
        trained = aligned(trained + spec.size());
      } else {
        places.put(spec.name(), new Place(false, followed, spec.size()));
        followed = aligned(followed + spec.size());
      }
    }
    for (PlanArray array : plan.arrays()) {
      places.put(array.name(), new Place(true, trained, array.size()));
      if (plan.learnsArrays()) {
        slots.add(new Slot(trained, array.size(), Slot.ParameterKind.LOG_SCALE));
      }
      trained = aligned(trained + array.size());
    }
    values = torch.zeros(trained);
    gradients = torch.zeros(trained);
    statistics = torch.zeros(Math.max(1, followed));
    Map<String, DotNode> dots = new HashMap<>();
    plan.model().dots().forEach(dot -> dots.put(dot.name() + ".weight", dot));
    places.forEach((name, place) -> views.put(name, view(place, dots.get(name))));
  }

  private static int aligned(int offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private Tensor view(Place place, @Nullable DotNode dot) {
    if (!place.trained()) {
      return slice(statistics, place, dot);
    }
    Tensor leaf = slice(values, place, dot).detach();
    leaf.set_requires_grad(true);
    // A gradient that exists already is added to in place, so it stays in the flat tensor.
    leaf.mutable_grad().put(slice(gradients, place, dot));
    return leaf;
  }

  private static Tensor slice(Tensor flat, Place place, @Nullable DotNode dot) {
    long[] sizes = {place.length()};
    long[] strides = {1};
    if (dot != null) {
      long terms = dot.terms();
      switch (dot) {
        case ConvolutionNode conv -> {
          return kernels(flat, place, conv.window(), terms);
        }
        case TransposedConvolutionNode conv -> {
          return kernels(flat, place, conv.window(), terms);
        }
        case DenseNode _ -> {
          sizes = new long[] {dot.outputChannels(), terms};
          strides = new long[] {terms, 1};
        }
      }
    }
    return torch.as_strided(flat, sizes, strides, new LongOptional(place.offset()));
  }

  /** [channel][in][row][column] over memory [channel][row][column][in]. */
  private static Tensor kernels(Tensor flat, Place place, Window window, long terms) {
    long in = terms / window.taps();
    return torch.as_strided(
        flat,
        new long[] {place.length() / terms, in, window.kernelHeight(), window.kernelWidth()},
        new long[] {terms, 1, window.kernelWidth() * in, in},
        new LongOptional(place.offset()));
  }

  /**
   * The array as a tensor; weights of convolutions, transposed ones too, [out][in/groups][kernel
   * row][kernel column] with channels last in memory.
   */
  Tensor tensor(String name) {
    Tensor view = views.get(name);
    if (view == null) {
      throw new IllegalArgumentException("no array is called " + name);
    }
    return view;
  }

  List<String> names() {
    return List.copyOf(places.keySet());
  }

  List<Slot> slots() {
    return List.copyOf(slots);
  }

  /** Where a trained array starts in the flat arrays. */
  Slot slot(String name) {
    Place place = place(name);
    if (!place.trained()) {
      throw new IllegalArgumentException(name + " is not trained");
    }
    return new Slot(place.offset(), place.length(), Slot.ParameterKind.OTHER);
  }

  float[] read(String name) {
    Place place = place(name);
    float[] target = new float[place.length()];
    MemorySegment.copy(
        flat(place), ValueLayout.JAVA_FLOAT, 4L * place.offset(), target, 0, target.length);
    return target;
  }

  void write(String name, float[] source) {
    Place place = place(name);
    if (source.length != place.length()) {
      throw new IllegalArgumentException(
          name + " has " + place.length() + " values, got " + source.length);
    }
    MemorySegment.copy(
        source, 0, flat(place), ValueLayout.JAVA_FLOAT, 4L * place.offset(), source.length);
  }

  /** Adds to the gradient of a trained array. */
  void addToGradient(String name, float[] more) {
    Place place = place(name);
    if (!place.trained() || more.length != place.length()) {
      throw new IllegalArgumentException(name + " has no gradient of " + more.length + " values");
    }
    MemorySegment memory = Torch.floats(gradients);
    for (int i = 0; i < more.length; i++) {
      long at = place.offset() + i;
      float sum = memory.getAtIndex(ValueLayout.JAVA_FLOAT, at) + more[i];
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, at, sum);
    }
  }

  /** A copy of every dot layer's weights, by layer. */
  Map<String, float[]> weights(ModelSpec model) {
    Map<String, float[]> all = new LinkedHashMap<>();
    model.dots().forEach(dot -> all.put(dot.name(), read(dot.name() + ".weight")));
    return all;
  }

  /** Tells which weights of a layer are pruned (false), in memory order. */
  void mask(String layer, boolean[] kept) {
    masks.put(layer, kept.clone());
  }

  /** Which weights of a layer are not pruned; empty if none is. */
  boolean[] mask(String layer) {
    return masks.getOrDefault(layer, NOT_PRUNED);
  }

  private static final boolean[] NOT_PRUNED = {};

  int valueCount() {
    return Math.toIntExact(values.numel());
  }

  int statisticCount() {
    return Math.toIntExact(statistics.numel());
  }

  void readValues(float[] target) {
    copyOut(values, target);
  }

  void writeValues(float[] source) {
    copyIn(source, values);
  }

  void readGradients(float[] target) {
    copyOut(gradients, target);
  }

  void clearGradients() {
    Torch.floats(gradients).fill((byte) 0);
  }

  void readStatistics(float[] target) {
    copyOut(statistics, target);
  }

  void writeStatistics(float[] source) {
    copyIn(source, statistics);
  }

  void close() {
    views.values().forEach(Tensor::close);
    values.close();
    gradients.close();
    statistics.close();
  }

  private MemorySegment flat(Place place) {
    return Torch.floats(place.trained() ? values : statistics);
  }

  private Place place(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException("no array is called " + name);
    }
    return place;
  }

  private static void copyOut(Tensor from, float[] target) {
    MemorySegment.copy(Torch.floats(from), ValueLayout.JAVA_FLOAT, 0, target, 0, target.length);
  }

  private static void copyIn(float[] source, Tensor to) {
    MemorySegment.copy(source, 0, Torch.floats(to), ValueLayout.JAVA_FLOAT, 0, source.length);
  }
}
