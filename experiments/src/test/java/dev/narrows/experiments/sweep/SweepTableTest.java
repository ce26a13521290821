package dev.narrows.experiments.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.experiments.evaluate.Significance;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepAccuracy;
import dev.narrows.report.SweepPoint;
import dev.narrows.report.SweepPoint.SeedSpread;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From trials to means, front, database and merged table. */
class SweepTableTest {
  @TempDir private Path folder;

  private static SweepTrial trial(
      String label, String hash, long seed, double exact, int certified, SweepAccuracy... others) {
    return new SweepTrial(
        label,
        Map.of("P", "9"),
        seed,
        hash,
        SweepTrial.DONE,
        Optional.empty(),
        Optional.of(
            new SweepTrial.TrialFigures(
                "fashion-small/test",
                Optional.of(90.25),
                exact - 1,
                exact,
                Arrays.asList(others),
                Optional.of(certified),
                Optional.of(8),
                12.5,
                Optional.of(1.25),
                3.5)));
  }

  private static SweepAccuracy seen(String text, int bits, double validation) {
    return new SweepAccuracy(text, bits, validation - 1, validation, 7);
  }

  private static final SweepTrial FAILED =
      new SweepTrial(
          "b",
          Map.of(),
          1,
          "c3",
          SweepTrial.FAILED,
          Optional.of("out, \"sadly\""),
          Optional.empty());

  private static SweepResult sample() {
    return SweepSummary.of(
        "sample",
        List.of(
            trial("a", "a1", 1, 80, 14, seen("int9:wrap", 9, 60), seen("int10:wrap", 10, 60)),
            trial("a", "a2", 2, 82, 13, seen("int9:wrap", 9, 64), seen("int10:wrap", 10, 50)),
            trial("b", "b2", 2, 70, 9, seen("int8:resolved", 8, 99), seen("int9:wrap", 9, 70)),
            FAILED));
  }

  @Test
  void of_severalSeeds_isTheirMeanWithSpread() {
    SweepPoint first = sample().points().getFirst();
    assertThat(first.way()).isEqualTo(SweepPoint.PROVEN);
    assertThat(first.bits()).as("safe for every seed's network").isEqualTo(14);
    assertThat(first.validation()).isEqualTo(new SeedSpread(81, 80, 82));
    assertThat(first.accuracy()).hasToString("80.00 (79.00..81.00)");
    assertThat(sample().points())
        .filteredOn(point -> point.label().equals("a") && point.bits() == 9)
        .singleElement()
        .satisfies(point -> assertThat(point.validation()).isEqualTo(new SeedSpread(62, 60, 64)))
        .satisfies(point -> assertThat(point.seeds()).containsExactly(1L, 2L));
  }

  private static SweepTrial counted(SweepTrial trial, int tests, int validations) {
    return trial.with(
        trial.status(),
        trial.error(),
        trial.figures().map(f -> f.on(Optional.of(tests), Optional.of(validations))));
  }

  @Test
  void of_trialsThatCountTheirImages_tellsIntervalsOfTheMeans() throws IOException {
    SweepTrial first = sample().trials().getFirst();
    SweepTrial second = sample().trials().get(1);
    SweepResult counted =
        SweepSummary.of("c", List.of(counted(first, 1000, 200), counted(second, 1000, 200)));
    SweepPoint proven = counted.points().getFirst();
    assertThat(proven.accuracy().interval()).contains(Significance.wilson(800, 1000));
    assertThat(proven.validation().interval()).contains(Significance.wilson(162, 200));
    Path file = folder.resolve("counted.db");
    SweepStore.write(file, counted);
    assertThat(SweepStore.read(file)).isEqualTo(counted);
    assertThat(ResultJson.read("x", ResultJson.write(counted))).isEqualTo(counted);
    // a trial of an older version does not say on how many images it was tried
    SweepResult mixed = SweepSummary.of("m", List.of(counted(first, 1000, 200), second));
    assertThat(mixed.points())
        .allSatisfy(point -> assertThat(point.accuracy().interval()).isEmpty());
  }

  @Test
  void front_ofPoints_isMoreAccurateThanAllNarrowerOnes() {
    // 9 bits: b is proven there and equals its own wrapping register, which is left out;
    // 10 bits: worse than 9; 14 bits: a, proven. The resolved register cannot be built.
    assertThat(sample().front())
        .extracting(point -> point.configuration() + " " + point.way() + " " + point.bits())
        .containsExactly("b P=9 proven 9", "a P=9 proven 14");
    assertThat(sample().points().stream().filter(SweepPoint::front).toList())
        .containsExactlyInAnyOrderElementsOf(sample().front());
  }

  @Test
  void table_trials_haveAColumnForEveryRegister() {
    assertThat(sample().table().csv().lines().toList())
        .startsWith(
            "label,P,seed,hash,status,float %,exact %,exact validation %,int8:resolved %,"
                + "int8:resolved validation %,int9:wrap %,int9:wrap validation %,int10:wrap %,"
                + "int10:wrap validation %,certified bits,term bits,sparsity %,compression,seconds,"
                + "error",
            "a,9,1,a1,done,90.25,79.00,80.00,,,59.00,60.00,59.00,60.00,14,8,12.50,1.25,4,")
        .last()
        .isEqualTo("b,,1,c3,failed,,,,,,,,,,,,,,,\"out, \"\"sadly\"\"\"");
  }

  @Test
  void store_writtenAndRead_isTheSameResult() throws IOException {
    Path file = folder.resolve("sweep.db");
    SweepStore.write(file, SweepSummary.of("earlier", List.of(FAILED)));
    SweepStore.write(file, sample());
    assertThat(SweepStore.read(file)).isEqualTo(sample());
    assertThat(ResultJson.read("x", ResultJson.write(sample()))).isEqualTo(sample());
    assertThatThrownBy(() -> SweepStore.read(folder.resolve("none.db")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("expected the database of a sweep");
    Path other = Files.writeString(folder.resolve("other.db"), "no database, but long enough");
    assertThatThrownBy(() -> SweepStore.read(other))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(other.toString());
  }

  @Test
  void merge_shardsWithATrialInBoth_takesWhatGotFurthest() throws IOException {
    SweepTrial early = sample().trials().getFirst();
    SweepTrial pending = early.with(SweepTrial.PENDING, Optional.empty(), Optional.empty());
    SweepTrial moreRegisters =
        trial("a", "a1", 1, 80, 14, seen("int9:wrap", 9, 60), seen("int8:wrap", 8, 40));
    store("one", List.of(pending, FAILED));
    store("two", List.of(early));
    store("three", List.of(moreRegisters));
    SweepResult merged =
        SweepMerge.of(
            Optional.empty(),
            List.of(folder.resolve("one"), folder.resolve("two"), folder.resolve("three")));
    assertThat(merged.name()).isEqualTo("one");
    assertThat(merged.trials()).hasSize(2).contains(FAILED);
    assertThat(merged.trials().getFirst().figures().orElseThrow().accumulators())
        .extracting(SweepAccuracy::accumulator)
        .containsExactly("int9:wrap", "int10:wrap", "int8:wrap");
  }

  private void store(String name, List<SweepTrial> trials) throws IOException {
    Path shard = Files.createDirectories(folder.resolve(name));
    SweepStore.write(shard.resolve(SweepFolder.DATABASE), SweepSummary.of(name, trials));
  }
}
