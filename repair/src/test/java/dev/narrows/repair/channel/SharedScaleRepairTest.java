package dev.narrows.repair.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.repair.channel.SharedScaleRepair.GroupChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharedScaleRepairTest {
  @Test
  void of_channelsOfSeveralGroups_shareOneScaleAndAreSafe() {
    Random random = new Random(20261129);
    for (int trial = 0; trial < 100; trial++) {
      int terms = 1 + random.nextInt(9);
      ChannelTask like = ChannelRepairTest.task(random, terms);
      List<GroupChannel> members = new ArrayList<>();
      for (int group = 0; group < 2; group++) {
        ChannelRepair solver = ChannelRepair.of(ChannelRepairTest.moments(random, terms));
        for (int c = 0; c < 2; c++) {
          double[] weights = random.doubles(terms, -1, 1).toArray();
          ChannelTask task =
              new ChannelTask(
                  weights,
                  weights,
                  new ScaleChoice(1.0 / like.codes().max(), 1e-9, 1e9),
                  like.codes(),
                  like.inputs(),
                  like.limits(),
                  Preload.NONE);
          members.add(new GroupChannel(solver, task));
        }
      }
      Levers levers = trial % 2 == 0 ? Levers.all() : Levers.all().withoutSearch();
      List<RepairedChannel> done = SharedScaleRepair.of(members, levers);
      assertThat(done.stream().map(RepairedChannel::scale).distinct()).hasSize(1);
      double error = 0;
      for (int c = 0; c < members.size(); c++) {
        assertThat(done.get(c).isSafe()).isTrue();
        assertThat(ChannelRepairTest.overflows(members.get(c).task(), done.get(c))).isFalse();
        error += done.get(c).error();
      }
      if (!levers.search()) { // no scale of the first group alone is better for both
        for (GroupChannel member : members) {
          double alone = member.solver().repair(member.task(), levers).scale();
          double there =
              members.stream()
                  .mapToDouble(m -> m.solver().at(m.task(), alone, levers).error())
                  .sum();
          assertThat(error).isLessThanOrEqualTo(1.5 * there + 1e-12);
        }
      }
    }
  }
}
