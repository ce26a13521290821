package dev.narrows.hardware.verilog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerilogNamesTest {
  @Test
  void of_namesThatAreNoIdentifiers_areEscapedAndGivenOnce() {
    VerilogNames names = new VerilogNames();
    assertThat(names.of("model/conv2d/Relu")).isEqualTo("model_conv2d_Relu");
    assertThat(names.of("model-conv2d.relu")).isEqualTo("model_conv2d_relu_2"); // whatever the case
    assertThat(names.of("1x1")).isEqualTo("layer_1x1");
    assertThat(names.of("")).isEqualTo("layer_");
    assertThat(names.of("module")).isEqualTo("layer_module");
    assertThat(names.of("größe\n\"; $finish")).matches("[A-Za-z][A-Za-z0-9_]*");
    assertThat(names.of("narrows_spill")).isEqualTo("layer_narrows_spill");
    assertThat(names.of("a")).isEqualTo("a");
    assertThat(names.of("a_tb")).isEqualTo("a_tb_2");
    assertThat(names.of("x".repeat(500))).hasSize(60);
  }
}
