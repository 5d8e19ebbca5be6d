package io.github.libco4j.examples.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Starts child processes and sees to it that none outlives this one, however it ends, short of being killed. */
final class Children {
    /** Guarded by this. */
    private final List<Process> started = new ArrayList<>();
    /** Guarded by this. */
    private boolean shuttingDown;

    Children() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::destroyAll, "end the child processes"));
    }

    synchronized ChildProcess start(String name, List<String> command) throws IOException {
        if (shuttingDown) {
            throw new IOException("shutting down, the " + name + " is not started");
        }
        started.removeIf(process -> !process.isAlive());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return new ChildProcess(name, process);
    }

    /** Whether this process is ending, and children end because of that. */
    synchronized boolean shuttingDown() {
        return shuttingDown;
    }

    private synchronized void destroyAll() {
        shuttingDown = true;
        started.forEach(Process::destroyForcibly);
    }
}
