package dev.narrows.repair.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.targets.Target;
import dev.narrows.network.targets.TargetProof;
import dev.narrows.repair.channel.Levers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetworkRepairTest {
  private static final int IMAGES = 12;

  private static LayerRegisters registers(int bits) {
    return LayerRegisters.of(new Summation(new Saturating(bits), new SummationOrder.Sequential()));
  }

  private static RepairRequest request(LayerRegisters registers, NarrowInputs inputs) {
    return new RepairRequest(
        registers,
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

  private static RepairedNetwork repair(
      Network network, long seed, RepairRequest request, int threads) throws IOException {
    int[] codes = RandomNetworks.codes(new Random(seed), network.input(), IMAGES);
    return NetworkRepair.of(
        network,
        Optional.empty(),
        ImageSource.of(network, codes, IMAGES),
        request,
        threads,
        (name, done, all) -> {});
  }

  /** Every kind of layer, both conventions, all forms of requantisation. */
  @Test
  void of_randomNetworks_areCertifiedInFewerBits() throws IOException {
    int narrower = 0;
    int narrowed = 0;
    for (int seed = 0; seed < 60; seed++) {
      Network network = RandomNetworks.network(new Random(seed), 8);
      int needs = widest(network);
      int bits = Math.max(9, needs - 1 - seed % 4);
      NarrowInputs inputs = seed % 3 == 0 ? NarrowInputs.keep() : NarrowInputs.best();
      RepairedNetwork repaired;
      try {
        repaired = repair(network, seed, request(registers(bits), inputs), 2);
      } catch (CannotRepairException e) {
        assertThat(e).hasMessageContaining("its bias alone does not fit");
        continue;
      }
      Certificate certificate = CertifyNetwork.of(repaired.network(), bits, registers(bits));
      assertThat(certificate.holds()).as("seed %d in %d bits", seed, bits).isTrue();
      narrower += bits < needs ? 1 : 0;
      narrowed += (int) rescales(repaired.network()) - (int) rescales(network) > 0 ? 1 : 0;
      runs(repaired.network(), seed);
    }
    assertThat(narrower).isGreaterThan(25);
    assertThat(narrowed).isGreaterThan(5);
  }

  private static int widest(Network network) {
    return CertifyNetwork.of(network, 62, registers(62)).layers().stream()
        .mapToInt(LayerCertificate::bits)
        .max()
        .orElse(2);
  }

  private static long rescales(Network network) {
    return network.layers().stream().filter(Rescale.class::isInstance).count();
  }

  private static void runs(Network network, long seed) {
    int[] codes = RandomNetworks.codes(new Random(seed), network.input(), 2);
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      assertThat(executor.run(ImageSource.of(network, codes, 2), RunOptions.none()).images())
          .isEqualTo(2);
    }
  }

  @Test
  void of_networksThatAreSafe_changesNothing() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Network network = RandomNetworks.network(new Random(seed), 8);
      RepairedNetwork repaired =
          repair(network, seed, request(registers(40), NarrowInputs.keep()), 2);
      List<Layer> layers = repaired.network().layers();
      for (int i = 0; i < layers.size(); i++) {
        if (layers.get(i) instanceof DotLayer dot
            && dot.pinned().isEmpty()
            && network.layers().get(i) instanceof DotLayer old) {
          assertThat(dot).isEqualTo(old);
        }
      }
    }
  }

  @Test
  void of_anyNumberOfThreads_isTheSame() throws IOException {
    for (int seed = 0; seed < 12; seed++) {
      Network network = RandomNetworks.network(new Random(seed), 8);
      RepairRequest request =
          request(registers(Math.max(12, widest(network) - 2)), NarrowInputs.best());
      assertThat(repair(network, seed, request, 3)).isEqualTo(repair(network, seed, request, 1));
    }
  }

  @Test
  void of_chunksInAWiderRegister_keepsEveryChunk() throws IOException {
    int smaller = 0;
    for (int seed = 0; seed < 30; seed++) {
      Network network = RandomNetworks.network(new Random(seed), 8);
      LayerRegisters registers =
          LayerRegisters.of(Summation.parse("int11:saturate:chunk(4,int32)"));
      Target target = new Target("chunks", "chunks", registers, List.of(), false);
      boolean before = proved(network, target);
      RepairedNetwork repaired = repair(network, seed, request(registers, NarrowInputs.keep()), 2);
      boolean own =
          repaired.network().dotLayers().stream()
              .anyMatch(layer -> layer.getClass().getSimpleName().startsWith("Transposed"));
      if (!own) { // those are looked at without chunks
        assertThat(proved(repaired.network(), target)).as("seed " + seed).isTrue();
        smaller += before ? 0 : 1;
      }
    }
    assertThat(smaller).isGreaterThan(3);
  }

  private static boolean proved(Network network, Target target) {
    return TargetProof.of(network, target).layers().stream()
        .filter(proof -> network.layer(proof.layer().name()) instanceof DotLayer)
        .allMatch(proof -> proof.proved());
  }

  @Test
  void of_registersThatHoldNoProduct_namesTheChannels() {
    Network network = RandomNetworks.network(new Random(4), 8);
    RepairRequest request = RepairRequest.of(registers(2)).with(Levers.all(), false);
    assertThatExceptionOfType(CannotRepairException.class)
        .isThrownBy(() -> repair(network, 4, request, 1))
        .withMessageContaining("channel");
  }

  @Test
  void of_namesThatMatchNothing_isRefused() {
    Network network = RandomNetworks.network(new Random(4), 8);
    RepairRequest request = RepairRequest.of(registers(20)).without(List.of("nothing*"));
    assertThatThrownBy(() -> repair(network, 4, request, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"nothing*\" matches no layer with weights");
  }
}
