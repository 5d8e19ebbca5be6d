package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.support.Await;
import io.github.libco4j.support.Spinner;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a coroutine can lose its loop's seat because it computes: in the program's code, and in what the JDK does for that. */
class OwnCodeTest {
    private static StackTraceElement[] stack(Coroutine coroutine) {
        return coroutine.thread().getStackTrace();
    }

    @Test
    void whatComputesIsNot() throws Exception {
        var spinner = new Spinner();
        try (EventLoop loop = EventLoop.builder().start()) {
            Coroutine computes = loop.spawn(spinner);
            try {
                Await.until("its stack is seen", () -> !OwnCode.isIn(stack(computes)));
            } finally {
                spinner.stop();
            }
        }
    }

    @Test
    void whatIsSuspendedIs() throws Exception {
        var latch = new CountDownLatch(1);
        var lock = new ReentrantLock();
        try (EventLoop loop = EventLoop.builder().start();
                var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            lock.lock();
            for (Coroutine.Body body : new Coroutine.Body[] {
                latch::await, lock::lockInterruptibly, () -> Thread.sleep(1_000_000), () -> socket.getInputStream().read(), Coroutine::yield
            }) {
                Coroutine waits = loop.spawn(body);
                Await.until("it waits", () -> waits.state() == Coroutine.State.BLOCKED || waits.state() == Coroutine.State.YIELDED);
                assertThat(OwnCode.isIn(stack(waits))).as(() -> String.join("\n", lines(stack(waits)))).isTrue();
                waits.close();
            }
        }
    }

    private static String[] lines(StackTraceElement[] stack) {
        return Stream.of(stack).map(StackTraceElement::toString).toArray(String[]::new);
    }

    @Test
    void notToKnowIs() {
        assertThat(OwnCode.isIn(new StackTraceElement[0])).isTrue();
    }

    /** Stacks by their classes, the outermost one first, on what every coroutine's begins with. */
    @ParameterizedTest
    @CsvSource({
        "false, com.acme.Main",
        "false, com.acme.Main java.util.HashMap com.acme.Key",
        "false, io.github.libco4j.internal.run.Run java.lang.RunThreads java.lang.Thread com.acme.Main",
        "true, io.github.libco4j.internal.run.Run java.lang.RunThreads java.lang.Thread",
        "true, com.acme.Main io.github.libco4j.internal.loop.Scheduler",
        "true, com.acme.Main java.lang.Thread java.lang.VirtualThread",
        "true, com.acme.Main java.io.FileInputStream java.lang.BlockingCalls",
        "true, com.acme.Main sun.nio.ch.LoopPoller java.util.HashMap",
        "true, com.acme.Main java.lang.Thread io.github.libco4j.internal.run.Run com.acme.ThreadWithAnswers"
    })
    void byTheClassesOnTheStack(boolean is, String classes) {
        StackTraceElement[] stack = Stream.of(("jdk.internal.vm.Continuation java.lang.VirtualThread io.github.libco4j.Coroutine " + classes).split(" "))
                .map(name -> new StackTraceElement(name, "method", null, -1))
                .toList()
                .reversed()
                .toArray(new StackTraceElement[0]);
        assertThat(OwnCode.isIn(stack)).isEqualTo(is);
    }
}
