package io.github.libco4j.bench.worker;

/** How much of the heap is in use. */
final class Heap {
    private Heap() {}

    /** Bytes, after a collection of everything that is garbage. */
    static long used() {
        for (int i = 0; i < 2; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
