package dev.narrows.hardware.verilog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.hardware.tools.HardwareTool;
import dev.narrows.hardware.verilog.ChannelProof.ProofVerdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterProverTest {
  private static final IntegerRange INPUTS = new IntegerRange(0, 15);

  private static ChannelProof prove(DotChannel channel, int bits, boolean onePiece) {
    Tools.require(HardwareTool.YOSYS);
    RegisterProver prover = new RegisterProver(onePiece ? 32 : 0, Duration.ofMinutes(5));
    prover.proveProducts(List.of(channel));
    return prover.prove("layer", 0, channel, 0, bits, true);
  }

  /** 15·(5 + 3) = 120 ≤ 127 and −15·(7 + 1) = −120: eight bits, and seven do not do. */
  @Test
  void prove_channelAtItsBudget_isProvedBothWays() {
    DotChannel channel = new DotChannel(new int[] {5, -7, 0, 3, -1}, INPUTS);
    for (boolean onePiece : new boolean[] {false, true}) {
      assertThat(prove(channel, 8, onePiece))
          .isEqualTo(new ChannelProof("layer", 0, 8, ProofVerdict.PROVED, onePiece, true));
    }
  }

  /** One unit of weight more: 15·9 = 135 > 127. */
  @Test
  void prove_channelOneUnitBeyondItsBudget_isRefuted() {
    DotChannel channel = new DotChannel(new int[] {5, -7, 0, 4, -1}, INPUTS);
    assertThat(SignSumBound.of(channel).hi()).isEqualTo(135);
    assertThat(prove(channel, 8, false).verdict()).isEqualTo(ProofVerdict.REFUTED);
    assertThat(prove(channel, 9, false).verdict()).isEqualTo(ProofVerdict.PROVED);
  }

  @Test
  void prove_preloadedBias_startsTheInduction() {
    DotChannel channel = new DotChannel(new int[] {5, -7}, INPUTS, -20);
    assertThat(prove(channel, RegisterProver.bits(channel), false).verdict())
        .isEqualTo(ProofVerdict.PROVED);
  }
}
