package io.github.libco4j.examples.report;

import io.github.libco4j.EventLoop;
import io.github.libco4j.Generator;
import io.github.libco4j.Interposition;
import io.github.libco4j.workbench.cli.Program;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/**
 * Does what a coroutine should not do, in four ways, each for half a second, and prints {@link Interposition#report}: a loop
 * that computes, a monitor for which it waits inside a generator, a native call, and a slow file. The last is bracketed, so it
 * alone does not hold the event loop.
 */
@Command(name = "report", description = "four faults, and the report that names them")
public final class PlantedFaults implements Program {
    private static final long MILLIS = 500;

    @Override
    public void run() throws Exception {
        EventLoop.run(loop -> {
            loop.spawn("computes", PlantedFaults::busyLoop).join();
            loop.spawn("waits", PlantedFaults::monitorInGenerator).join();
            loop.spawn("calls", PlantedFaults::nativeCall).join();
            loop.spawn("reads", PlantedFaults::slowFile).join();
        });
        System.out.print(Interposition.report());
    }

    private static void busyLoop() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < MILLIS * 1_000_000) {
            Thread.onSpinWait();
        }
    }

    private static void monitorInGenerator() throws InterruptedException {
        Object monitor = new Object();
        Thread waiter = Thread.currentThread();
        CountDownLatch entered = new CountDownLatch(1);
        Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                entered.countDown();
                while (waiter.getState() != Thread.State.BLOCKED) {
                    Thread.onSpinWait();
                }
                sleep();
            }
        });
        entered.await();
        Generator.<Integer>of(g -> {
                    synchronized (monitor) {
                        g.yield(1);
                    }
                })
                .next();
    }

    @SuppressWarnings("restricted") // The function's signature is right: usleep(3).
    private static void nativeCall() throws Exception {
        Linker linker = Linker.nativeLinker();
        MethodHandle usleep = linker.downcallHandle(
                linker.defaultLookup().find("usleep").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int ignored = (int) usleep.invokeExact((int) MILLIS * 1000);
        } catch (Throwable e) {
            throw new IllegalStateException("usleep cannot be called", e);
        }
    }

    private static void slowFile() throws Exception {
        Path pipe = Files.createTempDirectory("report").resolve("pipe");
        try {
            if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() != 0) {
                throw new IOException("mkfifo has failed");
            }
            Thread.ofPlatform().start(() -> {
                sleep();
                try (OutputStream out = Files.newOutputStream(pipe)) {
                    out.write('x');
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            Interposition.blocking(() -> read(pipe));
        } finally {
            Files.deleteIfExists(pipe);
            Files.delete(pipe.getParent());
        }
    }

    private static int read(Path file) throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return in.read();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
