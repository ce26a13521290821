package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Plans whose networks are repaired for them. */
class NarrowRepairCommandTest {
  private static final List<String> ASKED =
      List.of(
          "--promise",
          "always",
          "--repair",
          "--data",
          "fashion-small",
          "--unlabelled",
          "--limit",
          "400",
          "--budget",
          "50");

  @TempDir private static Path shared;
  private static Path model = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void writeNetwork() throws IOException {
    model = shared.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private static Said narrow(Path out, String... more) {
    return Said.by(
        Stream.of(Stream.of("narrow", model, "--out", out), ASKED.stream(), Stream.of(more))
            .flatMap(words -> words)
            .toArray());
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  @Test
  @Tag("slow")
  void repair_plan_isNarrowerThanTheBoundsAndProvedOnTheRepairedFile() throws IOException {
    byte[] before = Files.readAllBytes(model);
    Said said = narrow(folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("repairs look at 512 images of fashion-small/train");
    assertThat(said.out()).contains("no input overflows any of them", "repaired, agreement of");
    Path repaired = folder.resolve("repaired.narrows");
    Path plan = folder.resolve("plan.yaml");
    JsonNode result = json(folder.resolve("plan.json"));
    assertThat(result.path("network").path("sha256").asString())
        .isEqualTo(NetworkFiles.sha256(repaired));
    assertThat(result.path("repair").path("original").path("sha256").asString())
        .isEqualTo(NetworkFiles.sha256(model));
    assertThat(result.path("repair").path("images").asInt()).isEqualTo(512);
    assertThat(result.path("search").path("upper").asDouble()).isLessThanOrEqualTo(50);
    int saved = 0;
    for (JsonNode layer : result.path("layers")) {
      saved += layer.path("before").asInt() - layer.path("bits").asInt();
      assertThat(layer.path("safe").asInt()).isLessThanOrEqualTo(layer.path("bits").asInt());
      assertThat(layer.path("promise").asString()).isEqualTo("always");
      assertThat(layer.path("overflowing").asDouble()).isZero();
    }
    assertThat(saved).isGreaterThan(6);
    Said certified = Said.by("certify", repaired, "--accumulators", plan);
    assertThat(certified.exitCode()).as(certified.err()).isZero();
    Said verified =
        Said.by("verify", repaired, folder.resolve("repaired.narrows.certificate.json"));
    assertThat(verified.exitCode()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("holds");
    Said evaluated =
        Said.by(
            "evaluate",
            repaired,
            "--data",
            "fashion-small",
            "--limit",
            "50",
            "--accumulators",
            plan,
            "--format",
            "json");
    JsonNode counts =
        JsonMapper.shared().readTree(evaluated.out()).path("results").path(0).path("overflows");
    assertThat(counts.path("persistent").asLong() + counts.path("transient").asLong()).isZero();
    assertThat(Said.by("certify", model, "--accumulators", plan).err())
        .contains("a plan for another network");
    assertThat(Files.readAllBytes(model)).isEqualTo(before);
  }

  @Test
  @Tag("slow")
  void repair_stoppedAndResumed_givesTheSamePlanAndNetwork() throws IOException {
    Path whole = folder.resolve("whole");
    Path halves = folder.resolve("halves");
    assertThat(narrow(whole, "--threads", "1").exitCode()).isZero();
    List<String> lines = Files.readAllLines(whole.resolve("search.csv"));
    assertThat(lines).hasSizeGreaterThan(6);
    assertThat(lines.getFirst()).contains("repaired on fashion-small/train of 512");
    Files.createDirectories(halves);
    Files.writeString(
        halves.resolve("search.csv"), String.join("\n", lines.subList(0, lines.size() / 2)) + "\n");
    assertThat(narrow(halves, "--threads", "2").exitCode()).isZero();
    assertThat(Files.readString(halves.resolve("search.csv")))
        .isEqualTo(Files.readString(whole.resolve("search.csv")));
    assertThat(Files.readAllBytes(halves.resolve("repaired.narrows")))
        .isEqualTo(Files.readAllBytes(whole.resolve("repaired.narrows")));
    ObjectNode one = (ObjectNode) json(halves.resolve("plan.json"));
    ObjectNode two = (ObjectNode) json(whole.resolve("plan.json"));
    for (ObjectNode each : List.of(one, two)) {
      each.remove(List.of("next", "network")); // name paths
    }
    assertThat(one).isEqualTo(two);
    Said other = narrow(whole, "--calibrate", "fashion-small/validation");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("another network, data or options");
  }

  @Test
  void repair_trainingImagesToSearchOn_calibratesOnThose() throws IOException {
    Said said =
        Said.by(
            "narrow",
            model,
            "--out",
            folder,
            "--promise",
            "always",
            "--repair",
            "--data",
            "fashion-small/train",
            "--unlabelled",
            "--limit",
            "300",
            "--budget",
            "6",
            "--registers",
            "16-32",
            "--repaired",
            folder.resolve("r.narrows"));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("repairs look at images of the search");
    assertThat(json(folder.resolve("plan.json")).path("repair").path("images").asInt())
        .isEqualTo(150);
    assertThat(folder.resolve("r.narrows.certificate.json")).exists();
  }

  @Test
  void repair_registersTooNarrow_saysSoAndWritesNothing() {
    Said said = narrow(folder, "--registers", "2-3");
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains("no plan: the widest registers offered, 3 bits");
    assertThat(folder.resolve("plan.yaml")).doesNotExist();
    assertThat(folder.resolve("repaired.narrows")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--repair --promise data --data fashion-small | --repair: makes sums fit",
        "--repair --promise always | --repair needs images",
        "--calibrate fashion-small --promise always | --calibrate: needs --repair",
        "--repaired x.narrows --promise always | --repaired: needs --repair",
        "--activations narrow --promise always | --activations: needs --repair",
        "--repair --promise always --data fashion-small --activations none | keep or narrow",
        "--repair --promise always --data fashion-small --repaired x.tflite | ending in .narrows",
        "--repair --promise always --data fashion-small --order chunk(8,int32) | leave the outer",
      })
  void repair_badInput_saysWhatIsExpected(String words, String expected) {
    Said said =
        Said.by(
            Stream.concat(
                    Stream.of("narrow", model, "--plan", folder.resolve("p.yaml")),
                    Stream.of(words.strip().split(" ")))
                .toArray());
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(expected);
    assertThat(folder.resolve("p.yaml")).doesNotExist();
  }
}
