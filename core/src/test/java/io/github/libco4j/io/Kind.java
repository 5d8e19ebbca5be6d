package io.github.libco4j.io;

/** Where the strands of a parity test run. What is asserted holds on the JDK's own virtual threads and on coroutines. */
enum Kind {
    STOCK_VIRTUAL_THREADS(0),
    COROUTINES_OF_ONE_LOOP(1),
    COROUTINES_OF_TWO_LOOPS(2);

    final int loops;

    Kind(int loops) {
        this.loops = loops;
    }
}
