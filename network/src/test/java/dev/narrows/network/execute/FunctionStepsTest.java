package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.FloatNetworks;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.tensor.TensorType;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A layer without a step of its own must run as well as one that has it. */
class FunctionStepsTest {
  private static final int BATCH = 3;

  private final Random random = new Random(20261128);
  private final Set<Class<?>> seen = new HashSet<>();

  @Test
  void of_everyKindOfFunction_equalsThePlainCodeOfTheLayer() throws Exception {
    for (String file :
        List.of("integers-tflite", "integers-functions", "floats-activations", "floats-tokens")) {
      check(NetworkFiles.read(golden(file)));
    }
    for (int i = 0; i < 20; i++) {
      check(RandomNetworks.network(random, 12));
      check(FloatNetworks.images(random));
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(24);
  }

  private static Path golden(String name) throws Exception {
    String resource = "/golden/narrows/" + name + ".narrows";
    return Path.of(FunctionStepsTest.class.getResource(resource).toURI());
  }

  private void check(Network network) {
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (layer instanceof FunctionLayer function && !(layer instanceof Flatten)) {
        List<TensorType> sources = network.sources(layer);
        int[][] inputs = new int[network.tensors()][];
        for (int input : layer.inputs()) {
          inputs[input] = words(network.tensor(input));
        }
        Step plain = FunctionSteps.plain(i + 1, function, sources);
        int[] expected = made(plain, inputs, i + 1, layer.output());
        Step step = FunctionSteps.of(i + 1, function, sources);
        assertThat(made(step, inputs, i + 1, layer.output()))
            .as(layer.toString())
            .isEqualTo(expected);
        if (function instanceof PointwiseLayer pointwise) {
          Step each = FunctionSteps.pointwise(i + 1, pointwise, sources.getFirst());
          assertThat(made(each, inputs, i + 1, layer.output())).isEqualTo(expected);
        }
        seen.add(layer.getClass());
      }
    }
  }

  private static int[] made(Step step, int[][] inputs, int index, TensorType to) {
    int[][] tensors = inputs.clone();
    tensors[index] = new int[to.elements() * BATCH];
    step.run(new Workspace(0), tensors, BATCH);
    return tensors[index];
  }

  private int[] words(TensorType type) {
    return type.isFloat()
        ? FloatNetworks.words(random, type, BATCH)
        : RandomNetworks.codes(random, type, BATCH);
  }
}
