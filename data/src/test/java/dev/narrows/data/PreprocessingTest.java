package dev.narrows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "raw",
        "unit",
        "mean=0.5,std=0.25",
        "mean=0.485,0.456,0.406,std=0.229,0.224,0.225",
        "mean=0.1,0.2,0.3,std=0.5"
      })
  void parse_canonicalText_printsTheSame(String text) {
    Preprocessing parsed = Preprocessing.parse(text);
    assertThat(parsed.text()).isEqualTo(text);
    assertThat(Preprocessing.parse(parsed.text())).isEqualTo(parsed);
  }

  @Test
  void parse_spacesCaseAndOrder_areForgiven() {
    assertThat(Preprocessing.parse(" Unit ")).isEqualTo(new Preprocessing.Unit());
    assertThat(Preprocessing.parse("std=0.25, mean=0.5,0.75"))
        .isEqualTo(new Preprocessing.Normalized(List.of(0.5, 0.75), List.of(0.25)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "raws",
        "mean=0.5",
        "std=1",
        "mean=,std=1",
        "mean=0.5,std=x",
        "0.5,std=1",
        "mean=0.5,std=1,mean=3",
        "mean=0.5,std=1,"
      })
  void parse_unknownText_saysWhatIsExpected(String text) {
    assertThatThrownBy(() -> Preprocessing.parse(text))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'" + text + "', expected raw, unit or mean=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean=0,std=0", "mean=0,std=-1", "mean=NaN,std=1", "mean=1,2,std=1,2,3"})
  void parse_impossibleNumbers_areRefused(String text) {
    assertThatThrownBy(() -> Preprocessing.parse(text)).isInstanceOf(DataException.class);
  }

  @Test
  void value_everyPixel_isTheFormulaRoundedOnce() {
    var normalized = new Preprocessing.Normalized(List.of(0.485, 0.456), List.of(0.229, 0.224));
    for (int pixel = 0; pixel < 256; pixel++) {
      assertThat(new Preprocessing.Raw().value(pixel, 0)).isEqualTo(pixel);
      assertThat(new Preprocessing.Unit().value(pixel, 0)).isEqualTo((float) (pixel / 255.0));
      assertThat(normalized.value(pixel, 1)).isEqualTo((float) ((pixel / 255.0 - 0.456) / 0.224));
    }
  }

  @Test
  void apply_twoChannels_usesEachChannelsTable() {
    ImageSet set =
        new ImageSet(
            "s", 2, 1, 2, 1, new byte[] {0, -1, 51, 102, -1, 0, 0, 0}, new int[2], List.of());
    float[] out = Preprocessing.parse("mean=0,1,std=1,2").apply(set);
    assertThat(out)
        .containsExactly(
            0f,
            1f,
            (float) ((51 / 255.0 - 1) / 2),
            (float) ((102 / 255.0 - 1) / 2),
            1f,
            0f,
            -0.5f,
            -0.5f);
  }

  @Test
  void apply_wrongNumberOfChannels_isRefused() {
    ImageSet grey = new ImageSet("s", 1, 1, 1, 1, new byte[1], new int[1], List.of());
    assertThatThrownBy(() -> Preprocessing.parse("mean=0,1,2,std=1").apply(grey))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("is for 3 channels, the images have 1");
  }
}
