package io.github.libco4j.io;

/** Who disturbs a blocked strand. */
enum Elsewhere {
    /** Another strand: of the same loop where there is one, of the other where there are two. */
    STRAND,
    PLATFORM_THREAD,
    STOCK_VIRTUAL_THREAD
}
