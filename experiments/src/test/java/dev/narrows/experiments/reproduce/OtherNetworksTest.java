package dev.narrows.experiments.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.fixture.SmallTrainer;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.reproduce.figure.AskedNetwork;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Figures on networks of the papers other than their usual ones. */
class OtherNetworksTest {
  @TempDir private Path folder;

  private static Stream<String> figures() {
    return Figures.ALL.stream()
        .filter(figure -> figure.otherNetworks().contains(PaperNetwork.MOBILENETV2))
        .map(Figure::name);
  }

  @ParameterizedTest
  @MethodSource("figures")
  @Tag("thorough")
  void figure_onMobileNet_trainsNothingElse(String name) throws IOException {
    for (Scale scale : Scale.values()) {
      AskedNetwork asked = new AskedNetwork(PaperNetwork.MOBILENETV2, Optional.empty());
      List<Recipe> recipes = new ArrayList<>();
      Figure figure = Figures.named(name).orElseThrow();
      ReproductionResult result =
          figure.make(new InventingWorkshop(scale, asked, folder.resolve(scale.word()), recipes));
      assertThat(result.about()).contains("mobilenetv2");
      assertThat(recipes)
          .isNotEmpty()
          .allSatisfy(recipe -> assertThat(recipe.model().word()).isEqualTo("mobilenetv2"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ESPCN_X2", "UNET_X3"})
  void superResolution_onAnotherNetwork_trainsNothingElse(PaperNetwork network) {
    List<Recipe> recipes = new ArrayList<>();
    AskedNetwork asked = new AskedNetwork(network, Optional.empty());
    Figure figure = Figures.named("a2q-super-resolution").orElseThrow();
    assertThatThrownBy(
            () -> figure.make(new InventingWorkshop(Scale.SMOKE, asked, folder, recipes)))
        .as("images are wanted after the training")
        .isInstanceOf(DataException.class);
    assertThat(recipes)
        .hasSizeGreaterThan(4)
        .allSatisfy(recipe -> {
          assertThat(recipe.model()).isEqualTo(network.model());
          assertThat(recipe.data().set()).isEqualTo("bsds300-x" + network.factor());
        });
  }

  @ParameterizedTest
  @EnumSource(PaperNetwork.class)
  void network_ofAWord_isFound(PaperNetwork network) {
    assertThat(PaperNetwork.named(network.word())).contains(network);
    assertThat(Figures.ALL).anyMatch(figure -> figure.otherNetworks().contains(network));
  }

  @Test
  void fromFloat_ofAFileOrARun_beginsThere() {
    assertThat(from("net.safetensors").init()).contains("net.safetensors");
    assertThat(from("net.safetensors").from()).isEmpty();
    assertThat(from("runs/net").from()).contains("runs/net");
  }

  private Recipe from(String weights) {
    AskedNetwork asked = new AskedNetwork(PaperNetwork.RESNET18_HALF, Optional.of(weights));
    return new InventingWorkshop(Scale.TWO_CORE, asked, folder, new ArrayList<>())
        .bed(TestBed.resnet8())
        .fromFloat("one", 1)
        .recipe();
  }

  @Test
  void reproduction_ofAFigureWithItsOwnNetworks_saysWhichTakeAnother() {
    assertThatThrownBy(() -> reproduction("pqs-fig2", Scale.TWO_CORE, Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("figures that take another: pqs-fig4, pqs-fig5");
    assertThatThrownBy(() -> reproduction("a2q-super-resolution", Scale.TWO_CORE, Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("takes one of espcn-x2, espcn-x3, unet-x3, not mobilenetv2");
  }

  @Test
  void reproduction_ofEmbeddedImagesWithWeights_isRefused() {
    Optional<String> weights = Optional.of("net.safetensors");
    assertThatThrownBy(() -> reproduction("pqs-fig4", Scale.SMOKE, weights))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--weights: scale smoke");
  }

  @Test
  void folderName_ofAnotherNetwork_isAnother() {
    Figure figure = Figures.named("pqs-fig4").orElseThrow();
    assertThat(
            Reproduction.folderName(
                figure, Optional.of(PaperNetwork.RESNET18_HALF), Scale.TWO_CORE))
        .isEqualTo("pqs-fig4-resnet18-half-two-core");
  }

  private Reproduction reproduction(String figure, Scale scale, Optional<String> weights) {
    return new Reproduction(
        Figures.named(figure).orElseThrow(),
        scale,
        Optional.of(new AskedNetwork(PaperNetwork.MOBILENETV2, weights)),
        folder,
        new DataRoots(List.of(), folder),
        new SmallTrainer(),
        1,
        List.of("reproduce", figure));
  }
}
