package dev.narrows.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.cli.doctor.Finding.FindingState;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
  private static final long GIBIBYTE = 1L << 30;

  @TempDir private Path folder;

  private static Finding one(List<Finding> findings, String what) {
    return findings.stream().filter(f -> f.what().equals(what)).findFirst().orElseThrow();
  }

  private MachineFacts machine(int java, int vectorBits, long memory, Path temporary) {
    return new MachineFacts(
        java,
        "25 (Somebody)",
        "Linux amd64",
        "a processor",
        2,
        vectorBits,
        3 * GIBIBYTE,
        memory,
        temporary,
        folder.toString());
  }

  @Test
  void machine_asItShouldBe_hasNothingWrong() {
    List<Finding> findings = machine(25, 512, 16 * GIBIBYTE, folder).findings();
    assertThat(findings).noneMatch(Finding::wrong);
    assertThat(one(findings, "vectors").found()).isEqualTo("512 bits");
    assertThat(one(findings, "memory").found()).isEqualTo("3072 MiB of heap, 16384 MiB in all");
    assertThat(machine(25, 256, 0, folder).findings()).noneMatch(Finding::wrong);
  }

  @Test
  void machine_eachThingWrong_isTheOnlyOne() {
    assertWrong(machine(24, 512, 0, folder), "JDK", "install a JDK 25");
    assertWrong(machine(26, 0, 0, folder), "vectors", "jdk.incubator.vector is not loaded");
    assertWrong(machine(25, 64, 0, folder), "vectors", "64 bits; kernels need 128");
    assertWrong(machine(25, 128, 2 * GIBIBYTE, folder), "memory", "NARROWS_HEAP=1g");
    Path nowhere = folder.resolve("nowhere");
    assertWrong(
        machine(25, 128, 0, nowhere), "temporary files", "nothing can be written in " + nowhere);
  }

  private static void assertWrong(MachineFacts machine, String what, String found) {
    assertThat(machine.findings())
        .filteredOn(Finding::wrong)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.what()).isEqualTo(what);
          assertThat(finding.found()).contains(found);
        });
  }

  @Test
  void programs_onThePath_areToldApartFromOthers() throws IOException {
    Path gcc = Files.createFile(folder.resolve("gcc"));
    assertThat(gcc.toFile().setExecutable(true)).isTrue();
    Finding programs = one(machine(25, 128, 0, folder).findings(), "programs");
    assertThat(programs.state()).isEqualTo(FindingState.ABSENT);
    assertThat(programs.found()).contains("yosys").endsWith("which few commands need; there: gcc");
  }

  @Test
  void libraries_versionsThatMatter_areTold() throws IOException {
    String path =
        String.join(
            File.pathSeparator,
            jar("picocli-4.7.7.jar").toString(),
            jar("jackson-core-3.2.4.jar").toString(),
            jar("javacpp-1.5.13.jar").toString(),
            folder.toString());
    Finding libraries = one(BuildFindings.of(path, Optional.empty(), "linux-x86_64"), "libraries");
    assertThat(libraries)
        .isEqualTo(Finding.ok("libraries", "4 on the class path: picocli 4.7.7, jackson 3.2.4"));
  }

  @Test
  void libraries_missingOrCutShort_areWrong() throws IOException {
    Path whole = jar("a.jar");
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("b.jar"), java.util.Arrays.copyOf(bytes, 40));
    Path gone = folder.resolve("c.jar");
    for (Path bad : List.of(cut, gone)) {
      Finding libraries =
          one(
              BuildFindings.of(whole + File.pathSeparator + bad, Optional.empty(), "linux-x86_64"),
              "libraries");
      assertThat(libraries.wrong()).isTrue();
      assertThat(libraries.found()).startsWith(bad.toString());
    }
  }

  @Test
  void rooms_absentBuiltOrBroken_areToldApart() throws IOException {
    Files.createDirectories(folder.resolve("training/target/classes"));
    Files.createDirectories(folder.resolve("training/target/lib"));
    jar("training/target/lib/pytorch-2.10.0-1.5.13-linux-x86_64.jar");
    Files.createFile(folder.resolve("training/target/.built"));
    Files.createDirectories(folder.resolve("hosted/target"));
    Files.createFile(folder.resolve("hosted/target/.built"));
    List<Finding> here = BuildFindings.of("", Optional.of(folder), "linux-x86_64");
    assertThat(one(here, "training")).isEqualTo(Finding.ok("training", "built, with 1 libraries"));
    assertThat(one(here, "hosted").found()).contains("its classes are gone");
    assertThat(one(here, "charts").state()).isEqualTo(FindingState.ABSENT);
    assertThat(here).noneMatch(finding -> finding.what().equals("libtorch"));

    List<Finding> elsewhere = BuildFindings.of("", Optional.of(folder), "linux-arm64");
    assertThat(one(elsewhere, "libtorch").wrong()).isTrue();

    Files.write(folder.resolve("training/target/lib/other.jar"), new byte[3]);
    assertThat(one(BuildFindings.of("", Optional.of(folder), "linux-x86_64"), "training").found())
        .contains("other.jar is damaged");
  }

  @Test
  void platform_ofEachSystem_isWhatLibtorchCallsIt() {
    assertThat(BuildFindings.platform("Linux", "amd64")).isEqualTo("linux-x86_64");
    assertThat(BuildFindings.platform("Linux", "aarch64")).isEqualTo("linux-arm64");
    assertThat(BuildFindings.platform("Mac OS X", "aarch64")).isEqualTo("macosx-arm64");
    assertThat(BuildFindings.platform("Windows 11", "amd64")).isEqualTo("windows-x86_64");
  }

  @Test
  void data_completePartialAndAbsent_areToldApart() throws IOException {
    Path mnist = Files.createDirectories(folder.resolve("mnist"));
    Files.createFile(mnist.resolve("train-images-idx3-ubyte"));
    List<Finding> findings =
        DataFindings.of(new DataCatalog(new DataRoots(List.of(folder), folder)));
    assertThat(findings.getFirst().found()).contains("fashion-small").doesNotContain("mnist");
    assertThat(findings)
        .filteredOn(Finding::wrong)
        .containsExactly(
            Finding.wrong("data set mnist", "1 of 4 files: ./narrows data fetch mnist"));
    assertThat(findings.getLast().state()).isEqualTo(FindingState.ABSENT);
    assertThat(findings.getLast().found()).contains("cifar10");
  }

  @Test
  void kernels_someDiffer_tellTheFirstAndHowMany() {
    assertThat(Examination.kernels(30, List.of()).wrong()).isFalse();
    assertThat(Examination.kernels(30, List.of("a: 1, expected 2")))
        .isEqualTo(Finding.wrong("kernels", "a: 1, expected 2"));
    assertThat(Examination.kernels(30, List.of("a: 1, expected 2", "b", "c")).found())
        .isEqualTo("a: 1, expected 2 (and 2 more of 30)");
  }

  private Path jar(String name) throws IOException {
    Path jar = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("one"));
      zip.write(new byte[100]);
      zip.closeEntry();
    }
    return jar;
  }
}
