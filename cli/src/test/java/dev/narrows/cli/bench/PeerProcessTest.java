package dev.narrows.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.report.BenchmarkResult.MissingPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell script in the place of Python: it speaks the same lines. */
class PeerProcessTest {
  @TempDir private Path folder;

  private PeerProcess start(String script) throws IOException {
    Path file = Files.writeString(folder.resolve("peers.sh"), script);
    return PeerProcess.start("sh", file, List.of("dots", "here"), 3);
  }

  @Test
  void peers_thatAreThere_areAskedByKey_andOthersAreNamed() throws IOException {
    String told =
        "{\"peers\": [{\"key\": \"7\", \"peer\": \"A 1.0\", \"what\": \"sums\", \"same\": \"same\","
            + " \"macs\": 600}], \"missing\": [{\"name\": \"B\", \"why\": \"not installed\"}]}";
    try (PeerProcess peers =
        start(
            """
            echo '%s'
            while read key; do echo "$key$3$OMP_NUM_THREADS"; done
            """
                .formatted(told))) {
      assertThat(peers.missing()).containsExactly(new MissingPeer("B", "not installed"));
      PeerProcess.Peer peer = peers.peers().getFirst();
      assertThat(peer.name()).isEqualTo("A 1.0");
      assertThat(peer.macs()).isEqualTo(600);
      assertThat(peer.contestant().name()).isEqualTo("A 1.0, sums");
      assertThat(peer.contestant().nanoseconds()).isEqualTo(733);
      assertThat(peer.contestant().nanoseconds()).isEqualTo(733);
    }
  }

  @Test
  void peer_thatAnswersNonsense_isNamed() throws IOException {
    String told =
        "{\"peers\": [{\"key\": \"0\", \"peer\": \"A\", \"what\": \"sums\", \"same\": \"\","
            + " \"macs\": 1}], \"missing\": []}";
    try (PeerProcess peers = start("echo '%s'\necho oops\n".formatted(told))) {
      assertThatThrownBy(() -> peers.peers().getFirst().contestant().nanoseconds())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("A, sums");
    }
  }

  @Test
  void script_thatEndsAtOnce_saysWhatItNeeds() {
    assertThatThrownBy(() -> start("exit 1"))
        .isInstanceOf(IOException.class)
        .hasMessage("sh: the script of peers ended at once; it needs Python 3 with numpy");
  }
}
