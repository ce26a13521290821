/*
 * Instructions of a run on a Cortex-M under qemu-system-arm -icount shift=0, where an instruction
 * takes a nanosecond: SysTick counts at 25 MHz, 40 instructions a tick. NET is the network's name.
 */
#include <stdint.h>
#include <stdio.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#include TEXT(NET.h)

#define CONTROL (*(volatile uint32_t *)0xE000E010)
#define RELOAD (*(volatile uint32_t *)0xE000E014)
#define VALUE (*(volatile uint32_t *)0xE000E018)

static int8_t in[1024];
static int8_t out[1024];

int main(void) {
  for (int i = 0; i < 1024; i++) {
    in[i] = (int8_t)(i * 7);
  }
  RELOAD = 0xFFFFFF;
  VALUE = 0;
  CONTROL = 5;
  const uint32_t before = VALUE;
  for (int i = 0; i < 10; i++) {
    JOIN(NET, _run)(in, out);
  }
  const uint32_t ticks = (before - VALUE) & 0xFFFFFF;
  printf("%s: %.3f instructions a multiply-accumulate\n", TEXT(NET), ticks * 40.0 / (10 * MACS));
  return 0;
}
