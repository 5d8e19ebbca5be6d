package io.github.libco4j.support;

import io.github.libco4j.Coroutine;

/** A program's code that computes until it is told to stop. */
public final class Spinner implements Coroutine.Body {
    private volatile boolean over;

    @Override
    public void run() {
        while (!over) {
            Thread.onSpinWait();
        }
    }

    public void stop() {
        over = true;
    }
}
