package dev.narrows.hardware.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.hardware.c.code.CpuTarget;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.UnsupportedLayersException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CExportTest {
  private static final int VECTORS = 6;
  private static final int NETWORKS = 24;

  private static final List<String> REGISTERS =
      List.of(
          "exact",
          "int20:saturate",
          "int12:saturate",
          "int9:saturate:zero(raw):bias(preload)",
          "int10:wrap",
          "int11:wrap:zero(raw):bias(after)",
          "int10:saturate:reversed",
          "int10:saturate:chunk(3)",
          "int8:wrap:chunk(4,int12)",
          "int9:saturate:chunk(4,int14):bias(preload)",
          "int10:resolved",
          "int10:resolved:chunk(5,int13):zero(raw)",
          "int16:saturate:sorted",
          "int40:saturate:zero(raw)");

  @TempDir private Path folder;

  /** Every register for every layer that sums, pooling named too. */
  private static LayerRegisters everywhere(Network network, String text) {
    Map<String, Summation> rules = new LinkedHashMap<>();
    for (Layer layer : network.layers()) {
      if (layer instanceof AveragePool) {
        rules.put(layer.name(), Summation.parse(text));
      }
    }
    return LayerRegisters.of(Summation.parse(text), rules);
  }

  @Test
  void c_randomNetworksInEveryRegister_equalsTheExecutor() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    CompiledNetworks compiled = new CompiledNetworks(folder);
    for (int i = 0; i < NETWORKS; i++) {
      Network network = RandomNetworks.network(random, 5 + random.nextInt(4));
      String text = REGISTERS.get(i % REGISTERS.size());
      LayerRegisters registers =
          random.nextBoolean()
              ? everywhere(network, text)
              : LayerRegisters.of(Summation.parse(text));
      CpuTarget target = CpuTarget.values()[i % CpuTarget.values().length];
      compiled.add(
          CExport.of(network, COptions.of("n" + i).in(registers).on(target).withVectors(VECTORS)));
    }
    assertThat(
            compiled.differing(
                "-O1", "-fsanitize=undefined", "-fno-sanitize-recover", CompiledNetworks.vectors()))
        .as("seed %d", seed)
        .isEmpty();
  }

  @Test
  void c_everyKindOfLayerAndRequantisation_equalsTheExecutor() throws IOException {
    long seed = System.nanoTime();
    CompiledNetworks compiled = new CompiledNetworks(folder);
    for (Map.Entry<String, Network> one : new CodeNetworks(new Random(seed)).all().entrySet()) {
      compiled.add(CExport.of(one.getValue(), COptions.of(one.getKey()).withVectors(40)));
    }
    assertThat(compiled.differing("-O1", "-fsanitize=undefined", "-fno-sanitize-recover"))
        .as("seed %d", seed)
        .isEmpty();
  }

  /** Some at a time, others in each run: all take a minute of the compiler's time. */
  @Test
  void c_layersOfRealNumbers_equalTheExecutor() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    CompiledNetworks compiled = new CompiledNetworks(folder);
    List<Map.Entry<String, Network>> all =
        new ArrayList<>(new NumberNetworks(random).all().entrySet());
    Collections.shuffle(all, random);
    for (Map.Entry<String, Network> one :
        all.subList(0, Math.min(all.size(), Integer.getInteger("narrows.c.networks", 40)))) {
      compiled.add(CExport.of(one.getValue(), COptions.of(one.getKey()).withVectors(12)));
    }
    assertThat(compiled.differing("-O1", "-fsanitize=undefined", "-fno-sanitize-recover"))
        .as("seed %d", seed)
        .isEmpty();
  }

  @Test
  void checksums_ofManyVectors_equalTheOutputs() throws IOException {
    CompiledNetworks compiled = new CompiledNetworks(folder);
    COptions options = COptions.of("n").withVectors(200).withChecksums();
    CFiles files = CExport.of(RandomNetworks.network(new Random(5), 6), options);
    assertThat(files.texts().get("n_vectors.h")).contains("uint32_t n_expected[200]");
    compiled.add(files);
    assertThat(compiled.differing("-O1")).isEmpty();
  }

  private static Network dense(String name, String layer, String register) {
    Quantization codes = new Quantization(IntegerFormat.signed(8), 0.1, 0);
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(1, 4, 8, new double[] {1}, new int[] {100, -100, 90, 3}),
            new int[] {5},
            FixedPointMultiplier.fromReals(new double[] {0.01}, 0, -128, 127));
    Layer dense =
        new Dense(
            layer, 0, new TensorType(1, 1, 1, codes), operands.pinnedTo(Summation.parse(register)));
    return new Network(name, new TensorType(4, 1, 1, codes), List.of(dense), Map.of());
  }

  @Test
  void c_hostileNames_areEscaped() throws IOException {
    CompiledNetworks compiled = new CompiledNetworks(folder);
    List<String> names =
        List.of(
            "int",
            "9 lives/*",
            "",
            "a\n#include \"x\"\n",
            "*/ int x; /*",
            "naïve \u202e 中",
            "??/\\");
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String layer = name.isBlank() ? "while" : name;
      CFiles files =
          CExport.of(dense(name, layer, "exact"), COptions.of(name + i).withVectors(VECTORS));
      assertThat(files.texts().keySet()).allMatch(file -> file.matches("[a-z][a-z0-9_]*\\.[ch]"));
      compiled.add(files);
    }
    assertThat(compiled.differing("-O0", "-Wcomment", "-Wtrigraphs")).isEmpty();
  }

  @Test
  void c_ordersThatNothingMakesIrrelevant_areAllListed() {
    assertThatThrownBy(
            () -> CExport.of(dense("n", "first", "int9:saturate:ascending"), COptions.of("n")))
        .isInstanceOf(UnsupportedLayersException.class)
        .hasMessageContaining("\"first\" (dense) has the order ascending depends on the terms");
  }

  @Test
  void c_networkLargerThanItsMemory_isRefusedWithTheFigures() {
    COptions options = COptions.of("n").within(OptionalLong.of(3), OptionalLong.empty());
    assertThatThrownBy(() -> CExport.of(dense("n", "first", "exact"), options))
        .isInstanceOf(NoRoomException.class)
        .hasMessageContaining("bytes of flash")
        .hasMessageContaining("--flash is 3");
  }
}
