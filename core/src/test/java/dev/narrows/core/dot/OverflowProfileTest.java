package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.accumulator.Exact;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OverflowProfileTest {
  @Test
  void count_everyWidth_agreesWithClassifyingEachDot() {
    long seed = 61;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    OverflowProfile.Builder builder = OverflowProfile.builder();
    long[][] expected = new long[33][OverflowClass.values().length];
    for (int dot = 0; dot < 2000; dot++) {
      long[] terms = random.longs(random.nextInt(60), -5000, 5000).toArray();
      DotOutcome outcome = Dot.sum(new Exact(), new SummationOrder.Sequential(), terms);
      builder.add(outcome.finalBits(), outcome.pathBits());
      for (int bits = 2; bits <= 32; bits++) {
        expected[bits][outcome.at(bits).ordinal()]++;
      }
    }
    OverflowProfile profile = builder.build();
    assertThat(profile.dots()).isEqualTo(2000);
    for (int bits = 2; bits <= 32; bits++) {
      long total = 0;
      for (OverflowClass kind : OverflowClass.values()) {
        assertThat(profile.count(kind, bits)).isEqualTo(expected[bits][kind.ordinal()]);
        total += profile.count(kind, bits);
      }
      assertThat(total).isEqualTo(profile.dots());
    }
    int widest = profile.widestPath();
    assertThat(profile.count(OverflowClass.CLEAN, widest)).isEqualTo(2000);
    assertThat(profile.count(OverflowClass.CLEAN, widest - 1)).isLessThan(2000);
  }

  @Test
  void plus_partsOfADataSet_giveTheWholeWhateverTheGrouping() {
    Random random = new Random(62);
    OverflowProfile whole = OverflowProfile.empty();
    OverflowProfile.Builder all = OverflowProfile.builder();
    OverflowProfile[] parts = new OverflowProfile[4];
    for (int part = 0; part < parts.length; part++) {
      OverflowProfile.Builder builder = OverflowProfile.builder();
      for (int dot = 0; dot < 100; dot++) {
        int finalBits = 1 + random.nextInt(30);
        int pathBits = finalBits + random.nextInt(35);
        builder.add(finalBits, pathBits);
        all.add(finalBits, pathBits);
      }
      parts[part] = builder.build();
      whole = whole.plus(parts[part]);
    }
    assertThat(whole).isEqualTo(all.build()).hasSameHashCodeAs(all.build());
    assertThat(parts[3].plus(parts[1]).plus(parts[0].plus(parts[2]))).isEqualTo(whole);
    assertThat(whole.plus(OverflowProfile.empty())).isEqualTo(whole);
    assertThat(parts[0]).isNotEqualTo(parts[1]);
  }

  @Test
  void builder_afterBuild_leavesTheProfileAlone() {
    OverflowProfile.Builder builder = OverflowProfile.builder();
    builder.add(3, 4);
    OverflowProfile profile = builder.build();
    builder.add(3, 4, 10);
    assertThat(profile.dots()).isEqualTo(1);
    assertThat(builder.build().count(3, 4)).isEqualTo(11);
  }

  @Test
  void builder_withRoomFromTheStart_countsTheSame() {
    OverflowProfile.Builder grown = OverflowProfile.builder();
    OverflowProfile.Builder roomy = OverflowProfile.builder(64);
    for (int path = 1; path <= 64; path++) {
      grown.add(1 + path / 2, path, path);
      roomy.add(1 + path / 2, path, path);
    }
    assertThat(roomy.build()).isEqualTo(grown.build());
    assertThatIllegalArgumentException().isThrownBy(() -> OverflowProfile.builder(65));
  }

  @Test
  void empty_everyWidth_countsNothing() {
    assertThat(OverflowProfile.empty().dots()).isZero();
    assertThat(OverflowProfile.empty().widestPath()).isEqualTo(1);
    assertThat(OverflowProfile.empty().count(OverflowClass.CLEAN, 8)).isZero();
  }

  @Test
  void add_widthsThatCannotBe_areRefused() {
    OverflowProfile.Builder builder = OverflowProfile.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add(5, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add(1, 65));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add(1, 1, -1));
  }
}
