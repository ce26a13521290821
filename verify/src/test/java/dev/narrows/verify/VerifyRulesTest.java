package dev.narrows.verify;

import dev.narrows.core.testing.RoomRules;
import org.junit.jupiter.api.Test;

class VerifyRulesTest {
  @Test
  void checker_classes_useReadersAndRecordsOnly() {
    RoomRules.of("dev.narrows.verify")
        .packagesHaveNoCycles()
        .dependsOnlyOn(
            "dev.narrows.network", // the graph, its records and the reader
            "dev.narrows.network.files",
            "dev.narrows.network.layer",
            "dev.narrows.network.tensor",
            "dev.narrows.network.weights",
            "dev.narrows.core.format",
            "dev.narrows.core.quantize",
            "dev.narrows.core.accumulator", // what a layer is pinned to
            "dev.narrows.core.dot", // the conventions
            "tools.jackson..")
        .doesNotDependOn(
            "dev.narrows.core.bound..",
            "dev.narrows.kernels..",
            "dev.narrows.network.execute..",
            "dev.narrows.network.pass..");
  }
}
