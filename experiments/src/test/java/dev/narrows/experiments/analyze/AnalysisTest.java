package dev.narrows.experiments.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Inputs;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.fixture.SmallFloatNetwork;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.pass.AccumulatorContracts;
import dev.narrows.report.AnalysisResult;
import dev.narrows.report.FloatSumLayer;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.LayerOverflows;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.NetworkStep;
import dev.narrows.report.StatedRegister;
import dev.narrows.report.StatedRegister.Standing;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnalysisTest {
  private static final Network NETWORK = SmallNetwork.of(3);
  private static final ModelFile MODEL =
      new ModelFile(
          Path.of("small.narrows"),
          NETWORK,
          new NetworkFile("small.narrows", "0"),
          Optional.empty());
  private static final ImageSet IMAGES =
      new DataCatalog(new DataRoots(List.of(), Path.of(".")))
          .load(KnownSets.FASHION_SMALL, Split.TEST, DataCatalog.Validation.DEFAULT)
          .limit(41);

  private static NetworkInputs inputs(ImageSet images) {
    return NetworkInputs.of(NETWORK, images.name(), new Inputs.Images(images), Optional.empty());
  }

  private static AnalysisResult analysis(String view, int from, int to) {
    return new Analysis(MODEL, Summation.parse("int62:saturate" + view), true, 2)
        .of(inputs(IMAGES.slice(from, to)), EvaluationListener.SILENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":sorted(1)", ":chunk(8)", ":zero(raw):bias(preload)"})
  void analysis_twoPartsOfTheData_mergeToThatOfTheWhole(String view) {
    assertThat(AnalysisMerge.of(analysis(view, 0, 17), analysis(view, 17, 41)))
        .usingRecursiveComparison()
        .ignoringFields("worstChannels")
        .isEqualTo(analysis(view, 0, 41));
  }

  @Test
  void analysis_layersOfRealNumbers_areListedWithoutBounds() {
    Network network = SmallFloatNetwork.of(2);
    ModelFile model =
        new ModelFile(
            Path.of("real.narrows"),
            network,
            new NetworkFile("real.narrows", "0"),
            Optional.empty());
    Analysis analysis = new Analysis(model, Summation.parse("int62:saturate"), true, 1);
    NetworkInputs inputs =
        NetworkInputs.of(network, "some", new Inputs.Images(IMAGES.slice(0, 5)), Optional.empty());
    for (AnalysisResult result :
        List.of(analysis.bounds(), analysis.of(inputs, EvaluationListener.SILENT))) {
      assertThat(result.layers()).isEmpty();
      assertThat(result.floatLayers())
          .contains(
              List.of(
                  new FloatSumLayer("conv", "conv2d", 16, 4, "exact", Optional.empty()),
                  new FloatSumLayer("last", "dense", 196, 10, "exact", Optional.empty())));
      assertThat(result.tables().getFirst().title()).contains("no bound on integer widths");
    }
  }

  @Test
  void analysis_withoutChannels_stillTellsWhatEachNeedsAndTheSteps() {
    AnalysisResult result =
        new Analysis(MODEL, Summation.parse("int62:saturate"), false, 2)
            .of(inputs(IMAGES.slice(0, 9)), EvaluationListener.SILENT);
    for (LayerAnalysis layer : result.layers()) {
      LayerOverflows seen = layer.profile().orElseThrow();
      assertThat(seen.channels()).isEmpty();
      List<Integer> widths = seen.channelWidths().orElseThrow();
      assertThat(widths).hasSize(layer.channels());
      assertThat(Collections.max(widths)).as(layer.name()).isEqualTo(seen.widestSum());
      List<Integer> bounds = layer.channelBounds().orElseThrow();
      assertThat(Collections.max(bounds)).isEqualTo(layer.bounds().signSum());
    }
    List<NetworkStep> steps = result.steps().orElseThrow();
    assertThat(steps)
        .extracting(NetworkStep::name)
        .containsExactlyElementsOf(NETWORK.layers().stream().map(Layer::name).toList());
    assertThat(steps.getFirst().inputs()).containsExactly(NetworkStep.NETWORK_INPUT);
    assertThat(steps.getLast().inputs()).isNotEmpty().doesNotContain(NetworkStep.NETWORK_INPUT);
  }

  @Test
  void analysis_differentOrders_doNotMerge() {
    assertThatThrownBy(() -> AnalysisMerge.of(analysis("", 0, 3), analysis(":reversed", 3, 6)))
        .hasMessageContaining("orders or conventions differ");
  }

  @Test
  void analysis_profiles_areThoseOfTheReference() {
    Summation view = Summation.parse("int62:saturate:ascending");
    ReferenceExecutor reference = new ReferenceExecutor(NETWORK, LayerRegisters.exact(), view);
    NetworkInputs inputs = inputs(IMAGES.slice(0, 3));
    for (int i = 0; i < 3; i++) {
      int[] codes = new int[784];
      inputs.source().read(i, 1, codes);
      reference.run(codes);
    }
    AnalysisResult result = analysis(":ascending", 0, 3);
    for (LayerAnalysis layer : result.layers()) {
      LayerOverflows profile = layer.profile().orElseThrow();
      assertThat(profile.widths())
          .isEqualTo(LayerOverflows.widths(reference.profile(layer.name()), 32));
      assertThat(profile.order()).isEqualTo("ascending");
    }
  }

  @Test
  void analysis_observedWidths_neverExceedTheSignSumBound() {
    for (LayerAnalysis layer : analysis("", 0, 41).layers()) {
      int safe = layer.bounds().signSum();
      for (LayerOverflows.WidthCount width : layer.profile().orElseThrow().widths()) {
        if (width.bits() >= safe) {
          assertThat(width.clean()).isEqualTo(layer.profile().orElseThrow().dots());
        }
      }
      assertThat(safe).isLessThanOrEqualTo(layer.bounds().l1());
      assertThat(layer.bounds().l1()).isLessThanOrEqualTo(layer.bounds().dataType());
      assertThat(layer.termBits()).isLessThanOrEqualTo(safe);
    }
  }

  @Test
  void bounds_registersThatTheFileStates_areCertifiedOrAtOddsOrUnchecked() {
    Map<String, AccumulatorContract> own = AccumulatorContracts.of(NETWORK);
    Map<String, AccumulatorContract> stated = new TreeMap<>(own);
    String first = stated.keySet().iterator().next();
    AccumulatorContract proved = Objects.requireNonNull(own.get(first));
    stated.put(
        first,
        new AccumulatorContract(
            proved.bits() - 1,
            proved.guarantee(),
            proved.zero(),
            proved.bias(),
            proved.certificate()));
    stated.put("nobody", proved);
    Network network =
        new Network(
            NETWORK.name(),
            NETWORK.input(),
            NETWORK.layers(),
            new FileAccumulators(stated).metadata());
    ModelFile model =
        new ModelFile(Path.of("s.onnx"), network, new NetworkFile("s.onnx", "0"), Optional.empty());

    List<StatedRegister> told =
        new Analysis(model, Summation.parse("int62:saturate"), false, 1)
            .bounds()
            .statedRegisters()
            .orElseThrow();

    assertThat(told).hasSize(own.size() + 1);
    for (StatedRegister one : told) {
      assertThat(one.standing())
          .as(one.layer())
          .isEqualTo(
              one.layer().equals(first)
                  ? Standing.AT_ODDS
                  : one.layer().equals("nobody") ? Standing.UNCHECKED : Standing.CERTIFIED);
    }
    assertThat(told.stream().filter(one -> one.layer().equals(first)).findFirst().orElseThrow())
        .extracting(StatedRegister::bits, one -> one.needed().orElseThrow())
        .containsExactly(proved.bits() - 1, proved.bits());
    assertThat(new Analysis(MODEL, Summation.parse("int62:saturate"), false, 1).bounds())
        .extracting(AnalysisResult::statedRegisters)
        .isEqualTo(Optional.empty());
  }
}
