package dev.narrows.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Summation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The yardstick stays what it is: every published ratio is one to this very code. */
class YardstickTest {
  private static final Path TEMPLATE =
      Path.of("src/main/templates/dev/narrows/benchmarks/Binary32Product.java.ftl");

  @Test
  void template_ofTheYardstick_neverChanges() throws IOException, NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(TEMPLATE));
    assertThat(HexFormat.of().formatHex(hash))
        .as("figures of different yardsticks do not compare: measure faster code beside it")
        .isEqualTo("248067d3746dbbf575be68737f3f675b982646952ea5f0dba66f5a7983d46e8e");
  }

  @Test
  void multiply_sumsBelowTwoToThe24_areExact() {
    KernelShape shape = KernelShape.MEASURED;
    IntegerBenchmarkOperands operands = IntegerBenchmarkOperands.measured();
    Binary32Product product =
        new Binary32Product(
            shape.channels(),
            shape.terms(),
            shape.columns(),
            operands.weights(),
            operands.inputs());
    float[] out = new float[shape.channels() * shape.columns()];
    product.multiply(out);
    for (int i = 0; i < out.length; i += 97) { // a prime, so that every place of a tile is met
      assertThat(out[i])
          .isEqualTo(
              operands
                  .reference(Summation.exact(), i / shape.columns(), i % shape.columns())
                  .value());
    }
  }
}
