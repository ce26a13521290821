/* What a program needs to begin on a Cortex-M under QEMU; newlib's semihosting does the rest. */
#include <stdint.h>
#include <stdlib.h>

extern void initialise_monitor_handles(void);
extern int main(void);
extern char __stack;

void _init(void) {}

void _fini(void) {}

void _start(void) {
  initialise_monitor_handles();
  exit(main());
}

__attribute__((section(".vectors"), used)) static const uintptr_t vectors[] = {
    (uintptr_t)&__stack, (uintptr_t)_start};
