/* Runs a network as often as there are arguments, for qemu-aarch64 to count instructions. */
#include <stdint.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#include TEXT(NET.h)

static int8_t in[1024];
static int8_t out[1024];

int main(int count, char **arguments) {
  (void)arguments;
  for (int i = 0; i < 1024; i++) {
    in[i] = (int8_t)(i * 7);
  }
  for (int i = 1; i < count; i++) {
    JOIN(NET, _run)(in, out);
  }
  return 0;
}
