/* What every target of libFuzzer needs: assertions that hold in a release too, and its entry. */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
