package dev.narrows.repair.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.repair.channel.Levers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepairSeriesTest {
  private static final int IMAGES = 12;

  private static RepairRequest request(NarrowInputs inputs) {
    return new RepairRequest(
        LayerRegisters.exact(),
        Guarantee.SUMS,
        Optional.empty(),
        List.of(),
        Levers.all(),
        true,
        inputs,
        true,
        true,
        400);
  }

  /** A register for each layer; at times the exact one. */
  private static LayerRegisters registers(Network network, Random random) {
    Map<String, Summation> rules = new LinkedHashMap<>();
    for (DotLayer layer : network.dotLayers()) {
      int bits = 18 + random.nextInt(3);
      if (bits > 18) {
        rules.put(layer.name(), Summation.parse("int" + bits + ":saturate"));
      }
    }
    return LayerRegisters.of(Summation.exact(), rules);
  }

  @Test
  void of_registersInAnyOrder_isWhatEachGivesAlone() throws IOException {
    int repaired = 0;
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      Network network = RandomNetworks.network(random, 8);
      int[] codes = RandomNetworks.codes(random, network.input(), IMAGES);
      ImageSource source = ImageSource.of(network, codes, IMAGES);
      RepairRequest request = request(seed % 2 == 0 ? NarrowInputs.keep() : NarrowInputs.best());
      RepairSeries series = new RepairSeries(network, Optional.empty(), source, request, 2);
      for (int i = 0; i < 5; i++) {
        LayerRegisters registers = registers(network, random);
        NetworkRepair.RepairProgress quiet = (name, done, all) -> {};
        Optional<RepairedNetwork> one = Optional.empty();
        try {
          one =
              Optional.of(
                  NetworkRepair.of(
                      network, Optional.empty(), source, request.in(registers), 1, quiet));
        } catch (CannotRepairException e) {
          continue; // a bias that does not fit
        }
        assertThat(series.of(registers, quiet)).as("seed %d", seed).isEqualTo(one.get());
        repaired += (int) one.get().layers().stream().filter(l -> l.left().isEmpty()).count();
      }
    }
    assertThat(repaired).isGreaterThan(60);
  }

  @Test
  void kept_sameWay_isFoundUntilTooMuchIsKept() throws IOException {
    Network network = RandomNetworks.network(new Random(1), 8);
    DotLayer layer = network.dotLayers().getFirst();
    int weights = layer.integers().channels() * layer.integers().terms();
    KeptRepairs.KeptLayer one =
        new KeptRepairs.KeptLayer(
            layer,
            Optional.empty(),
            RepairedLayer.left(layer.name(), layer.kind(), 1, 1, "", ""),
            false,
            Optional.empty(),
            Optional.empty());
    KeptRepairs kept = KeptRepairs.of(2L * weights);
    List<String> way = new ArrayList<>(List.of("int16"));
    kept.put(way, one);
    way.add("int17"); // the key is a copy
    assertThat(kept.of(List.of("int16"))).containsSame(one);
    assertThat(kept.of(way)).isEmpty();
    kept.put(way, one);
    kept.put(List.of("int18"), one);
    assertThat(kept.of(List.of("int16"))).isEmpty();
    assertThat(kept.of(way)).containsSame(one);
    assertThat(kept.of(List.of("int18"))).containsSame(one);
    KeptRepairs nothing = KeptRepairs.nothing();
    nothing.put(way, one);
    assertThat(nothing.of(way)).isEmpty();
  }
}
