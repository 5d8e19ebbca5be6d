package io.github.libco4j.internal.doctor;

import io.github.libco4j.Coroutine;
import io.github.libco4j.Environment;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Generator;
import io.github.libco4j.internal.agent.Agent;
import io.github.libco4j.internal.interposition.IoInterposition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What must work for a loop to work, each tried on a loop of its own. Needs a JDK that is open to libco4j. */
final class Checks {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EventLoop loop;

    private Checks(EventLoop loop) {
        this.loop = loop;
    }

    /** Something that works or throws. */
    private interface Check {
        void run() throws Exception;
    }

    /** Tries everything and reports each; returns whether all works. */
    static boolean run(Report report) {
        EventLoop loop;
        try {
            loop = EventLoop.builder().name("doctor").daemon(true).start();
        } catch (RuntimeException | LinkageError e) {
            report.failed("start an event loop", e);
            return false;
        }
        Checks checks = new Checks(loop);
        boolean all = check(report, "run a coroutine", checks::runs);
        all &= check(report, "resume and yield", checks::resumes);
        all &= check(report, "park one and wake it from another thread", checks::parks);
        all &= check(report, "sleep", checks::sleeps);
        all &= check(report, "a socket round trip inside one loop", checks::connects);
        all &= check(report, "a generator", checks::generates);
        if (Agent.isPresent()) {
            all &= check(report, "give a coroutine an environment of its own", checks::hasEnvironment);
        }
        report.line("readiness", loop.statistics().readiness());
        report.hint(whyThisReadiness());
        all &= check(report, "close the loop", loop::close);
        return all;
    }

    private static String whyThisReadiness() {
        if ("jdk".equals(System.getProperty(IoInterposition.READINESS))) {
            return "-D" + IoInterposition.READINESS + "=jdk asks for the JDK's own pollers, on threads of their own.";
        }
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return "Loops have an epoll set of their own on Linux only; elsewhere the JDK's own pollers serve.";
        }
        if ("each-wait".equals(System.getProperty(IoInterposition.REGISTRATION))) {
            return "-D" + IoInterposition.REGISTRATION + "=each-wait asks for one registration for each wait.";
        }
        return IoInterposition.instance().registersOnce()
                ? "Each loop has an epoll set of its own, in which a descriptor is registered once."
                : "The code of sockets was compiled before the first loop was made, so descriptors are registered at each"
                        + " wait, at the price of a system call. Make a loop first.";
    }

    private static boolean check(Report report, String what, Check check) {
        try {
            check.run();
            report.ok(what);
            return true;
        } catch (Exception | LinkageError | AssertionError e) {
            report.failed(what, e);
            return false;
        }
    }

    /** Runs a body in a coroutine, and throws what it throws. */
    private void inCoroutine(Coroutine.Body body) throws Exception {
        Coroutine coroutine = loop.spawn("check", body);
        if (!coroutine.join(PATIENCE)) {
            throw new IllegalStateException("has not ended after " + PATIENCE.toSeconds() + " s: " + coroutine);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    private void runs() throws Exception {
        inCoroutine(() -> require(EventLoop.current() == loop, "it does not know its loop"));
    }

    private void resumes() throws Exception {
        inCoroutine(() -> {
            List<String> order = new ArrayList<>();
            Coroutine inner = loop.create(() -> {
                order.add("b");
                Coroutine.yield();
                order.add("d");
            });
            order.add("a");
            inner.resume();
            order.add("c");
            inner.resume();
            require(String.join("", order).equals("abcd"), "control went " + order);
        });
    }

    private void parks() throws Exception {
        CountDownLatch parks = new CountDownLatch(1);
        Coroutine coroutine = loop.spawn("parks", () -> {
            parks.countDown();
            LockSupport.park();
        });
        require(parks.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it did not start");
        LockSupport.unpark(coroutine.thread());
        require(coroutine.join(PATIENCE), "it was not woken");
    }

    private void sleeps() throws Exception {
        inCoroutine(() -> {
            long begin = System.nanoTime();
            Thread.sleep(2);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            require(millis >= 2 && millis < 1_000, "2 ms took " + millis + " ms");
        });
    }

    private void connects() throws Exception {
        inCoroutine(() -> {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                loop.spawn("client", () -> echo(server));
                try (var accepted = server.accept()) {
                    accepted.getOutputStream().write(accepted.getInputStream().read() + 1);
                    require(accepted.getInputStream().read() == -1, "the connection did not end");
                }
            }
        });
    }

    private static void echo(ServerSocket server) throws IOException {
        try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.getOutputStream().write(41);
            require(socket.getInputStream().read() == 42, "the wrong byte came back");
        }
    }

    private void hasEnvironment() throws Exception {
        String name = "LIBCO4J_DOCTOR";
        inCoroutine(() -> {
            Environment.set(name, "examined");
            Environment.setProperty(name, "examined");
            require("examined".equals(System.getenv(name)), "it does not see its variable");
            require("examined".equals(System.getProperty(name)), "it does not see its property");
        });
        require(System.getenv(name) == null, "another thread sees its variable");
    }

    private void generates() {
        int sum = 0;
        try (Generator<Integer> generator = Generator.of(Checks::oneTwoThree)) {
            for (int value : generator) {
                sum += value;
            }
        }
        require(sum == 6, "the sum of 1, 2 and 3 was " + sum);
    }

    private static void oneTwoThree(Generator.Yielder<Integer> values) {
        for (int i = 1; i <= 3; i++) {
            values.yield(i);
        }
    }
}
