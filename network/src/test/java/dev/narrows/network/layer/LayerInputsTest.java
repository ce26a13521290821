package dev.narrows.network.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayerInputsTest {
  private static List<Class<?>> records(Class<?> type) {
    if (type.isRecord()) {
      return List.of(type);
    }
    List<Class<?>> all = new ArrayList<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      all.addAll(records(permitted));
    }
    return all;
  }

  /** A layer of a new kind must name what it reads as the others do. */
  @Test
  void everyKindOfLayer_namesItsInputsInKnownWords() {
    Set<Class<?>> readNothing = Set.of(Constant.class, InputLayer.class);
    List<Class<?>> kinds = records(Layer.class);
    assertThat(kinds).hasSizeGreaterThan(50);
    for (Class<?> kind : kinds) {
      boolean named =
          Arrays.stream(kind.getRecordComponents()).anyMatch(component -> isInput(component));
      assertThat(named).as(kind.getSimpleName()).isEqualTo(!readNothing.contains(kind));
    }
  }

  private static boolean isInput(RecordComponent component) {
    return component.getType() == int.class && LayerInputs.ONE.contains(component.getName())
        || component.getType() == List.class && component.getName().equals("inputs");
  }

  @Test
  void moved_byOne_readsTheNextTensorsAndIsTheSameOtherwise() {
    for (int seed = 0; seed < 20; seed++) {
      Network network = RandomNetworks.network(new Random(seed), 12);
      for (Layer layer : network.layers()) {
        Layer moved = LayerInputs.moved(layer, t -> t + 1);
        assertThat(moved.inputs()).isEqualTo(layer.inputs().stream().map(t -> t + 1).toList());
        assertThat(LayerInputs.moved(moved, t -> t - 1)).isEqualTo(layer);
      }
    }
  }
}
