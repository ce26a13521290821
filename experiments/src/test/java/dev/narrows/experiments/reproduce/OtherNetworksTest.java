package dev.narrows.experiments.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.fixture.SmallTrainer;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.Reproduction.OtherNetwork;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.TestBed;
import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Figures on networks of the papers other than their usual ones. */
class OtherNetworksTest {
  @TempDir private Path folder;

  private static Stream<String> figures() {
    return Figures.ALL.stream().filter(Figure::takesOtherNetworks).map(Figure::name);
  }

  @ParameterizedTest
  @MethodSource("figures")
  void figure_onMobileNet_trainsNothingElse(String name) throws IOException {
    for (Scale scale : Scale.values()) {
      TestBed bed = PaperNetwork.MOBILENETV2.at(scale, Optional.empty());
      List<Recipe> recipes = new ArrayList<>();
      Figure figure = Figures.named(name).orElseThrow();
      ReproductionResult result =
          figure.make(
              new InventingWorkshop(scale, bed, folder.resolve(scale.word()), recipes));
      assertThat(result.about()).contains("mobilenetv2");
      assertThat(recipes)
          .isNotEmpty()
          .allSatisfy(recipe -> assertThat(recipe.model().word()).isEqualTo("mobilenetv2"));
    }
  }

  @ParameterizedTest
  @EnumSource(PaperNetwork.class)
  void network_ofAWord_isFound(PaperNetwork network) {
    assertThat(PaperNetwork.named(network.word())).contains(network);
    assertThat(network.at(Scale.TWO_CORE, Optional.empty()).set()).isEqualTo("cifar10");
  }

  @Test
  void fromFloat_ofAFileOrARun_beginsThere() {
    assertThat(from("net.safetensors").init()).contains("net.safetensors");
    assertThat(from("net.safetensors").from()).isEmpty();
    assertThat(from("runs/net").from()).contains("runs/net");
  }

  private static Recipe from(String weights) {
    return PaperNetwork.RESNET18_HALF
        .at(Scale.TWO_CORE, Optional.of(weights))
        .fromFloat("one", 1)
        .recipe();
  }

  @Test
  void reproduction_ofAFigureWithItsOwnNetworks_saysWhichTakeAnother() {
    assertThatThrownBy(() -> reproduction("pqs-fig2", Scale.TWO_CORE, Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("figures that take another: pqs-fig4, pqs-fig5");
  }

  @Test
  void reproduction_ofEmbeddedImagesWithWeights_isRefused() {
    Optional<Path> weights = Optional.of(folder.resolve("net.safetensors"));
    assertThatThrownBy(() -> reproduction("pqs-fig4", Scale.SMOKE, weights))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--weights: scale smoke");
  }

  @Test
  void defaultFolder_ofAnotherNetwork_isAnother() {
    Figure figure = Figures.named("pqs-fig4").orElseThrow();
    assertThat(
            Reproduction.defaultFolder(
                folder, figure, Optional.of(PaperNetwork.RESNET18_HALF), Scale.TWO_CORE))
        .hasFileName("pqs-fig4-resnet18-half-two-core");
  }

  private Reproduction reproduction(String figure, Scale scale, Optional<Path> weights) {
    return new Reproduction(
        Figures.named(figure).orElseThrow(),
        scale,
        Optional.of(new OtherNetwork(PaperNetwork.MOBILENETV2, weights)),
        folder,
        new DataRoots(List.of(), folder),
        new SmallTrainer(),
        1,
        List.of("reproduce", figure));
  }
}
