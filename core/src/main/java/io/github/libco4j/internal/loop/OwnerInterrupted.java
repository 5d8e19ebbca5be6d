package io.github.libco4j.internal.loop;

/** Tells a loop that the owner of its thread has been interrupted. No lambda, which would cost each start a millisecond. */
final class OwnerInterrupted implements Runnable {
    private final Loop loop;

    OwnerInterrupted(Loop loop) {
        this.loop = loop;
    }

    @Override
    public void run() {
        loop.ownerInterrupted();
    }
}
