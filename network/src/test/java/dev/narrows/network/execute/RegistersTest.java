package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Summation;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegistersTest {
  @Test
  void warnings_biasWithoutOne_areToldOnceWithTheRange() {
    Summation odd = Summation.parse("m4e3(9)/m4e3(4)");
    Registers registers = Registers.of(odd, Map.of("a", odd, "b", Summation.parse("m7e4")));
    assertThat(registers.warnings())
        .singleElement()
        .asString()
        .contains("1.0 is no value of the product format m4e3(9)", "2^-9");
    assertThat(Registers.of(Summation.parse("int8:wrap")).warnings()).isEmpty();
  }
}
