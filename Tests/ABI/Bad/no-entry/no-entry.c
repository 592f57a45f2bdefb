/* Compiles and links, and offers the host nothing. */
int prax_plugin_entrance(void);

int prax_plugin_entrance(void) {
    return 1;
}
