package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;

/**
 * The same layers for networks in which tensors have other indices. Every layer is a record whose
 * components of these names and types are what it reads; a copy that does not read what it should
 * is refused.
 */
public final class LayerInputs {
  static final Set<String> ONE =
      Set.of("input", "left", "right", "condition", "scale", "sums", "data", "indices");

  private LayerInputs() {}

  /**
   * A layer that reads other tensors.
   *
   * @param moved the new index of every old one
   */
  public static Layer moved(Layer layer, IntUnaryOperator moved) {
    List<Integer> expected = layer.inputs().stream().map(moved::applyAsInt).toList();
    if (expected.equals(layer.inputs())
        && !(layer instanceof InputLayer state && state.isState())) {
      return layer;
    }
    Layer copy = copy(layer, (name, value) -> moved(name, value, moved));
    if (!copy.inputs().equals(expected)) {
      throw new IllegalStateException(
          "a %s layer that should read %s reads %s"
              .formatted(layer.kind(), expected, copy.inputs()));
    }
    return copy;
  }

  /** A layer that does the same under another name, with an output of another type. */
  public static Layer renamed(Layer layer, String name, TensorType output) {
    return copy(
        layer,
        (component, value) ->
            switch (component) {
              case "name" -> name;
              case "output" -> output;
              default -> value;
            });
  }

  /** A layer with other components. */
  private static Layer copy(Layer layer, BiFunction<String, Object, Object> changed) {
    RecordComponent[] components = layer.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        values[i] =
            changed.apply(components[i].getName(), components[i].getAccessor().invoke(layer));
      }
      Constructor<? extends Layer> canonical = layer.getClass().getDeclaredConstructor(types);
      return canonical.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("cannot copy layer " + layer.name(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every layer is a public record", e);
    }
  }

  private static Object moved(String name, Object value, IntUnaryOperator moved) {
    return switch (value) {
      case Integer tensor when ONE.contains(name) -> moved.applyAsInt(tensor);
      case List<?> list when name.equals("inputs") ->
          list.stream().map(t -> moved.applyAsInt((Integer) t)).toList();
      case Optional<?> optional
          when optional.isPresent()
              && optional.get() instanceof InputLayer.Feedback(int[] initial, int tensor) ->
          Optional.of(new InputLayer.Feedback(initial, moved.applyAsInt(tensor)));
      default -> value;
    };
  }
}
