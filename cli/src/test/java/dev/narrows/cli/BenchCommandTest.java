package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.BenchmarkResult;
import dev.narrows.report.CommandBenchmarks;
import dev.narrows.report.CommandBenchmarks.MeasuredCommand;
import dev.narrows.report.KernelBenchmarks;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bench --data cifar10 | --data: has no effect without --commands",
        "bench --limit 5 | --limit: has no effect without --commands",
        "bench --bits 12 | --bits: has no effect without --commands",
        "bench --only run | --only: has no effect without --commands",
        "bench --rounds 2 | --rounds: has no effect without --commands",
        "bench --beside . | --beside: has no effect without --commands",
        "bench --commands --beside nowhere | --beside: no program at nowhere",
        "bench --no-peers --python p | --python: has no effect beside --no-peers",
        "bench --kernels nothing* | --kernels: \"nothing*\" matches none of exact; int16:wrap;",
        "bench --seconds 0 | --seconds: must be in [0.01, 3600], got 0.0",
        "bench --threads 0 | --threads: must be in [1, 1024], got 0",
        "bench --commands network.tflite | --data: commands on a network need a data set",
        "bench --commands --only sums | --only: \"sums\" matches none of exact; analyze;",
        "bench --commands none.tflite --data cifar10 --no-peers | none.tflite: no such file or folder",
      })
  void words_thatCannotBeMeant_areBadInput(String words, String complaint) {
    Said said = Said.by((Object[]) words.split(" "));
    assertThat(said.err()).contains(complaint);
    assertThat(said.exitCode()).isEqualTo(2);
  }

  @Test
  void kernels_chosenByName_areMeasuredBesideTheYardstickAndTheirLimit() {
    Said said =
        Said.by(
            "bench",
            "--kernels",
            "ex*t",
            "--seconds",
            "0.05",
            "--no-peers",
            "--format",
            "json",
            "--out",
            folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    BenchmarkResult result = (BenchmarkResult) ResultJson.read("out", said.out());
    KernelBenchmarks kernels = result.kernels().orElseThrow();
    assertThat(kernels.yardstick()).isPositive();
    assertThat(kernels.kernels())
        .singleElement()
        .satisfies(kernel -> {
          assertThat(kernel.name()).isEqualTo("exact");
          assertThat(kernel.ratio()).isEqualTo(kernel.gmacs() / kernels.yardstick());
          assertThat(kernel.limit().orElseThrow()).isPositive();
        });
    assertThat(kernels.instructions()).isNotEmpty();
    assertThat(folder.resolve("benchmark.json")).content().isEqualTo(said.out());
    assertThat(folder.resolve("environment.json")).content().contains("\"--kernels\", \"ex*t\"");
  }

  @Test
  @Tag("thorough")
  void commands_onTheBuiltInNetwork_areProcessesOfTheirOwnInBothBuilds() throws IOException {
    Path launcher = Files.writeString(folder.resolve("narrows"), "#!/bin/sh\nexec " + self());
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    Said said =
        Said.by(
            "bench",
            "--commands",
            "--only",
            "int16:wrap",
            "--limit",
            "2",
            "--threads",
            "1",
            "--rounds",
            "1",
            "--beside",
            folder,
            "--format",
            "json");
    assertThat(said.exitCode()).as(said.err()).isZero();
    BenchmarkResult result = (BenchmarkResult) ResultJson.read("out", said.out());
    CommandBenchmarks commands = result.commands().orElseThrow();
    assertThat(commands.network().file()).isEqualTo("the built-in network");
    assertThat(commands.images()).isEqualTo(2);
    assertThat(commands.macs().orElseThrow()).isPositive();
    assertThat(commands.commands())
        .extracting(MeasuredCommand::name)
        .containsExactly("exact", "int16:wrap");
    assertThat(commands.commands())
        .allSatisfy(command -> {
          assertThat(command.failure()).isEmpty();
          assertThat(command.words()).startsWith("evaluate MODEL --accumulator");
          assertThat(command.seconds().orElseThrow()).isPositive();
          assertThat(command.beside().orElseThrow().seconds()).isPositive();
        });
  }

  /** This program as a shell starts it. */
  private static String self() {
    String flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.startsWith("-agentlib:"))
            .map(flag -> "'" + flag + "'")
            .collect(Collectors.joining(" "));
    return "'%s/bin/java' %s -cp '%s' %s \"$@\"\n"
        .formatted(
            System.getProperty("java.home"),
            flags,
            System.getProperty("java.class.path"),
            Narrows.class.getName());
  }
}
