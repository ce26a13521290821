package dev.narrows.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Summation;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KernelSelfTestTest {
  @Test
  void differences_onThisMachine_areNone() {
    KernelSelfTest test = KernelSelfTest.ofAll();
    assertThat(test.kernels()).isGreaterThan(20);
    assertThat(test.differences(1_000_000)).isEmpty();
  }

  /** One that is right at first and wrong once it has run, as miscompiled code is. */
  @Test
  void differences_kernelThatErrsAfterAWhile_namesItsFirstOutput() {
    Summation register = Summation.parse("int8:wrap");
    AtomicInteger runs = new AtomicInteger();
    KernelWork erring =
        new KernelWork() {
          @Override
          public void run() {
            runs.incrementAndGet();
          }

          @Override
          public void check() {
            long made = runs.get() == 0 ? 5 : 6;
            IntegerBenchmarkOperands.requireSame(made, 5L, register, 1, 2);
          }
        };
    KernelSelfTest test = new KernelSelfTest(List.of(KernelCase.of("erring", "", shape -> erring)));
    assertThat(test.differences(1))
        .containsExactly(
            "erring: the kernel's answer differs from the reference's: int8:wrap, channel 1,"
                + " column 2: 6, expected 5");
  }

  @Test
  void differences_kernelThatThrows_isALineToo() {
    KernelCase failing =
        KernelCase.of(
            "failing",
            "",
            shape ->
                new KernelWork() {
                  @Override
                  public void run() {
                    throw new UnsupportedOperationException("no such vectors");
                  }

                  @Override
                  public void check() {
                    run();
                  }
                });
    assertThat(new KernelSelfTest(List.of(failing)).differences(1))
        .containsExactly("failing: no such vectors");
  }
}
