package dev.narrows.network;

import dev.narrows.core.testing.RoomRules;
import org.junit.jupiter.api.Test;

class NetworkRulesTest {
  @Test
  void packages_ofTheRoom_haveNoCycles() {
    RoomRules.of("dev.narrows.network").packagesHaveNoCycles();
  }

  @Test
  void room_dependsOnlyOnWhatTheDesignAllows() {
    RoomRules.of("dev.narrows.network")
        .dependsOnlyOn(
            "dev.narrows.core..",
            "dev.narrows.kernels..",
            "tools.jackson..",
            "com.google.protobuf..");
  }
}
