package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * Elements moved, repeated or left out like those of {@link Rearrange}, but in any order: gathering
 * by constant indices, mirrored padding, padding by a number.
 *
 * @param inputs laid one after the other, each [C][H][W], as one row of elements
 * @param places [C][H][W]: where in that row each output element comes from; −1 for real zero
 */
public record Pick(String name, List<Integer> inputs, TensorType output, int[] places)
    implements MovingLayer {
  public Pick {
    inputs = List.copyOf(inputs);
    Checks.require(
        places.length == output.elements(),
        "need %d places, got %d",
        output.elements(),
        places.length);
  }

  @Override
  public boolean padded() {
    return Arrays.stream(places).anyMatch(place -> place < 0);
  }

  @Override
  public String kind() {
    return "pick";
  }

  @Override
  public void check(List<TensorType> sources) {
    long available = MovingLayer.available(sources, output);
    for (int place : places) {
      Checks.require(
          place >= -1 && place < available,
          "places must be in [-1, %d], got %d",
          available - 1,
          place);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pick that
        && name.equals(that.name)
        && inputs.equals(that.inputs)
        && output.equals(that.output)
        && Arrays.equals(places, that.places);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(places);
  }
}
