/* Exists while missing-dependency.c is linked, and not afterwards. */
int from_a_missing_library(void);

int from_a_missing_library(void) {
    return 0;
}
